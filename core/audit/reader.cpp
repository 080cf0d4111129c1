// SPDX-License-Identifier: Apache-2.0
#include "audit/reader.h"

#include <algorithm>
#include <string>
#include <utility>

#include "audit/record_log.h"
#include "audit/search.h"
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
    Query capped = query;
    capped.limit = std::min(query.limit, kMaxListed);
    GH_TRY(std::vector<ledger::Entry> entries, search(*m_database, capped));
    return withContent(std::move(entries), Texts::leftOut);
}

Result<std::vector<AuditRecord>> StoreReader::show(const std::string& interaction) {
    if (m_beforeReading) {
        m_beforeReading();
    }
    const std::scoped_lock lock(m_mutex);
    const Query query{.limit = 1000, .interaction = interaction};
    GH_TRY(std::vector<ledger::Entry> entries, search(*m_database, query));
    std::reverse(entries.begin(), entries.end());
    return withContent(std::move(entries), Texts::included);
}

Result<std::vector<AuditRecord>> StoreReader::withContent(std::vector<ledger::Entry> entries, Texts texts) {
    std::vector<AuditRecord> records;
    records.reserve(entries.size());
    for (ledger::Entry& entry : entries) {
        GH_TRY(const unsigned kept, addContent(entry.record, texts));
        const unsigned committed = (entry.original ? 1U << contentOriginal : 0U) |
                                   (entry.sanitised ? 1U << contentSanitised : 0U) |
                                   (entry.justification ? 1U << contentJustification : 0U);
        entry.record.hasErasedTexts = (committed & ~kept) != 0;
        records.push_back(std::move(entry.record));
    }
    return records;
}

Result<unsigned> StoreReader::addContent(AuditRecord& record, Texts texts) {
    const bool isFull = texts == Texts::included;
    GH_TRY(store::Statement statement,
           m_database->prepare(isFull ? "SELECT id, hash, text FROM content WHERE id > ?1 AND id < ?1 + 4"
                                      : "SELECT id, hash FROM content WHERE id > ?1 AND id < ?1 + 4"));
    statement.bind(1, contentId(record.sequence, 0));
    unsigned kept = 0;
    while (true) {
        GH_TRY(const bool hasRow, statement.step());
        if (!hasRow) {
            return kept;
        }
        const auto kind = static_cast<int>(statement.number(0) - contentId(record.sequence, 0));
        kept |= 1U << static_cast<unsigned>(kind);
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
