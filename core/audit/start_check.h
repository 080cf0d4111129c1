// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "audit/head_file.h"
#include "audit/record_log.h"
#include "base/clock.h"
#include "base/result.h"
#include "store/database.h"

namespace gatehouse::audit {

// What the remembered head and the database say about each other. Events of these words stand in the chain for ever.
struct Continuity {
    // Empty: all is well. "rollback": records that were on the disk are gone. "fork": the chain was rewritten.
    // "tail_lost": the machine lost power before unsynced records reached the disk. "head_missing", "head_damaged":
    // cannot be told.
    std::string event;
    std::string detail;
    std::optional<ledger::ChainId> chain; // of the remembered head
};
[[nodiscard]] Result<Continuity> checkContinuity(store::Database& database, const HeadFile& headFile,
                                                 const ledger::Head& found);

// Records the start: a breach of continuity, an outcome "interrupted" for each intent of the run before that has none,
// and the event "store_opened" with the protection of the key. Synced when it returns.
[[nodiscard]] Result<> recordStart(store::Database& database, RecordLog& log, HeadFile& headFile,
                                   const Continuity& continuity, std::string_view keyProtection, const Clock& clock);

// Brings into the chain what a killed run left in the journal, in one transaction. Gives the number of the newest entry
// that the database has now. Entries that were damaged are counted in an event "journal_damaged" in front of the
// others.
[[nodiscard]] Result<std::uint64_t> replayJournal(store::Database& database, RecordLog& log, const std::string& path,
                                                  const SecureBytes& databaseKey, const Clock& clock);

} // namespace gatehouse::audit
