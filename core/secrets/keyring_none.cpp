// SPDX-License-Identifier: Apache-2.0
#include "secrets/backends.h"

// For systems whose keyring is not supported yet: the same answers as a session without a keyring.
namespace gatehouse::secrets {
namespace {

class NoKeyring final : public SecretStore {
public:
    Result<SecureBytes> read(std::string_view /*name*/) override { return refuse(); }
    Result<> write(std::string_view /*name*/, const SecureBytes& /*value*/) override { return refuse(); }
    Result<> remove(std::string_view /*name*/) override { return refuse(); }
    [[nodiscard]] KeyProtection protection() const override { return KeyProtection::keyring; }

private:
    static std::unexpected<Error> refuse() {
        return fail(ErrorKind::unavailable, "secrets: this build has no keyring support");
    }
};

} // namespace

std::unique_ptr<SecretStore> makeKeyringStore(std::string /*storeId*/, std::chrono::seconds /*timeOut*/) {
    return std::make_unique<NoKeyring>();
}

Result<> probeKeyring(const std::string& /*storeId*/, std::chrono::seconds /*timeOut*/) {
    return fail(ErrorKind::notFound, "secrets: this build has no keyring support");
}

} // namespace gatehouse::secrets
