// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <map>
#include <string>

#include "base/clock.h"
#include "providers/keys.h"
#include "secrets/secret_store.h"

namespace gatehouse::app {

// Provider keys out of the secret store. A key that was found is remembered for a minute and a miss for some seconds,
// so that requests do not wait for the keyring and `providers set-key` still takes effect without a restart. gw-io
// thread.
class SecretKeys final : public providers::Keys {
public:
    SecretKeys(secrets::SecretStore& store, const Clock& clock) : m_store(store), m_clock(clock) {}
    [[nodiscard]] Result<Redacted<std::string>> find(std::string_view keyName) override;

private:
    struct Remembered {
        Result<SecureBytes> value;
        MonotonicTime until;
    };
    secrets::SecretStore& m_store;
    const Clock& m_clock;
    std::map<std::string, Remembered, std::less<>> m_remembered;
};

} // namespace gatehouse::app
