// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <functional>
#include <string>

#include "sync/collector_link.h"
#include "sync/cutter.h"

namespace gatehouse::sync {

enum class SyncState {
    off,         // the policy names no collector
    notEnrolled, // no certificate yet, or the collector refuses it
    upToDate,    // everything that is cut has arrived
    waiting,     // the collector cannot be reached now; it will be tried again
    conflict,    // the collector holds another history of this chain: somebody must look
    failed,      // here: the outbox or the audit cannot be read
};
std::string_view syncStateWord(SyncState state);

struct DeliveryReport {
    SyncState state = SyncState::upToDate;
    std::string problem;         // a sentence for people; empty when all is well
    std::uint64_t delivered = 0; // up to this record
    std::uint64_t waiting = 0;   // batches
    int retryAfterSeconds = 0;   // what the collector asked for
    std::uint64_t logSize = 0;   // of the collector's log, as far as it was checked
    std::uint64_t unproven = 0;  // receipts that are not proven to be in it
};

// Gets the bytes of each receipt (without the signature) before its batch is let go; an error ends the round.
using KeepReceipt = std::function<Result<>(ByteView receipt)>;

// One round: cuts what is new and sends what waits, oldest first, one at a time, until nothing waits or something is in
// the way. A receipt is checked (with `receiptKeyPem`, where there is one) before a batch is let go. Where the
// collector says that batches are missing, or nothing is remembered here, goes on from the collector's head, if our
// chain has it.
[[nodiscard]] DeliveryReport deliver(audit::ChainReader& chain, Outbox& outbox, const Device& device,
                                     const CutOptions& options, const std::string& receiptKeyPem, CollectorLink& link,
                                     const KeepReceipt& keepReceipt = {});

} // namespace gatehouse::sync
