// SPDX-License-Identifier: Apache-2.0
#include "audit/eraser.h"

#include <algorithm>
#include <set>
#include <utility>

#include "audit/search.h"
#include "audit/search_index.h"
#include "ledger/record_codec.h"

namespace gatehouse::audit {
namespace {

// Of one chunk. A chunk takes some tens of milliseconds, in which the journal carries the intents.
constexpr std::size_t kMaxErased = 1000;
constexpr std::size_t kMaxErasedBySize = 100; // between two looks at the size
constexpr std::size_t kMaxLooked = 5000;

std::string countWord(const char* name, std::uint64_t count) {
    return std::string(" ") + name + "=" + std::to_string(count);
}

Result<std::uint64_t> deleteContent(store::Database& database, const std::vector<std::uint64_t>& sequences) {
    GH_TRY(const std::uint64_t indexed, indexedBlocks(database));
    GH_TRY(store::Statement remove, database.prepare("DELETE FROM content WHERE id > ?1 AND id < ?1 + 4"));
    GH_TRY(const std::int64_t before, database.queryNumber("SELECT total_changes()"));
    std::int64_t indexChanges = 0;
    for (const std::uint64_t sequence : sequences) {
        GH_TRY(const std::int64_t start, database.queryNumber("SELECT total_changes()"));
        GH_CHECK(unindexText(database, sequence, indexed));
        GH_TRY(const std::int64_t end, database.queryNumber("SELECT total_changes()"));
        indexChanges += end - start;
        GH_CHECK(remove.bind(1, contentId(sequence, 0)).execute());
    }
    GH_TRY(const std::int64_t after, database.queryNumber("SELECT total_changes()"));
    return static_cast<std::uint64_t>(after - before - indexChanges);
}

} // namespace

Result<std::uint64_t> usedBytes(store::Database& database) {
    GH_TRY(const std::int64_t pages, database.queryNumber("PRAGMA page_count"));
    GH_TRY(const std::int64_t free, database.queryNumber("PRAGMA freelist_count"));
    GH_TRY(const std::int64_t size, database.queryNumber("PRAGMA page_size"));
    return static_cast<std::uint64_t>((pages - free) * size);
}

Eraser::Eraser(ErasureWish wish, const Clock& clock) : m_wish(std::move(wish)), m_clock(clock) {}

Result<bool> Eraser::isSmallEnough(store::Database& database) const {
    if (!m_wish.keepBytes) {
        return false;
    }
    GH_TRY(const std::uint64_t bytes, usedBytes(database));
    return bytes <= *m_wish.keepBytes;
}

Result<bool> Eraser::step(store::Database& database, RecordLog& log) {
    GH_TRY(const bool isDone, isSmallEnough(database));
    if (isDone) {
        return false;
    }
    GH_TRY(const Chunk chunk, choose(database));
    if (!chunk.sequences.empty()) {
        GH_CHECK(erase(database, log, chunk));
    }
    return !chunk.isLast;
}

bool Eraser::isChosen(const AuditRecord& record) const {
    return (!m_wish.person || record.person.name == *m_wish.person || record.signIn == *m_wish.person) &&
           (!m_wish.conversation || record.conversation == *m_wish.conversation) &&
           (!m_wish.interaction || record.interaction == *m_wish.interaction) &&
           (!m_wish.beforeMs || record.timeMs < *m_wish.beforeMs);
}

Result<Eraser::Chunk> Eraser::choose(store::Database& database) {
    const char* const sql =
        m_wish.interaction ? "SELECT r.sequence, r.bytes FROM record AS r WHERE r.interaction = ?3 AND r.sequence > ?1 "
                             "AND r.sequence <= ?2 "
                             "AND EXISTS(SELECT 1 FROM content WHERE id > r.sequence * 4 AND id < r.sequence * 4 + 4) "
                             "ORDER BY r.sequence"
                           : "SELECT r.sequence, r.bytes FROM content AS c JOIN record AS r ON r.sequence = c.id / 4 "
                             "WHERE c.id > ?1 * 4 + 3 AND c.id < ?2 * 4 + 4 ORDER BY c.id";
    GH_TRY(store::Statement rows, database.prepare(sql));
    rows.bind(1, m_done).bind(2, std::min<std::uint64_t>(m_wish.upTo, INT64_MAX / 8));
    if (m_wish.interaction) {
        rows.bind(3, *m_wish.interaction);
    }
    const std::size_t most = m_wish.keepBytes ? kMaxErasedBySize : kMaxErased;
    Chunk chunk;
    std::set<std::string> conversations;
    bool isRunOpen = false; // the last range goes on while nothing that stays comes in between
    for (std::size_t looked = 0; looked < kMaxLooked && chunk.sequences.size() < most;) {
        GH_TRY(const bool hasRow, rows.step());
        if (!hasRow) {
            chunk.isLast = true;
            break;
        }
        const auto sequence = static_cast<std::uint64_t>(rows.number(0));
        if (sequence == m_done) {
            continue; // another text of the same record
        }
        GH_TRY(const ledger::Entry entry, ledger::decodeEntry(rows.bytes(1)));
        m_done = sequence;
        ++looked;
        if (!isChosen(entry.record)) {
            isRunOpen = false;
            continue;
        }
        chunk.sequences.push_back(sequence);
        if (isRunOpen) {
            chunk.ranges.back().to = sequence;
        } else {
            chunk.ranges.push_back({sequence, sequence});
        }
        isRunOpen = !m_wish.interaction.has_value(); // there, others may lie in between
        if (!entry.record.conversation.empty()) {
            conversations.insert(entry.record.conversation);
        }
    }
    // What is kept for its age is not looked through again each time: the oldest stand first.
    chunk.isLast = chunk.isLast || (m_wish.isRetention && chunk.sequences.empty());
    chunk.conversations.assign(conversations.begin(), conversations.end());
    return chunk;
}

Result<> Eraser::erase(store::Database& database, RecordLog& log, const Chunk& chunk) {
    GH_TRY(store::Transaction transaction, store::Transaction::begin(database));
    ErasureReport part;
    part.records = chunk.sequences.size();
    GH_TRY(part.texts, deleteContent(database, chunk.sequences));
    GH_TRY(part.values, eraseValues(database, chunk));
    PendingRecord event = makeEvent("content_erased", reason(part), m_clock);
    event.record.person = m_wish.wisher;
    event.record.erased = chunk.ranges;
    GH_TRY(part.sequence, log.append(event));
    GH_CHECK(transaction.commit());
    m_report.records += part.records;
    m_report.texts += part.texts;
    m_report.values += part.values;
    m_report.sequence = part.sequence;
    return {};
}

// Values of a conversation of which nothing newer is there, or of which everything is to go.
Result<std::uint64_t> Eraser::eraseValues(store::Database& database, const Chunk& chunk) const {
    GH_TRY(store::Statement remove, database.prepare("DELETE FROM placeholder WHERE conversation = ?"));
    GH_TRY(const std::int64_t before, database.queryNumber("SELECT total_changes()"));
    const bool isAll = (m_wish.person || m_wish.conversation) && !m_wish.beforeMs && !m_wish.interaction;
    for (const std::string& conversation : chunk.conversations) {
        GH_TRY(store::Statement newer, database.prepare("SELECT 1 FROM placeholder WHERE conversation = ? LIMIT 1"));
        newer.bind(1, conversation);
        GH_TRY(const bool hasValues, newer.step());
        newer.reset();
        if (!hasValues) {
            continue;
        }
        if (!isAll) {
            const Query query{.limit = 1, .where = {{SearchField::conversation, conversation}}};
            GH_TRY(const std::vector<ledger::Entry> newest, searchInside(database, query));
            if (!newest.empty() && newest.front().record.sequence > chunk.sequences.back()) {
                continue;
            }
        }
        GH_CHECK(remove.bind(1, conversation).execute());
    }
    GH_TRY(const std::int64_t after, database.queryNumber("SELECT total_changes()"));
    return static_cast<std::uint64_t>(after - before);
}

// Says by what was chosen, not whom: the names are in the records anyway, and need not be in one more.
std::string Eraser::reason(const ErasureReport& chunk) const {
    std::string by;
    const auto add = [&by](bool isGiven, const char* word) {
        if (isGiven) {
            by += (by.empty() ? "" : "+") + std::string(word);
        }
    };
    add(m_wish.isRetention && m_wish.beforeMs, "age");
    add(m_wish.isRetention && m_wish.keepBytes, "size");
    add(m_wish.person.has_value(), "person");
    add(m_wish.conversation.has_value(), "conversation");
    add(m_wish.interaction.has_value(), "interaction");
    add(!m_wish.isRetention && m_wish.beforeMs, "before");
    return "by=" + (by.empty() ? "everything" : by) + countWord("records", chunk.records) +
           countWord("texts", chunk.texts) + countWord("values", chunk.values);
}

} // namespace gatehouse::audit
