// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>

#include "base/clock.h"
#include "cms/device_key.h"
#include "database/connection.h"
#include "ledger/batch.h"

namespace gatehouse::collector {

// Who sends, by its certificate.
struct Sender {
    ledger::DeviceId device{};
    Bytes publicKey;
    Bytes serial;        // of the certificate
    WallTime notAfter{}; // of the certificate
};

enum class Verdict {
    stored,     // durable now
    duplicate,  // was there already: the receipt is the one that was given then
    gap,        // does not follow: the sender is to go on behind `head`
    fork,       // another batch with these records is there, or it does not continue the head
    rollback,   // begins in the middle of what is there
    revoked,    // the device may not send any more
    unknownKey, // signed by a key that this device never showed
};

struct Answer {
    Verdict verdict = Verdict::gap;
    Bytes receipt;     // of stored and duplicate
    ledger::Head head; // of the chain as it is kept, for the others
    bool isNewAlarm = false;
};

// Takes one batch, whose signature was checked, in one serialisable transaction: it is kept if and only if it continues
// the head of its chain. What contradicts the chain is kept as evidence (a hundred of each device) and raises an alarm,
// once. Tries again when another transaction was quicker. Errors: unavailable and internal; then nothing was kept.
[[nodiscard]] Result<Answer> ingest(Connection& connection, const Sender& sender, const ledger::BatchParts& batch,
                                    ByteView content, const cms::DeviceKey& receiptKey, std::int64_t nowMs);

// The head of a chain as it is kept; sequence 0 when nothing is.
[[nodiscard]] Result<ledger::Head> headOf(Connection& connection, const ledger::DeviceId& device,
                                          const ledger::ChainId& chain);

} // namespace gatehouse::collector
