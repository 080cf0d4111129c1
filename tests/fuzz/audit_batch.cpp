// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <cstdint>
#include <cstdlib>

#include "ledger/batch.h"
#include "ledger/batch_body.h"
#include "ledger/clear_rows.h"
#include "ledger/receipt.h"

using namespace gatehouse;

namespace {

void require(bool holds) {
    if (!holds) {
        std::abort();
    }
}

bool isSame(ByteView a, ByteView b) {
    return std::equal(a.begin(), a.end(), b.begin(), b.end());
}

} // namespace

// The file, its header alone, the body inside of the seal, the clear part, and the receipt: whatever is read must be
// written again with the very same bytes.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    const ByteView bytes(data, size);
    if (const auto parts = ledger::readBatch(bytes)) {
        const Bytes again =
            ledger::writeBatch(parts->headerBytes, parts->publicKey, parts->signature, parts->sealed, parts->clear);
        require(isSame(again, bytes));
    }
    if (const auto header = ledger::decodeBatchHeader(bytes)) {
        require(isSame(ledger::encodeBatchHeader(*header), bytes));
    }
    if (const auto records = ledger::decodeBatchBody(bytes)) {
        require(isSame(ledger::encodeBatchBody(*records), bytes));
    }
    if (const auto rows = ledger::decodeClearRows(bytes, 1, 1000)) {
        require(isSame(ledger::encodeClearRows(*rows), bytes));
    }
    if (const auto receipt = ledger::readReceipt(bytes)) {
        require(isSame(ledger::writeReceipt(ledger::encodeReceipt(receipt->receipt), receipt->signature), bytes));
    }
    return 0;
}
