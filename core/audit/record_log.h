// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>

#include "base/clock.h"
#include "base/result.h"
#include "base/secure_bytes.h"
#include "ledger/chain.h"
#include "store/database.h"
#include "types/record.h"

namespace gatehouse::audit {

// A record on its way into the chain, with the time at which it happened.
struct PendingRecord {
    AuditRecord record;
    std::uint64_t monotonicMs = 0;
    std::optional<std::array<std::uint8_t, 16>> bootId{}; // when it happened in another run of the machine
};
// Stamps a record with the clock's times and clips what is too long.
PendingRecord stamp(AuditRecord record, const Clock& clock);
// An event of the store itself: `outcome` is its word, `reason` its detail.
PendingRecord makeEvent(std::string outcome, std::string reason, const Clock& clock);

// One value of a conversation, for the vault.
struct PlaceholderRow {
    std::string conversation;
    std::string label;
    std::uint32_t number = 0;
    SecureBytes value;
};

// Appends records and placeholders to the open database, keeping the chain. Works inside the caller's transaction:
// after it commits call keep(), after it failed call forget(). The writer's thread only.
class RecordLog final {
public:
    // `chain` is used when the database is empty; otherwise the records say which chain it is.
    [[nodiscard]] static Result<std::unique_ptr<RecordLog>> open(store::Database& database,
                                                                 const ledger::ChainId& chain);
    // Gives the record's number.
    [[nodiscard]] Result<std::uint64_t> append(const PendingRecord& pending);
    [[nodiscard]] Result<> append(const PlaceholderRow& row);
    // In the database now: the journal's entries up to this number.
    [[nodiscard]] Result<> setJournaled(std::uint64_t number);
    void keep() { m_kept = m_head; }
    void forget() { m_head = m_kept; }
    // Of the newest record that was appended, kept or not.
    [[nodiscard]] const ledger::Head& head() const { return m_head; }

private:
    RecordLog(store::Statement record, store::Statement content, store::Statement placeholder,
              store::Statement journaled);

    store::Statement m_insertRecord;
    store::Statement m_insertContent;
    store::Statement m_insertPlaceholder;
    store::Statement m_setJournaled;
    ledger::Head m_head;
    ledger::Head m_kept;
    std::array<std::uint8_t, 16> m_bootId{};
};

// The number of the newest entry of the journal that is in the database; zero when there never was one.
[[nodiscard]] Result<std::uint64_t> journaledUpTo(store::Database& database);

// The three kinds of content of a record; a row's id is sequence * 4 + kind.
enum ContentKind : int { contentOriginal = 1, contentSanitised = 2, contentJustification = 3 };
inline std::int64_t contentId(std::uint64_t sequence, int kind) {
    return static_cast<std::int64_t>(sequence * 4) + kind;
}

} // namespace gatehouse::audit
