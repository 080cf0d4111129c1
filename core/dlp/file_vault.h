// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <map>
#include <memory>
#include <string>
#include <vector>

#include "base/result.h"
#include "base/secure_bytes.h"
#include "dlp/vault.h"

namespace gatehouse::dlp {

// A vault in memory. The tests use it, and FileVault loads and stores it.
class MemoryVault : public Vault {
public:
    [[nodiscard]] Result<std::uint32_t> assign(std::string_view conversation, std::string_view label,
                                               std::string_view value) override;
    [[nodiscard]] Result<SecureBytes> find(std::string_view conversation, std::string_view label,
                                           std::uint32_t number) override;

protected:
    // Values by "conversation\nlabel", in the order of their numbers.
    std::map<std::string, std::vector<std::string>, std::less<>> m_values;
};

// A vault in one file for `gatehousectl redact|restore`: JSON sealed with AES-256-GCM. Its key lies beside it in
// <file>.key (0600): who can read both can read the values; the file alone can be kept with the redacted text.
class FileVault final : public MemoryVault {
public:
    // Opens, or begins a new one where no file is. corrupt when file and key do not belong together.
    [[nodiscard]] static Result<std::unique_ptr<FileVault>> open(const std::string& path);
    // Writes it back, atomically.
    [[nodiscard]] Result<> save() const;

private:
    FileVault(std::string path, SecureBytes key) : m_path(std::move(path)), m_key(std::move(key)) {}
    std::string m_path;
    SecureBytes m_key;
};

} // namespace gatehouse::dlp
