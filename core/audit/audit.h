// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "base/async.h"
#include "base/result.h"
#include "types/record.h"

// The encrypted, hash-chained record of every interaction. One thread ("store") owns the one writing connection and
// commits groups; readers have their own. Record form: docs/formats/audit-record.md.
namespace gatehouse::audit {

// What a commit outlives. strict: the end of power (fdatasync before it counts). balanced: the end of the process,
// however it ends; the last second before a power cut may be lost.
enum class Durability { strict, balanced };

class Writer {
public:
    virtual ~Writer() = default;
    // Commits an intent; resumes on the awaiting executor when it is durable. denied when the store is not open
    // (locked, damaged), unavailable when it cannot be written now (a full disk): then nothing may leave. Gives the
    // record's sequence number; zero when it has none yet, as most have not: they are durable in the journal first.
    [[nodiscard]] virtual Task<Result<std::uint64_t>> commit(AuditRecord record, Durability durability) = 0;
    // Puts an outcome or event into the queue; never blocks and needs no awaiting scope, so that it may run from
    // destructors. limit when the queue (4,096) is full; the loss is counted and recorded as an event.
    virtual Result<> enqueue(AuditRecord record) = 0;
    // True when the store has its key and takes records.
    [[nodiscard]] virtual bool isReady() const = 0;
    // Waits until everything that was queued is committed; for shutdown and tests. Blocks the caller.
    virtual void flush() = 0;
};

struct Query {
    std::size_t limit = 50;
    std::optional<std::string> interaction{}; // exact id
    std::optional<std::uint64_t> before{};    // sequence, for paging backwards
};

class Reader {
public:
    virtual ~Reader() = default;
    // Newest first. Texts are left out; show() has them.
    [[nodiscard]] virtual Result<std::vector<AuditRecord>> list(const Query& query) = 0;
    // All records of one interaction (intent, outcome), oldest first, with their texts where policy kept them.
    [[nodiscard]] virtual Result<std::vector<AuditRecord>> show(const std::string& interaction) = 0;
};

} // namespace gatehouse::audit
