// SPDX-License-Identifier: Apache-2.0
#include "audit/search.h"

#include <algorithm>
#include <optional>
#include <utility>

#include "audit/record_log.h"
#include "audit/search_index.h"
#include "audit/search_terms.h"

namespace gatehouse::audit {
namespace {

using Blocks = std::vector<std::uint64_t>; // descending

Result<Blocks> readBlocks(store::Statement& rows) {
    Blocks blocks;
    while (true) {
        GH_TRY(const bool hasRow, rows.step());
        if (!hasRow) {
            return blocks;
        }
        blocks.push_back(static_cast<std::uint64_t>(rows.number(0)));
    }
}

void narrow(std::optional<Blocks>& candidates, Blocks blocks) {
    if (!candidates) {
        candidates = std::move(blocks);
        return;
    }
    Blocks both;
    std::set_intersection(candidates->begin(), candidates->end(), blocks.begin(), blocks.end(),
                          std::back_inserter(both), std::greater<>());
    candidates = std::move(both);
}

class Search final {
public:
    Search(store::Database& database, const Query& query) : m_database(database), m_query(query) {}

    Result<std::vector<ledger::Entry>> run() {
        if (m_query.text) {
            GH_TRY(m_text, TextQuery::parse(*m_query.text));
        }
        GH_TRY(m_indexed, indexedBlocks(m_database));
        const std::uint64_t all = INT64_MAX;
        m_before = std::min(m_query.before.value_or(all), all);
        if (m_before <= 1) {
            return std::move(m_found);
        }
        if (m_query.interaction) {
            GH_CHECK(walkInteraction());
            return std::move(m_found);
        }
        GH_CHECK(walk(m_indexed * kBlockRecords + 1, m_before - 1, Texts::unindexed));
        if (!isFull() && m_indexed > 0) { // the tables may not be there before
            GH_TRY(const std::optional<Blocks> blocks, candidateBlocks());
            GH_CHECK(m_text ? walkTexts(blocks) : walkBlocks(blocks));
        }
        return std::move(m_found);
    }

private:
    enum class Texts { unindexed, indexed };
    [[nodiscard]] bool isFull() const { return m_found.size() >= m_query.limit; }

    // Blocks that can hold what is asked for; none: any block can.
    Result<std::optional<Blocks>> candidateBlocks() {
        std::optional<Blocks> candidates;
        for (const auto& [field, text] : m_query.where) {
            GH_TRY(
                store::Statement rows,
                m_database.prepare("SELECT block FROM term_block WHERE term = (SELECT id FROM term WHERE field = ? AND "
                                   "text = ?) ORDER BY block DESC"));
            rows.bind(1, static_cast<std::int64_t>(field)).bind(2, text);
            GH_TRY(Blocks blocks, readBlocks(rows));
            narrow(candidates, std::move(blocks));
        }
        if (m_query.sinceMs || m_query.untilMs) {
            GH_TRY(store::Statement rows, m_database.prepare("SELECT block FROM block WHERE last_ms >= ? AND "
                                                             "first_ms <= ? ORDER BY block DESC"));
            rows.bind(1, m_query.sinceMs.value_or(INT64_MIN)).bind(2, m_query.untilMs.value_or(INT64_MAX));
            GH_TRY(Blocks blocks, readBlocks(rows));
            narrow(candidates, std::move(blocks));
        }
        return candidates;
    }

    Result<> walkBlocks(const std::optional<Blocks>& candidates) {
        if (!candidates) {
            return walk(1, std::min(m_before - 1, m_indexed * kBlockRecords), Texts::indexed);
        }
        for (const std::uint64_t block : *candidates) {
            const std::uint64_t first = block * kBlockRecords + 1;
            if (first < m_before) {
                GH_CHECK(walk(first, std::min(m_before - 1, first + kBlockRecords - 1), Texts::indexed));
            }
            if (isFull()) {
                break;
            }
        }
        return {};
    }

    // Looks at each record from `to` down to `from`.
    Result<> walk(std::uint64_t from, std::uint64_t to, Texts texts) {
        if (m_rows == std::nullopt) {
            GH_TRY(store::Statement rows, m_database.prepare("SELECT bytes FROM record WHERE sequence >= ? AND "
                                                             "sequence <= ? ORDER BY sequence DESC"));
            m_rows.emplace(std::move(rows));
        }
        m_rows->reset();
        m_rows->bind(1, from).bind(2, to);
        return takeRows(*m_rows, texts);
    }

    Result<> walkInteraction() {
        GH_TRY(store::Statement rows,
               m_database.prepare("SELECT bytes FROM record WHERE interaction = ? AND sequence < ? "
                                  "ORDER BY sequence DESC"));
        rows.bind(1, *m_query.interaction).bind(2, m_before);
        return takeRows(rows, Texts::unindexed);
    }

    Result<> takeRows(store::Statement& rows, Texts texts) {
        while (!isFull()) {
            GH_TRY(const bool hasRow, rows.step());
            if (!hasRow) {
                break;
            }
            GH_TRY(ledger::Entry entry, ledger::decodeEntry(rows.bytes(0)));
            if (!matches(entry.record, m_query)) {
                continue;
            }
            if (texts == Texts::unindexed && m_text) {
                GH_TRY(const bool hasText, hasTextOf(entry.record.sequence));
                if (!hasText) {
                    continue;
                }
            }
            m_found.push_back(std::move(entry));
        }
        rows.reset();
        return {};
    }

    Result<bool> hasTextOf(std::uint64_t sequence) {
        GH_TRY(store::Statement row, m_database.prepare("SELECT text FROM content WHERE id = ? AND text IS NOT NULL"));
        row.bind(1, contentId(sequence, contentSanitised));
        GH_TRY(const bool hasRow, row.step());
        return hasRow && m_text->matches(row.text(0));
    }

    Result<> walkTexts(const std::optional<Blocks>& candidates) {
        GH_TRY(store::Statement texts,
               m_database.prepare("SELECT rowid FROM content_text WHERE content_text MATCH ? AND "
                                  "rowid < ? ORDER BY rowid DESC"));
        GH_TRY(store::Statement record, m_database.prepare("SELECT bytes FROM record WHERE sequence = ?"));
        texts.bind(1, m_text->expression()).bind(2, contentId(std::min(m_before, std::uint64_t{1} << 60U), 0));
        while (!isFull()) {
            GH_TRY(const bool hasRow, texts.step());
            if (!hasRow) {
                return {};
            }
            const auto sequence = static_cast<std::uint64_t>(texts.number(0)) / 4;
            if (candidates &&
                !std::binary_search(candidates->begin(), candidates->end(), blockOf(sequence), std::greater<>())) {
                continue;
            }
            record.reset();
            record.bind(1, sequence);
            GH_CHECK(takeRows(record, Texts::indexed));
        }
        return {};
    }

    store::Database& m_database;
    const Query& m_query;
    std::optional<TextQuery> m_text;
    std::optional<store::Statement> m_rows;
    std::uint64_t m_indexed = 0; // blocks
    std::uint64_t m_before = 0;
    std::vector<ledger::Entry> m_found;
};

} // namespace

Result<std::vector<ledger::Entry>> searchInside(store::Database& database, const Query& query) {
    return Search(database, query).run();
}

Result<std::vector<ledger::Entry>> search(store::Database& database, const Query& query) {
    // Index and records of one moment, whatever a running agent appends or erases meanwhile.
    GH_CHECK(database.run("BEGIN"));
    auto found = searchInside(database, query);
    const auto ended = database.run("COMMIT");
    return found && !ended ? std::unexpected(ended.error()) : std::move(found);
}

} // namespace gatehouse::audit
