// SPDX-License-Identifier: Apache-2.0
#include "audit/record_log.h"

#include <algorithm>
#include <chrono>
#include <utility>

#include "base/crypto.h"
#include "ledger/content.h"
#include "platform/boot.h"

namespace gatehouse::audit {
namespace {

constexpr std::string_view kJournaled = "journaled"; // meta: number of the newest entry taken over from the journal

struct SaltedContent {
    int kind = 0;
    ledger::Content content;
    ledger::Salt salt{};
};

// Salts a content and gives the commitment for the chain; nothing when there is nothing to commit to.
ledger::Commitment prepare(SaltedContent& item) {
    if (item.content.isEmpty()) {
        return std::nullopt;
    }
    fillRandom(item.salt.data(), item.salt.size());
    return ledger::commitContent(item.salt, ledger::encodeContent(item.content));
}

Result<> insertContent(store::Statement& statement, std::uint64_t sequence, const SaltedContent& item) {
    if (item.content.isEmpty()) {
        return {};
    }
    statement.bind(1, contentId(sequence, item.kind)).bind(2, ByteView(item.salt)).bind(3, item.content.hash);
    if (item.content.text) {
        statement.bind(4, bytesOf(*item.content.text));
    }
    return statement.execute();
}

} // namespace

PendingRecord stamp(AuditRecord record, const Clock& clock) {
    ledger::clipRecord(record);
    record.timeMs = clock.wall().time_since_epoch().count();
    const auto monotonic = std::chrono::duration_cast<std::chrono::milliseconds>(clock.monotonic().time_since_epoch());
    return PendingRecord{std::move(record), static_cast<std::uint64_t>(monotonic.count()), {}};
}

PendingRecord makeEvent(std::string outcome, std::string reason, const Clock& clock) {
    AuditRecord record;
    record.kind = RecordKind::event;
    record.outcome = std::move(outcome);
    record.reason = std::move(reason);
    return stamp(std::move(record), clock);
}

RecordLog::RecordLog(store::Statement record, store::Statement content, store::Statement placeholder,
                     store::Statement journaled)
    : m_insertRecord(std::move(record))
    , m_insertContent(std::move(content))
    , m_insertPlaceholder(std::move(placeholder))
    , m_setJournaled(std::move(journaled))
    , m_bootId(platform::bootId()) {}

Result<std::unique_ptr<RecordLog>> RecordLog::open(store::Database& database, const ledger::ChainId& chain) {
    GH_TRY(store::Statement record,
           database.prepare("INSERT INTO record(sequence, interaction, kind, bytes, hash) VALUES(?, ?, ?, ?, ?)"));
    GH_TRY(store::Statement content, database.prepare("INSERT INTO content(id, salt, hash, text) VALUES(?, ?, ?, ?)"));
    GH_TRY(store::Statement placeholder,
           database.prepare("INSERT INTO placeholder(conversation, label, number, value) VALUES(?, ?, ?, ?)"));
    GH_TRY(store::Statement journaled, database.prepare("INSERT OR REPLACE INTO meta(name, value) VALUES(?, ?)"));
    std::unique_ptr<RecordLog> log(new RecordLog( // NOLINT: private constructor
        std::move(record), std::move(content), std::move(placeholder), std::move(journaled)));
    GH_TRY(store::Statement last, database.prepare("SELECT bytes, hash FROM record ORDER BY sequence DESC LIMIT 1"));
    GH_TRY(const bool hasRow, last.step());
    log->m_head.chain = chain;
    if (hasRow) {
        GH_TRY(const ledger::Entry entry, ledger::decodeEntry(last.bytes(0)));
        log->m_head = ledger::Head{entry.chain, entry.record.sequence, ledger::hashEntry(last.bytes(0))};
        if (!constantTimeEqual(log->m_head.hash, last.bytes(1))) {
            return fail(ErrorKind::corrupt, "audit: the newest record does not have its hash");
        }
    }
    log->m_kept = log->m_head;
    return log;
}

Result<std::uint64_t> RecordLog::append(const PendingRecord& pending) {
    const AuditRecord& source = pending.record;
    SaltedContent original{contentOriginal, {source.originalHash, source.originalText}, {}};
    SaltedContent sanitised{contentSanitised, {source.sanitisedHash, source.sanitisedText}, {}};
    SaltedContent justification{contentJustification, {}, {}};
    if (!source.justification.empty()) {
        justification.content.text = source.justification;
    }
    ledger::Entry entry;
    entry.chain = m_head.chain;
    entry.previous = m_head.hash;
    entry.monotonicMs = pending.monotonicMs;
    entry.bootId = pending.bootId.value_or(m_bootId);
    entry.original = prepare(original);
    entry.sanitised = prepare(sanitised);
    entry.justification = prepare(justification);
    entry.record.sequence = m_head.sequence + 1;
    const std::uint64_t sequence = entry.record.sequence;
    const Bytes bytes = ledger::encodeEntry(entry, source);
    const Sha256Digest hash = ledger::hashEntry(bytes);

    m_insertRecord.bind(1, sequence).bind(2, source.interaction).bind(3, static_cast<std::int64_t>(source.kind));
    GH_CHECK(m_insertRecord.bind(4, ByteView(bytes)).bind(5, ByteView(hash)).execute());
    GH_CHECK(insertContent(m_insertContent, sequence, original));
    GH_CHECK(insertContent(m_insertContent, sequence, sanitised));
    GH_CHECK(insertContent(m_insertContent, sequence, justification));
    m_head = ledger::Head{m_head.chain, sequence, hash};
    return sequence;
}

Result<> RecordLog::append(const PlaceholderRow& row) {
    m_insertPlaceholder.bind(1, row.conversation).bind(2, row.label).bind(3, std::int64_t{row.number});
    return m_insertPlaceholder.bind(4, row.value.view()).execute();
}

Result<> RecordLog::setJournaled(std::uint64_t number) {
    const std::string text = std::to_string(number);
    return m_setJournaled.bind(1, kJournaled).bind(2, bytesOf(text)).execute();
}

Result<std::uint64_t> journaledUpTo(store::Database& database) {
    GH_TRY(store::Statement statement, database.prepare("SELECT value FROM meta WHERE name = ?"));
    statement.bind(1, kJournaled);
    GH_TRY(const bool hasRow, statement.step());
    return hasRow ? static_cast<std::uint64_t>(statement.number(0)) : 0;
}

} // namespace gatehouse::audit
