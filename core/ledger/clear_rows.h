// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/bytes.h"
#include "base/result.h"
#include "types/record.h"

// What of a batch's records its sender's policy lets the collector read: chosen fields, signed with the batch, beside
// the sealed records. Without such a policy there are none. Pure functions. Format: docs/formats/audit-batch.md, "In
// the clear".
namespace gatehouse::ledger {

enum class ClearField { person, client, channel, site, provider, model, decision, rule, outcome, findingClass };
// "person", …, "decision", …, "class".
std::optional<ClearField> clearFieldFromWord(std::string_view word);

// Sequence, time and kind are always there; of the rest what was chosen.
struct ClearRow {
    std::uint64_t sequence = 0;
    std::int64_t timeMs = 0;
    std::string kind;
    std::string person;
    std::string client;
    std::string channel;
    std::string site;
    std::string provider;
    std::string model;
    std::string decision;
    std::string rule;
    std::string outcome;
    std::vector<std::string> classes;
    friend bool operator==(const ClearRow&, const ClearRow&) = default;
};

inline constexpr std::size_t kMaxClear = 1024UL * 1024UL;

ClearRow clearRowOf(const AuditRecord& record, const std::vector<ClearField>& fields);
// Whether the row says nothing that the record does not say; what a row leaves out does not count.
bool isTrueOf(const ClearRow& row, const AuditRecord& record);
Bytes encodeClearRows(const std::vector<ClearRow>& rows);
// The rows of the records `from` to `to`, ascending, each at most once. corrupt for everything else that
// encodeClearRows would not have produced, for text that is no UTF-8 or holds a NUL, and for texts above 1,024 bytes;
// limit above 1 MiB.
[[nodiscard]] Result<std::vector<ClearRow>> decodeClearRows(ByteView bytes, std::uint64_t from, std::uint64_t to);

} // namespace gatehouse::ledger
