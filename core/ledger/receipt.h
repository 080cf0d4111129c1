// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>

#include "base/bytes.h"
#include "base/crypto.h"
#include "base/result.h"
#include "ledger/batch.h"

// What the collector answers once a batch is durable there: a signed note of which records of which chain it holds.
// The same batch always gets the same bytes. Format: docs/formats/audit-batch.md, "Receipts".
namespace gatehouse::ledger {

struct Receipt {
    DeviceId device{};
    ChainId chain{};
    std::uint64_t from = 0;
    std::uint64_t to = 0;
    Sha256Digest head{};         // hash of the record `to`
    Sha256Digest batch{};        // hashBatch() of the header that was stored
    std::int64_t receivedMs = 0; // Unix milliseconds, the collector's clock
    friend bool operator==(const Receipt&, const Receipt&) = default;
};

inline constexpr std::size_t kMaxReceipt = 2048; // bytes of a receipt with its signature

Bytes encodeReceipt(const Receipt& receipt);
[[nodiscard]] Result<Receipt> decodeReceipt(ByteView bytes);
// "gatehouse/receipt/v1" ‖ 0x00 ‖ receipt: what the collector signs.
Bytes receiptSigningInput(ByteView receipt);

struct SignedReceipt {
    Receipt receipt;
    Bytes bytes;
    Bytes signature;
};

Bytes writeReceipt(ByteView receipt, ByteView signature);
// Checks the form only; the signature is for the caller to check with the collector's key.
[[nodiscard]] Result<SignedReceipt> readReceipt(ByteView bytes);

} // namespace gatehouse::ledger
