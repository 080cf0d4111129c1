// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <cstdint>
#include <optional>

#include "base/bytes.h"
#include "base/crypto.h"
#include "base/result.h"
#include "types/record.h"

// The canonical bytes of one audit record and its hash: what the chain is made of, what a second implementation must
// produce bit for bit. Pure functions, any thread. Format: docs/formats/audit-record.md.
namespace gatehouse::ledger {

using ChainId = std::array<std::uint8_t, 16>;
using Commitment = std::optional<Sha256Digest>; // see ledger/content.h

// A record as it is chained. The texts, hashes of texts and the justification of `record` are not encoded: the
// commitments stand for them.
struct Entry {
    ChainId chain{};
    Sha256Digest previous{};       // hash of the record before; all zero for the first
    std::uint64_t monotonicMs = 0; // of the machine's monotonic clock, comparable within one boot
    std::array<std::uint8_t, 16> bootId{};
    AuditRecord record;
    Commitment original;
    Commitment sanitised;
    Commitment justification;
};

inline constexpr std::size_t kMaxRecordBytes = 256UL * 1024UL;
// More are left to a further record, so that one always fits.
inline constexpr std::size_t kMaxErasedRanges = 8192;

// Always succeeds; the caller keeps the record small (clipRecord).
Bytes encodeEntry(const Entry& entry);
// The same with `body` in the place of link.record, of which only the sequence counts: spares copying large texts.
Bytes encodeEntry(const Entry& link, const AuditRecord& body);
// Refuses (corrupt) every byte string that encodeEntry would not have produced, and (limit) what is above 256 KiB.
[[nodiscard]] Result<Entry> decodeEntry(ByteView bytes);
// SHA-256(0x00 ‖ "gatehouse/record/v1" ‖ 0x00 ‖ bytes).
Sha256Digest hashEntry(ByteView bytes);

// Cuts texts to 1,024 bytes (at a UTF-8 boundary) and lists to 64 items, so that no client can make a record that does
// not fit: a record that is refused would be a request without a trace.
void clipRecord(AuditRecord& record);

} // namespace gatehouse::ledger
