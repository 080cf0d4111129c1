// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "database/ingest.h"
#include "ledger/heartbeat.h"

namespace gatehouse::collector {

enum class HeartbeatVerdict {
    taken,
    rollback,   // taken; the chain is behind what this device showed before: an alarm
    fork,       // taken; another record stands where the chain was: an alarm
    revoked,    // the device may not send any more
    unknownKey, // signed by a key that this device never showed
};

struct HeartbeatAnswer {
    HeartbeatVerdict verdict = HeartbeatVerdict::taken;
    bool isNewAlarm = false;
};

// Keeps what the device says of itself, whose signature was checked, and compares its head with the farthest that it
// showed before, in a heartbeat or in a batch. An alarm is raised once for each place that a chain fell behind. Errors:
// unavailable and internal.
[[nodiscard]] Result<HeartbeatAnswer> takeHeartbeat(Connection& connection, const Sender& sender,
                                                    const ledger::HeartbeatParts& parts, ByteView content);

} // namespace gatehouse::collector
