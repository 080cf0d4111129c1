// SPDX-License-Identifier: Apache-2.0
#include "dlp/file_vault.h"

#include <algorithm>
#include <cerrno>
#include <cstdio>
#include <filesystem>
#include <fstream>

#include <fcntl.h>
#include <unistd.h>

#include "base/crypto.h"
#include "base/json.h"

namespace gatehouse::dlp {
namespace {

constexpr std::string_view kAssociated = "gatehouse/vault-file/v1";
constexpr std::size_t kMaxBytes = 64UL * 1024UL * 1024UL;

std::string keyOf(std::string_view conversation, std::string_view label) {
    return std::string(conversation) + '\n' + std::string(label);
}

Result<Bytes> readAll(const std::string& path) {
    std::ifstream in(path, std::ios::binary);
    if (!in) {
        return fail(ErrorKind::notFound, "no such file");
    }
    Bytes bytes((std::istreambuf_iterator<char>(in)), std::istreambuf_iterator<char>());
    if (bytes.size() > kMaxBytes) {
        return fail(ErrorKind::limit, "a vault file above 64 MiB");
    }
    return bytes;
}

// Writes beside the file, syncs and renames: a crash leaves the old file or the new one.
Result<> writeAll(const std::string& path, ByteView bytes) {
    const std::string temporary = path + ".new";
    unlink(temporary.c_str());
    const int file = ::open(temporary.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0600);
    if (file < 0) {
        return fail(ErrorKind::unavailable, "the vault's folder cannot be written", errno);
    }
    std::size_t done = 0;
    while (done < bytes.size()) {
        const ssize_t written = ::write(file, bytes.data() + done, bytes.size() - done);
        if (written <= 0) {
            const int error = errno;
            ::close(file);
            unlink(temporary.c_str());
            return fail(ErrorKind::unavailable, "the vault cannot be written", error);
        }
        done += static_cast<std::size_t>(written);
    }
    const bool isSafe = ::fsync(file) == 0;
    ::close(file);
    if (!isSafe || std::rename(temporary.c_str(), path.c_str()) != 0) {
        return fail(ErrorKind::unavailable, "the vault cannot be written", errno);
    }
    return {};
}

} // namespace

Result<std::uint32_t> MemoryVault::assign(std::string_view conversation, std::string_view label,
                                          std::string_view value) {
    std::vector<std::string>& values = m_values[keyOf(conversation, label)];
    const auto found = std::find(values.begin(), values.end(), value);
    if (found != values.end()) {
        return static_cast<std::uint32_t>(found - values.begin()) + 1;
    }
    values.emplace_back(value);
    return static_cast<std::uint32_t>(values.size());
}

Result<SecureBytes> MemoryVault::find(std::string_view conversation, std::string_view label, std::uint32_t number) {
    const auto values = m_values.find(keyOf(conversation, label));
    if (values == m_values.end() || number == 0 || number > values->second.size()) {
        return fail(ErrorKind::notFound, "no such placeholder in this conversation");
    }
    return SecureBytes(std::string_view(values->second[number - 1]));
}

Result<std::unique_ptr<FileVault>> FileVault::open(const std::string& path) {
    const std::string keyPath = path + ".key";
    const auto stored = readAll(path);
    const auto storedKey = readAll(keyPath);
    if (!stored && stored.error().kind == ErrorKind::notFound && !storedKey) {
        const SecureBytes key(randomBytes(32));
        GH_CHECK(writeAll(keyPath, key.view()));
        return std::unique_ptr<FileVault>(new FileVault(path, key));
    }
    if (!storedKey || storedKey->size() != 32) {
        return fail(ErrorKind::corrupt, "the vault's key file is missing or damaged");
    }
    auto vault = std::unique_ptr<FileVault>(new FileVault(path, SecureBytes(ByteView(*storedKey))));
    if (!stored) {
        return vault;
    }
    GH_TRY(const SecureBytes plain, aeadOpen(vault->m_key, *stored, bytesOf(kAssociated)));
    JsonLimits limits;
    limits.maxBytes = kMaxBytes;
    GH_TRY(const Json json, parseJson(plain.text(), limits));
    for (const auto& [key, values] : json.items()) {
        for (const Json& value : values) {
            if (!value.is_string()) {
                return fail(ErrorKind::corrupt, "the vault has not the form that we write");
            }
            vault->m_values[key].push_back(value.get<std::string>());
        }
    }
    return vault;
}

Result<> FileVault::save() const {
    const Json json(m_values);
    GH_TRY(const Bytes sealed, aeadSeal(m_key, bytesOf(dumpJson(json)), bytesOf(kAssociated)));
    return writeAll(m_path, sealed);
}

} // namespace gatehouse::dlp
