// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <cstdint>
#include <optional>

#include "base/bytes.h"
#include "base/crypto.h"
#include "base/result.h"
#include "ledger/chain.h"

// A batch: consecutive records of one chain on their way to the collector or, in a file, to an auditor. A header that
// the device signs says which records they are; the records themselves are sealed to the auditors. Whoever has no key
// can still check that the batches of a chain follow each other. Pure functions, any thread. Format:
// docs/formats/audit-batch.md.
namespace gatehouse::ledger {

using DeviceId = std::array<std::uint8_t, 16>;

inline constexpr std::size_t kMaxBatchFile = 14UL * 1024UL * 1024UL;

struct BatchHeader {
    DeviceId device{};
    Sha256Digest key{}; // SHA-256 of the public key that the signature is by
    ChainId chain{};
    std::uint64_t from = 0; // the first record's number
    std::uint64_t to = 0;   // the last record's
    Sha256Digest before{};  // hash of the record before the first; all zero at the begin of the chain
    Sha256Digest head{};    // hash of the last record
    Sha256Digest root{};    // Merkle root over the records' hashes
    Sha256Digest sealedHash{};
    std::uint64_t sealedBytes = 0;
    std::int64_t madeMs = 0;                 // Unix milliseconds, the device's clock
    std::uint64_t policySerial = 0;          // that held when the batch was cut
    std::optional<Sha256Digest> lastReceipt; // hash of the newest receipt that the device holds
    std::optional<Sha256Digest> clearHash;   // of the clear part (clear_rows.h); none: there is none
    friend bool operator==(const BatchHeader&, const BatchHeader&) = default;
};

Bytes encodeBatchHeader(const BatchHeader& header);
// corrupt for every byte string that encodeBatchHeader would not have produced, and for numbers that make no span.
[[nodiscard]] Result<BatchHeader> decodeBatchHeader(ByteView bytes);
// "gatehouse/batch/v1" ‖ 0x00 ‖ header: what the device signs.
Bytes batchSigningInput(ByteView header);
// SHA-256 of the signing input: the batch's name.
Sha256Digest hashBatch(ByteView header);

// The parts of a batch file; views into the bytes it was read from.
struct BatchParts {
    BatchHeader header;
    ByteView headerBytes;
    ByteView publicKey;
    ByteView signature;
    ByteView clear; // empty: none
    ByteView sealed;
};

// `clear` is what the header's clearHash is of; empty when it has none.
Bytes writeBatch(ByteView header, ByteView publicKey, ByteView signature, ByteView sealed, ByteView clear = {});
// Checks the form, that the public key has the hash which the header names, and that the sealed part is the one which
// was signed. The signature is for the caller to check, before anything else is done: cms::verifySignature(publicKey,
// batchSigningInput(headerBytes), signature). corrupt, or limit above 14 MiB.
[[nodiscard]] Result<BatchParts> readBatch(ByteView bytes);

} // namespace gatehouse::ledger
