// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "base/json.h"
#include "base/result.h"
#include "database/connection.h"
#include "ledger/batch.h"
#include "ledger/clear_rows.h"

namespace gatehouse::collector {

// Keeps what a batch says in the clear; inside the transaction that keeps the batch, in that epoch of its chain.
[[nodiscard]] Result<> keepClearRows(Connection& connection, const ledger::BatchHeader& header, std::int64_t epoch,
                                     const std::vector<ledger::ClearRow>& rows);

// Partitions for today and the next two weeks; cheap when they are there.
[[nodiscard]] Result<> prepareRecordDays(Connection& connection);

// All that is given must hold.
struct RecordQuery {
    std::optional<std::string> device{}; // 32 hex digits
    std::optional<std::string> person{};
    std::optional<std::string> client{};
    std::optional<std::string> channel{};
    std::optional<std::string> site{};
    std::optional<std::string> provider{};
    std::optional<std::string> model{};
    std::optional<std::string> decision{};
    std::optional<std::string> rule{};
    std::optional<std::string> findingClass{};
    std::optional<std::int64_t> sinceMs{};
    std::optional<std::int64_t> untilMs{};
    std::int64_t arrivedFromDay = 0;    // days since 1970: what arrived before is not looked at
    std::optional<std::string> after{}; // "next" of the page before
    std::int64_t limit = 100;
};

// Of a reader's role: an analyst sees no person.
enum class Sight { withPersons, withoutPersons };

// {"records": [...], "next": "…" or null, "arrived_since": "2026-11-20"}, newest first by the device's clock. What a
// device does not send in the clear is left out. The read is recorded with `reader` and `asked`. invalidInput for a
// page that never was; internal after 30 s.
[[nodiscard]] Result<Json> findRecords(Connection& connection, const RecordQuery& query, Sight sight,
                                       const std::string& reader, const std::string& asked);

} // namespace gatehouse::collector
