// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "base/result.h"
#include "ledger/chain.h"
#include "secrets/secret_store.h"

namespace gatehouse::audit {

struct VerifyReport {
    struct Mark {
        std::uint64_t sequence = 0;
        std::string event; // as in start_check.h
        std::string detail;
    };
    std::uint64_t records = 0; // that were found good
    std::uint64_t erased = 0;  // texts that are gone, and a record says that they were erased
    ledger::Head head;
    std::optional<ledger::ChainFault> fault; // the first bad record
    std::vector<Mark> breaches;              // records in which the agent itself noted that the chain is incomplete
    [[nodiscard]] bool isIntact() const { return !fault && breaches.empty(); }
};

// Walks the whole chain of a data folder: each record's form, number, predecessor and hash, each kept text against its
// commitment, each missing one against the records about erasures, and the remembered head. Works beside a running
// agent. Errors: notFound (no database), unavailable (locked).
[[nodiscard]] Result<VerifyReport> verifyAudit(const std::string& dataFolder, secrets::SecretStore& secrets);

} // namespace gatehouse::audit
