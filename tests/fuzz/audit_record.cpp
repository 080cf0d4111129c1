// SPDX-License-Identifier: Apache-2.0
#include <cstdint>
#include <cstdlib>

#include "ledger/chain.h"
#include "ledger/content.h"
#include "ledger/record_codec.h"

using namespace gatehouse;

// Whatever decodes must encode to the very same bytes: one record, one encoding.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    const ByteView bytes(data, size);
    if (const auto entry = ledger::decodeEntry(bytes)) {
        if (ledger::encodeEntry(*entry) != Bytes(bytes.begin(), bytes.end())) {
            std::abort();
        }
    }
    if (const auto content = ledger::decodeContent(bytes)) {
        if (ledger::encodeContent(*content) != Bytes(bytes.begin(), bytes.end())) {
            std::abort();
        }
    }
    ledger::ChainVerifier verifier;
    static_cast<void>(verifier.feed(bytes, 1, ledger::hashEntry(bytes)));
    return 0;
}
