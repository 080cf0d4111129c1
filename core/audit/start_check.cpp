// SPDX-License-Identifier: Apache-2.0
#include "audit/start_check.h"

#include <utility>
#include <vector>

#include "audit/journal.h"
#include "base/log.h"
#include "ledger/record_codec.h"
#include "platform/boot.h"

namespace gatehouse::audit {
namespace {

constexpr std::string_view kOpenedAt = "opened_at"; // meta: sequence of the newest store_opened

Result<bool> isOnChain(store::Database& database, const ledger::Head& head) {
    GH_TRY(store::Statement statement, database.prepare("SELECT hash FROM record WHERE sequence = ?"));
    statement.bind(1, head.sequence);
    GH_TRY(const bool hasRow, statement.step());
    return hasRow && constantTimeEqual(statement.bytes(0), head.hash);
}

std::string numbers(const RememberedHead& remembered, const ledger::Head& found) {
    return "remembered=" + std::to_string(remembered.head.sequence) + " found=" + std::to_string(found.sequence);
}

Result<std::int64_t> openedAt(store::Database& database) {
    GH_TRY(store::Statement statement, database.prepare("SELECT value FROM meta WHERE name = ?"));
    statement.bind(1, kOpenedAt);
    GH_TRY(const bool hasRow, statement.step());
    return hasRow ? statement.number(0) : std::int64_t{0};
}

Result<> setOpenedAt(store::Database& database, std::uint64_t sequence) {
    GH_TRY(store::Statement statement, database.prepare("INSERT OR REPLACE INTO meta(name, value) VALUES(?, ?)"));
    const std::string text = std::to_string(sequence);
    return statement.bind(1, kOpenedAt).bind(2, bytesOf(text)).execute();
}

// The run before this one ended without telling what became of these.
Result<std::vector<AuditRecord>> unfinishedIntents(store::Database& database) {
    GH_TRY(const std::int64_t since, openedAt(database));
    GH_TRY(store::Statement statement,
           database.prepare("SELECT bytes FROM record AS i WHERE sequence > ?1 AND kind = ?2 AND NOT EXISTS("
                            "SELECT 1 FROM record AS o WHERE o.interaction = i.interaction AND o.kind = ?3 "
                            "AND o.sequence > i.sequence) ORDER BY sequence LIMIT 10000"));
    statement.bind(1, since).bind(2, static_cast<std::int64_t>(RecordKind::intent));
    statement.bind(3, static_cast<std::int64_t>(RecordKind::outcome));
    std::vector<AuditRecord> intents;
    while (true) {
        GH_TRY(const bool hasRow, statement.step());
        if (!hasRow) {
            return intents;
        }
        GH_TRY(ledger::Entry entry, ledger::decodeEntry(statement.bytes(0)));
        intents.push_back(std::move(entry.record));
    }
}

} // namespace

Result<Continuity> checkContinuity(store::Database& database, const HeadFile& headFile, const ledger::Head& found) {
    const auto remembered = headFile.read();
    Continuity out;
    if (!remembered) {
        if (found.sequence > 0) {
            out.event = remembered.error().kind == ErrorKind::notFound ? "head_missing" : "head_damaged";
            out.detail = "found=" + std::to_string(found.sequence);
        }
        return out;
    }
    out.chain = remembered->head.chain;
    out.detail = numbers(*remembered, found);
    if (remembered->head.sequence > found.sequence) {
        const bool wasPowerCut =
            remembered->bootId != platform::bootId() && found.sequence >= remembered->syncedSequence;
        out.event = wasPowerCut ? "tail_lost" : "rollback";
        return out;
    }
    if (remembered->head.sequence > 0) {
        GH_TRY(const bool isSame, isOnChain(database, remembered->head));
        out.event = isSame ? "" : "fork";
    }
    return out;
}

Result<> recordStart(store::Database& database, RecordLog& log, HeadFile& headFile, const Continuity& continuity,
                     std::string_view keyProtection, const Clock& clock) {
    GH_TRY(const std::vector<AuditRecord> unfinished, unfinishedIntents(database));
    GH_TRY(store::Transaction transaction, store::Transaction::begin(database));
    if (!continuity.event.empty()) {
        logWarning("audit", "{}: {}", continuity.event, continuity.detail);
        GH_CHECK(log.append(makeEvent(continuity.event, continuity.detail, clock)));
    }
    for (AuditRecord record : unfinished) {
        record.kind = RecordKind::outcome;
        record.outcome = "interrupted";
        record.reason = "the agent ended before the answer did";
        GH_CHECK(log.append(stamp(std::move(record), clock)));
    }
    GH_TRY(const std::uint64_t opened,
           log.append(makeEvent("store_opened", "key_protection=" + std::string(keyProtection), clock)));
    GH_CHECK(setOpenedAt(database, opened));
    GH_CHECK(transaction.commit());
    log.keep();
    return headFile.write(RememberedHead{log.head(), log.head().sequence, platform::bootId()});
}

Result<std::uint64_t> replayJournal(store::Database& database, RecordLog& log, const std::string& path,
                                    const SecureBytes& databaseKey, const Clock& clock) {
    GH_TRY(const std::uint64_t settled, journaledUpTo(database));
    GH_TRY(const JournalContent taken, Journal::read(path, databaseKey, settled));
    if (taken.newest == settled) {
        return settled;
    }
    GH_TRY(store::Transaction transaction, store::Transaction::begin(database));
    if (taken.lost > 0) {
        logError("audit", "the journal was damaged: {} intents of it cannot be read", taken.lost);
        GH_CHECK(log.append(makeEvent("journal_damaged", "count=" + std::to_string(taken.lost), clock)));
    }
    for (const JournalEntry& entry : taken.entries) {
        GH_CHECK(log.append(entry.pending));
    }
    GH_CHECK(log.setJournaled(taken.newest));
    GH_CHECK(transaction.commit());
    log.keep();
    logInfo("audit", "{} intents of a run that was killed were taken over from the journal", taken.entries.size());
    return taken.newest;
}

} // namespace gatehouse::audit
