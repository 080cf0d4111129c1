// SPDX-License-Identifier: Apache-2.0
#include "audit/reader.h"

#include <algorithm>
#include <string>
#include <utility>

#include "audit/record_log.h"
#include "ledger/record_codec.h"

namespace gatehouse::audit {
namespace {

constexpr std::size_t kMaxListed = 100'000;

} // namespace

StoreReader::StoreReader(std::unique_ptr<store::Database> database, std::function<void()> beforeReading)
    : m_database(std::move(database))
    , m_beforeReading(std::move(beforeReading)) {}

Result<std::vector<AuditRecord>> StoreReader::list(const Query& query) {
    if (m_beforeReading) {
        m_beforeReading();
    }
    const std::scoped_lock lock(m_mutex);
    const char* const sql =
        query.interaction
            ? "SELECT bytes FROM record WHERE sequence < ?1 AND interaction = ?3 ORDER BY sequence DESC LIMIT ?2"
            : "SELECT bytes FROM record WHERE sequence < ?1 ORDER BY sequence DESC LIMIT ?2";
    GH_TRY(store::Statement statement, m_database->prepare(sql));
    const std::int64_t newest = INT64_MAX;
    const std::int64_t before = query.before && *query.before < static_cast<std::uint64_t>(newest)
                                    ? static_cast<std::int64_t>(*query.before)
                                    : newest;
    statement.bind(1, before).bind(2, static_cast<std::int64_t>(std::min(query.limit, kMaxListed)));
    if (query.interaction) {
        statement.bind(3, *query.interaction);
    }
    return collect(statement, Texts::leftOut);
}

Result<std::vector<AuditRecord>> StoreReader::show(const std::string& interaction) {
    if (m_beforeReading) {
        m_beforeReading();
    }
    const std::scoped_lock lock(m_mutex);
    GH_TRY(store::Statement statement,
           m_database->prepare("SELECT bytes FROM record WHERE interaction = ? ORDER BY sequence LIMIT 1000"));
    statement.bind(1, interaction);
    return collect(statement, Texts::included);
}

Result<std::vector<AuditRecord>> StoreReader::collect(store::Statement& statement, Texts texts) {
    std::vector<AuditRecord> records;
    while (true) {
        GH_TRY(const bool hasRow, statement.step());
        if (!hasRow) {
            return records;
        }
        GH_TRY(ledger::Entry entry, ledger::decodeEntry(statement.bytes(0)));
        GH_CHECK(addContent(entry.record, texts));
        records.push_back(std::move(entry.record));
    }
}

Result<> StoreReader::addContent(AuditRecord& record, Texts texts) {
    const bool isFull = texts == Texts::included;
    GH_TRY(store::Statement statement,
           m_database->prepare(isFull ? "SELECT id, hash, text FROM content WHERE id > ?1 AND id < ?1 + 4"
                                      : "SELECT id, hash FROM content WHERE id > ?1 AND id < ?1 + 4"));
    statement.bind(1, contentId(record.sequence, 0));
    while (true) {
        GH_TRY(const bool hasRow, statement.step());
        if (!hasRow) {
            return {};
        }
        const std::int64_t kind = statement.number(0) - contentId(record.sequence, 0);
        const std::string hash(statement.text(1));
        std::optional<std::string> text;
        if (isFull && !statement.isNull(2)) {
            text = std::string(statement.text(2));
        }
        if (kind == contentOriginal) {
            record.originalHash = hash;
            record.originalText = std::move(text);
        } else if (kind == contentSanitised) {
            record.sanitisedHash = hash;
            record.sanitisedText = std::move(text);
        } else {
            record.justification = text.value_or(std::string());
        }
    }
}

} // namespace gatehouse::audit
