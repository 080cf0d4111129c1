// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <string>

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

// Where the whole file is to lie.
enum class Place {
    database,
    objects, // it is durable there already, under objectName()
    missing, // it should be there and is not: then it is not taken
};
struct Content {
    ByteView bytes;
    Place place = Place::database;
};

// Of a batch in the object store: one name for each batch, so that nothing is ever written over.
std::string objectName(const ledger::BatchParts& batch);

// Takes one batch, whose signature was checked, in one serialisable transaction: it is kept if and only if it continues
// the head of its chain. What contradicts the chain is kept as evidence (a hundred of each device) and raises an alarm,
// once. Tries again when another transaction was quicker. Errors: unavailable and internal; then nothing was kept.
[[nodiscard]] Result<Answer> ingest(Connection& connection, const Sender& sender, const ledger::BatchParts& batch,
                                    const Content& content, const cms::DeviceKey& receiptKey, std::int64_t nowMs);

// Whether ingest() would probably take it as something new. Asks once, without a transaction.
[[nodiscard]] Result<bool> isExpected(Connection& connection, const ledger::BatchHeader& header);

// The head of a chain as it is kept; sequence 0 when nothing is.
[[nodiscard]] Result<ledger::Head> headOf(Connection& connection, const ledger::DeviceId& device,
                                          const ledger::ChainId& chain);

} // namespace gatehouse::collector
