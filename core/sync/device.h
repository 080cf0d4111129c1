// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <string_view>

#include "base/result.h"
#include "cms/device_key.h"
#include "ledger/batch.h"
#include "secrets/secret_store.h"

namespace gatehouse::sync {

// Who this device is towards auditors and the collector: a random name, and the key that signs its batches.
struct Device {
    ledger::DeviceId id{};
    cms::DeviceKey key;
};

// Both are kept in the secret store ("device-id", "device-key") and made at the first call. unavailable when the store
// is locked: never a second device because the first could not be read. May block for the keyring.
[[nodiscard]] Result<Device> obtainDevice(secrets::SecretStore& store);

// The certificate by which the collector knows this device ("device-certificate"), PEM, with intermediate ones.
// readCertificate: notFound when there is none. keepCertificate: invalidInput when it is not for this device's key and
// name.
[[nodiscard]] Result<std::string> readCertificate(secrets::SecretStore& store);
[[nodiscard]] Result<> keepCertificate(secrets::SecretStore& store, const Device& device, std::string_view pem);

} // namespace gatehouse::sync
