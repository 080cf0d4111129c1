// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "base/result.h"
#include "ledger/batch_body.h"
#include "ledger/chain.h"
#include "secrets/secret_store.h"

namespace gatehouse::audit {

// Reads pieces of the chain for those who send it on, on a connection of its own, beside a running agent. What it gives
// was not checked: whoever seals it walks it first. One thread at a time; blocks for the disk.
class ChainReader {
public:
    // Errors: notFound (no database), unavailable (locked).
    [[nodiscard]] static Result<std::unique_ptr<ChainReader>> open(const std::string& dataFolder,
                                                                   secrets::SecretStore& secrets);
    virtual ~ChainReader() = default;

    struct Wanted {
        std::size_t records = 1000;
        std::size_t bytes = 1024UL * 1024UL;         // reading stops with the record that reaches it
        std::size_t textBytes = 2UL * 1024UL * 1024; // of one record; texts that are larger together stay here
        bool hasTexts = false;
    };
    // The records behind `sequence`, oldest first; none when there are no newer ones.
    [[nodiscard]] virtual Result<std::vector<ledger::BatchRecord>> after(std::uint64_t sequence,
                                                                         const Wanted& wanted) = 0;
    // The chain up to a record: its hash as it was kept. notFound when there is no such record; for 0 the begin of the
    // chain, notFound when it has no record at all.
    [[nodiscard]] virtual Result<ledger::Head> headAt(std::uint64_t sequence) = 0;
    // Number of the newest record; 0 when there is none.
    [[nodiscard]] virtual Result<std::uint64_t> newest() = 0;
};

} // namespace gatehouse::audit
