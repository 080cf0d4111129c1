// SPDX-License-Identifier: Apache-2.0
#include <mutex>
#include <utility>

#include "base/crypto.h"
#include "platform/secure_file.h"
#include "secrets/backends.h"

namespace gatehouse::secrets {
namespace {

constexpr std::size_t kKeyBytes = 32;
constexpr std::size_t kSealedCap = kMaxSecretBytes + 64;

class KeyFileStore final : public SecretStore {
public:
    explicit KeyFileStore(std::string folder) : m_folder(std::move(folder)) {}

    Result<SecureBytes> read(std::string_view name) override {
        const std::scoped_lock lock(m_mutex);
        return readLocked(name);
    }

    Result<> write(std::string_view name, const SecureBytes& value) override {
        const std::scoped_lock lock(m_mutex);
        if (!isSecretName(name)) {
            return fail(ErrorKind::invalidInput, "secrets: bad name");
        }
        if (value.size() > kMaxSecretBytes) {
            return fail(ErrorKind::limit, "secrets: a secret is above 64 KiB");
        }
        GH_CHECK(platform::ensurePrivateFolder(m_folder));
        GH_TRY(const SecureBytes key, keyForWriting());
        GH_TRY(const Bytes sealed, aeadSeal(key, value.view(), bytesOf(name)));
        GH_CHECK(platform::writePrivateFile(pathOf(name), sealed));
        GH_TRY(const SecureBytes back, readLocked(name));
        if (!constantTimeEqual(back.view(), value.view())) {
            return fail(ErrorKind::unavailable, "secrets: what was written could not be read back");
        }
        return {};
    }

    Result<> remove(std::string_view name) override {
        const std::scoped_lock lock(m_mutex);
        if (!isSecretName(name)) {
            return fail(ErrorKind::invalidInput, "secrets: bad name");
        }
        return platform::removeFile(pathOf(name));
    }

    [[nodiscard]] KeyProtection protection() const override { return KeyProtection::file; }

private:
    [[nodiscard]] std::string pathOf(std::string_view name) const {
        return m_folder + "/" + std::string(name) + ".sealed";
    }

    Result<SecureBytes> readLocked(std::string_view name) {
        if (!isSecretName(name)) {
            return fail(ErrorKind::invalidInput, "secrets: bad name");
        }
        const auto sealed = platform::readPrivateFile(pathOf(name), kSealedCap);
        if (!sealed) {
            // notFound alone may lead to a new key; a file that is there but cannot be read must not.
            const bool isAbsent = sealed.error().kind == ErrorKind::notFound;
            return fail(isAbsent ? ErrorKind::notFound : ErrorKind::unavailable, sealed.error().what,
                        sealed.error().native);
        }
        auto key = readKey();
        if (!key) {
            return fail(ErrorKind::unavailable, "secrets: the key file cannot be used: " + key.error().what);
        }
        auto value = aeadOpen(*key, sealed->view(), bytesOf(name));
        if (!value) {
            return fail(ErrorKind::unavailable, "secrets: a sealed file does not fit the key file");
        }
        return value;
    }

    Result<SecureBytes> readKey() {
        GH_TRY(SecureBytes key, platform::readPrivateFile(m_folder + "/key", kKeyBytes));
        if (key.size() != kKeyBytes) {
            return fail(ErrorKind::corrupt, "secrets: the key file does not hold 32 bytes");
        }
        return key;
    }

    Result<SecureBytes> keyForWriting() {
        auto key = readKey();
        if (key || key.error().kind != ErrorKind::notFound) {
            return key;
        }
        const SecureBytes fresh(randomBytes(kKeyBytes));
        GH_CHECK(platform::writePrivateFile(m_folder + "/key", fresh.view()));
        return readKey();
    }

    std::string m_folder;
    std::mutex m_mutex;
};

} // namespace

std::unique_ptr<SecretStore> makeKeyFileStore(std::string folder) {
    return std::make_unique<KeyFileStore>(std::move(folder));
}

} // namespace gatehouse::secrets
