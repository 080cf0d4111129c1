// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "audit/record_log.h"
#include "base/clock.h"
#include "base/result.h"
#include "store/database.h"
#include "types/record.h"

// Deletes what a record committed to: texts, their plain hashes, justifications and salts, the words of the search
// index, and the values of placeholders. The records and the chain stay; each chunk of deletions is itself a record
// ("content_erased") that says whose texts went, so that a verifier can tell erased from stolen.
namespace gatehouse::audit {

// All that is given must hold. Without a condition it is everything.
struct ErasureWish {
    std::optional<std::string> person{}; // name or sign-in
    std::optional<std::string> conversation{};
    std::optional<std::string> interaction{};
    std::optional<std::int64_t> beforeMs{};   // of records that are older than this
    std::uint64_t upTo = INT64_MAX;           // of records up to this one
    std::optional<std::uint64_t> keepBytes{}; // oldest first, until the database needs no more than this
    bool isRetention = false;                 // what policy's retention does by itself
    Person wisher{};                          // who asked
};

struct ErasureReport {
    std::uint64_t records = 0; // whose content was deleted
    std::uint64_t texts = 0;
    std::uint64_t values = 0;   // of placeholders
    std::uint64_t sequence = 0; // of the last record about it; 0: there was nothing to erase
    bool isPurged = true;       // no copy is left in the write-ahead log or the journal
    bool isComplete = true;     // false: it was ended early, some is left
};

// Works through the store in chunks, so that the writer can do other things between them.
class Eraser final {
public:
    // The clock must stay.
    Eraser(ErasureWish wish, const Clock& clock);
    // One chunk, as one transaction; false when it was the last. After an error call log.forget(), else log.keep().
    // The writer's thread only.
    [[nodiscard]] Result<bool> step(store::Database& database, RecordLog& log);
    [[nodiscard]] const ErasureReport& report() const { return m_report; }

private:
    struct Chunk {
        std::vector<std::uint64_t> sequences; // whose content goes
        std::vector<SequenceRange> ranges;    // the same, with what has no content in between
        std::vector<std::string> conversations;
        bool isLast = false;
    };
    [[nodiscard]] Result<bool> isSmallEnough(store::Database& database) const;
    [[nodiscard]] Result<Chunk> choose(store::Database& database);
    [[nodiscard]] bool isChosen(const AuditRecord& record) const;
    [[nodiscard]] Result<> erase(store::Database& database, RecordLog& log, const Chunk& chunk);
    [[nodiscard]] Result<std::uint64_t> eraseValues(store::Database& database, const Chunk& chunk) const;
    [[nodiscard]] std::string reason(const ErasureReport& chunk) const;

    ErasureWish m_wish;
    const Clock& m_clock;
    std::uint64_t m_done = 0; // up to this record everything was looked at
    ErasureReport m_report;
};

// What the pages in use need; the file itself does not shrink, its free pages are used again.
[[nodiscard]] Result<std::uint64_t> usedBytes(store::Database& database);

} // namespace gatehouse::audit
