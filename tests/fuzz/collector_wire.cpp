// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <cstdint>
#include <cstdlib>

#include "cms/authority.h"
#include "cms/device_key.h"
#include "cms/signed_note.h"
#include "ledger/checkpoint.h"
#include "ledger/heartbeat.h"

using namespace gatehouse;

namespace {

void require(bool holds) {
    if (!holds) {
        std::abort();
    }
}

// Of the published example that tests/corpora has.
constexpr std::string_view kKey = "PeterNeumann+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW";

} // namespace

// What a collector and a device send each other besides batches: heartbeats, requests for certificates, checkpoints.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    const ByteView bytes(data, size);
    const std::string_view text = textOf(bytes);
    if (const auto parts = ledger::readHeartbeat(bytes)) {
        const Bytes again =
            ledger::writeHeartbeat(ledger::encodeHeartbeat(parts->heartbeat), parts->publicKey, parts->signature);
        require(std::ranges::equal(again, bytes));
    }
    if (const auto checkpoint = ledger::readCheckpoint(text)) {
        const std::string again = ledger::writeCheckpoint(*checkpoint);
        require(text.starts_with(again)); // what follows are extensions
    }
    static const auto key = cms::readVerifierKey(kKey);
    if (const auto note = cms::openNote(text, *key)) {
        require(note->ends_with('\n') && text.starts_with(*note));
    }
    if (const auto own = cms::readVerifierKey(text)) {
        require(own->publicKey.size() == 32);
    }
    if (const auto request = cms::readCertificateRequest(text)) {
        require(cms::canSign(request->publicKey));
    }
    return 0;
}
