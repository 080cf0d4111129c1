// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <functional>
#include <string>
#include <string_view>

#include "base/clock.h"
#include "base/result.h"
#include "base/secure_bytes.h"
#include "secrets/secret_store.h"

// A new key for the database, by writing everything into a new file: an interrupted change leaves either the old file
// with the old key or the new file with the new key, and the next start tidies up. Steps and files:
// docs/formats/database.md.
namespace gatehouse::audit {

struct RotationReport {
    std::string oldKey; // databaseKeyId
    std::string newKey;
    std::uint64_t records = 0;
};

// For tests: called after each step that a crash could follow; false ends the rotation there as a crash would.
using RotationProbe = std::function<bool(std::string_view step)>;

// conflict while an agent runs; notFound, unavailable as for openAuditReader; corrupt when the chain does not verify
// (then nothing is changed).
[[nodiscard]] Result<RotationReport> rotateKey(const std::string& dataFolder, secrets::SecretStore& secrets,
                                               const Clock& clock, const RotationProbe& probe = {});

// Ends a rotation that was interrupted: forward when the new file was complete, else back. Nothing to do is fine. The
// caller holds the folder's lock.
[[nodiscard]] Result<> finishRotation(const std::string& folder, secrets::SecretStore& secrets);

// The key of an existing database, for readers without the lock. An interrupted rotation is ended first; unavailable
// while one runs.
[[nodiscard]] Result<SecureBytes> keyForReading(const std::string& folder, secrets::SecretStore& secrets);

} // namespace gatehouse::audit
