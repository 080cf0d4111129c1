// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
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

// What records can be searched by; values are compared as they are.
enum class SearchField {
    person, // name
    signIn,
    group,
    process, // path of the program
    client,
    channel,
    direction,
    surface,
    site, // of the page, or of the destination
    provider,
    model,
    region,
    trust,
    policy,
    decision, // action word
    rule,
    outcome,
    kind,
    detector,
    findingClass,
    conversation,
    cache,
};
// "person", "sign-in", … "class", "conversation", "cache".
std::optional<SearchField> searchFieldFromWord(std::string_view word);

// All that is given must hold.
struct Query {
    std::size_t limit = 50;
    std::optional<std::string> interaction{}; // exact id
    std::optional<std::uint64_t> before{};    // sequence, for paging backwards
    std::vector<std::pair<SearchField, std::string>> where{};
    std::optional<std::int64_t> sinceMs{}; // Unix milliseconds, both included
    std::optional<std::int64_t> untilMs{};
    std::optional<std::string> text{}; // words and "phrases" in what left, as far as policy keeps it
};

class Reader {
public:
    virtual ~Reader() = default;
    // Newest first. Texts are left out; show() has them. invalidInput for a text without a word.
    [[nodiscard]] virtual Result<std::vector<AuditRecord>> list(const Query& query) = 0;
    // All records of one interaction (intent, outcome), oldest first, with their texts where policy kept them.
    [[nodiscard]] virtual Result<std::vector<AuditRecord>> show(const std::string& interaction) = 0;
};

} // namespace gatehouse::audit
