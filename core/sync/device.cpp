// SPDX-License-Identifier: Apache-2.0
#include "sync/device.h"

#include <algorithm>

#include "base/crypto.h"

namespace gatehouse::sync {
namespace {

constexpr std::string_view kKeyName = "device-key";
constexpr std::string_view kCertificateName = "device-certificate";
constexpr std::string_view kIdName = "device-id";

Result<cms::DeviceKey> obtainKey(secrets::SecretStore& store) {
    const auto kept = store.read(kKeyName);
    if (kept) {
        return cms::DeviceKey::fromPem(*kept);
    }
    if (kept.error().kind != ErrorKind::notFound) {
        return std::unexpected(kept.error());
    }
    GH_TRY(cms::DeviceKey fresh, cms::DeviceKey::generate());
    GH_TRY(const SecureBytes pem, fresh.pem());
    GH_CHECK(store.write(kKeyName, pem));
    return fresh;
}

Result<ledger::DeviceId> obtainId(secrets::SecretStore& store) {
    ledger::DeviceId id{};
    const auto kept = store.read(kIdName);
    if (kept) {
        const auto bytes = hexDecode(kept->text());
        if (!bytes || bytes->size() != id.size()) {
            return fail(ErrorKind::corrupt, "the device's name in the secret store is broken");
        }
        std::copy(bytes->begin(), bytes->end(), id.begin());
        return id;
    }
    if (kept.error().kind != ErrorKind::notFound) {
        return std::unexpected(kept.error());
    }
    fillRandom(id.data(), id.size());
    GH_CHECK(store.write(kIdName, SecureBytes(std::string_view(hexEncode(id)))));
    return id;
}

} // namespace

Result<Device> obtainDevice(secrets::SecretStore& store) {
    GH_TRY(const ledger::DeviceId id, obtainId(store));
    GH_TRY(cms::DeviceKey key, obtainKey(store));
    return Device{id, std::move(key)};
}

Result<std::string> readCertificate(secrets::SecretStore& store) {
    GH_TRY(const SecureBytes pem, store.read(kCertificateName));
    return std::string(pem.text());
}

Result<> keepCertificate(secrets::SecretStore& store, const Device& device, std::string_view pem) {
    GH_TRY(const cms::CertificateFacts facts, cms::readCertificateFacts(pem));
    if (facts.publicKey != device.key.publicKey()) {
        return fail(ErrorKind::invalidInput, "the certificate is for another key than this device's");
    }
    if (facts.commonName != hexEncode(device.id)) {
        return fail(ErrorKind::invalidInput,
                    "the certificate's common name is not this device's: it must be " + hexEncode(device.id));
    }
    return store.write(kCertificateName, SecureBytes(pem));
}

} // namespace gatehouse::sync
