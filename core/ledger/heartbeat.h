// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "base/bytes.h"
#include "base/crypto.h"
#include "base/result.h"
#include "ledger/batch.h"

// What a device says of itself about once a minute, signed: how far its chain is, so that records which were made and
// destroyed between two batches show as well. Format: docs/formats/audit-batch.md, "Heartbeats".
namespace gatehouse::ledger {

struct Heartbeat {
    DeviceId device{};
    Sha256Digest key{}; // SHA-256 of the public key that the signature is by
    Head head;          // of the chain; sequence 0 while it has no record
    std::int64_t madeMs = 0;
    std::uint64_t policySerial = 0;
    std::uint64_t waiting = 0; // batches
    std::string version;       // of the agent
    std::string keyProtection; // "keyring", "file"
    std::string state;         // of the audit's way to the collector, as `gatehousectl status` says it
    friend bool operator==(const Heartbeat&, const Heartbeat&) = default;
};

inline constexpr std::size_t kMaxHeartbeat = 4096; // bytes with key and signature
inline constexpr std::size_t kMaxHeartbeatText = 64;

Bytes encodeHeartbeat(const Heartbeat& heartbeat);
// corrupt for every byte string that encodeHeartbeat would not have produced, and for texts above 64 bytes.
[[nodiscard]] Result<Heartbeat> decodeHeartbeat(ByteView bytes);
// "gatehouse/heartbeat/v1" ‖ 0x00 ‖ heartbeat: what the device signs.
Bytes heartbeatSigningInput(ByteView heartbeat);

// Views into the bytes it was read from.
struct HeartbeatParts {
    Heartbeat heartbeat;
    ByteView bytes;
    ByteView publicKey;
    ByteView signature;
};
Bytes writeHeartbeat(ByteView heartbeat, ByteView publicKey, ByteView signature);
// Checks the form, and that the public key is the one that the heartbeat names. The signature is for the caller to
// check. corrupt, or limit above 4 KiB.
[[nodiscard]] Result<HeartbeatParts> readHeartbeat(ByteView bytes);

} // namespace gatehouse::ledger
