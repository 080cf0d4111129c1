// SPDX-License-Identifier: Apache-2.0
#include "audit/search_index.h"

#include <algorithm>
#include <cstdint>
#include <limits>
#include <set>
#include <string>
#include <utility>

#include "audit/record_log.h"
#include "audit/search_terms.h"
#include "ledger/record_codec.h"

namespace gatehouse::audit {
namespace {

constexpr std::string_view kIndexed = "indexed"; // meta: whole blocks in the index

struct Block {
    std::set<std::pair<int, std::string>> terms;
    std::int64_t firstMs = std::numeric_limits<std::int64_t>::max();
    std::int64_t lastMs = std::numeric_limits<std::int64_t>::min();
};

Result<Block> readBlock(store::Database& database, std::uint64_t from, std::uint64_t to) {
    GH_TRY(store::Statement rows,
           database.prepare("SELECT bytes FROM record WHERE sequence >= ? AND sequence <= ? ORDER BY sequence"));
    rows.bind(1, from).bind(2, to);
    Block block;
    while (true) {
        GH_TRY(const bool hasRow, rows.step());
        if (!hasRow) {
            return block;
        }
        GH_TRY(const ledger::Entry entry, ledger::decodeEntry(rows.bytes(0)));
        block.firstMs = std::min(block.firstMs, entry.record.timeMs);
        block.lastMs = std::max(block.lastMs, entry.record.timeMs);
        forEachTerm(entry.record, [&block](SearchField field, std::string_view text) {
            block.terms.emplace(static_cast<int>(field), text);
        });
    }
}

Result<> writeTerms(store::Database& database, const Block& block, std::uint64_t number) {
    GH_TRY(store::Statement add, database.prepare("INSERT OR IGNORE INTO term(field, text) VALUES(?, ?)"));
    GH_TRY(
        store::Statement place,
        database.prepare("INSERT INTO term_block(term, block) SELECT id, ?3 FROM term WHERE field = ?1 AND text = ?2"));
    for (const auto& [field, text] : block.terms) {
        GH_CHECK(add.bind(1, std::int64_t{field}).bind(2, text).execute());
        GH_CHECK(place.bind(1, std::int64_t{field}).bind(2, text).bind(3, number).execute());
    }
    GH_TRY(store::Statement times, database.prepare("INSERT INTO block(block, first_ms, last_ms) VALUES(?, ?, ?)"));
    return times.bind(1, number).bind(2, block.firstMs).bind(3, block.lastMs).execute();
}

Result<> writeTexts(store::Database& database, std::uint64_t from, std::uint64_t to) {
    GH_TRY(store::Statement add,
           database.prepare("INSERT INTO content_text(rowid, text) SELECT id, CAST(text AS TEXT) FROM content "
                            "WHERE id >= ?1 AND id < ?2 AND id % 4 = ?3 AND text IS NOT NULL ORDER BY id"));
    add.bind(1, contentId(from, 0)).bind(2, contentId(to + 1, 0)).bind(3, std::int64_t{contentSanitised});
    return add.execute();
}

} // namespace

Result<std::uint64_t> indexedBlocks(store::Database& database) {
    GH_TRY(store::Statement statement, database.prepare("SELECT value FROM meta WHERE name = ?"));
    statement.bind(1, kIndexed);
    GH_TRY(const bool hasRow, statement.step());
    return hasRow ? static_cast<std::uint64_t>(statement.number(0)) : 0;
}

Result<bool> indexNextBlock(store::Database& database) {
    GH_TRY(const std::uint64_t number, indexedBlocks(database));
    GH_TRY(const std::int64_t newest, database.queryNumber("SELECT ifnull(max(sequence), 0) FROM record"));
    const std::uint64_t from = number * kBlockRecords + 1;
    const std::uint64_t to = from + kBlockRecords - 1;
    if (static_cast<std::uint64_t>(newest) < to) {
        return false;
    }
    GH_TRY(const Block block, readBlock(database, from, to));
    GH_TRY(store::Transaction transaction, store::Transaction::begin(database));
    GH_CHECK(writeTerms(database, block, number));
    GH_CHECK(writeTexts(database, from, to));
    GH_TRY(store::Statement note, database.prepare("INSERT OR REPLACE INTO meta(name, value) VALUES(?, ?)"));
    const std::string text = std::to_string(number + 1);
    GH_CHECK(note.bind(1, kIndexed).bind(2, bytesOf(text)).execute());
    GH_CHECK(transaction.commit());
    return true;
}

Result<> unindexText(store::Database& database, std::uint64_t sequence, std::uint64_t indexed) {
    if (blockOf(sequence) >= indexed) {
        return {};
    }
    GH_TRY(
        store::Statement remove,
        database.prepare("INSERT INTO content_text(content_text, rowid, text) SELECT 'delete', id, CAST(text AS TEXT) "
                         "FROM content WHERE id = ? AND text IS NOT NULL"));
    return remove.bind(1, contentId(sequence, contentSanitised)).execute();
}

} // namespace gatehouse::audit
