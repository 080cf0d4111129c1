// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <string>

#include "audit/chain_reader.h"
#include "base/result.h"
#include "ledger/clear_rows.h"
#include "sync/device.h"
#include "sync/outbox.h"

namespace gatehouse::sync {

struct CutOptions {
    std::string auditorsPem;
    bool hasTexts = false;
    std::uint64_t spoolBytes = 0;            // no batch is begun while those that wait have this many bytes
    std::vector<ledger::ClearField> clear{}; // what the collector may read of each record
    std::uint64_t policySerial = 0;
    std::int64_t nowMs = 0;
    audit::ChainReader::Wanted wanted{}; // of one batch; hasTexts above counts
};

struct CutReport {
    std::uint64_t batches = 0;
    std::uint64_t records = 0;
    std::uint64_t left = 0;  // records that wait for room in the spool: they stay in the chain
    bool isDiverged = false; // the audit is not the one that was batched before: it was restored or replaced
};

// Cuts everything that the chain has behind the outbox's newest batch. A full spool is not an error: nothing is lost,
// the chain keeps every record. Neither is an audit that was set back: what it holds now goes out as it is, because it
// is for the collector to see that it does not continue what came before. Errors: those of the disk and of makeBatch.
[[nodiscard]] Result<CutReport> cut(audit::ChainReader& chain, Outbox& outbox, const Device& device,
                                    const CutOptions& options);

} // namespace gatehouse::sync
