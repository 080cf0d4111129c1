// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <map>
#include <string>

#include "secrets/secret_store.h"

namespace gatehouse::test {

// Secrets in memory.
class FakeSecrets final : public secrets::SecretStore {
public:
    Result<SecureBytes> read(std::string_view name) override {
        const auto found = kept.find(std::string(name));
        return found == kept.end() ? fail(ErrorKind::notFound, "not there")
                                   : Result<SecureBytes>(SecureBytes(std::string_view(found->second)));
    }
    Result<> write(std::string_view name, const SecureBytes& value) override {
        kept[std::string(name)] = std::string(value.text());
        return {};
    }
    Result<> remove(std::string_view name) override {
        kept.erase(std::string(name));
        return {};
    }
    [[nodiscard]] secrets::KeyProtection protection() const override { return secrets::KeyProtection::file; }

    std::map<std::string, std::string> kept;
};

} // namespace gatehouse::test
