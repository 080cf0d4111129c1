// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include "audit/audit.h"
#include "base/result.h"

// What of a record can be searched for. Pure functions.
namespace gatehouse::audit {

// Calls `take` with each field that has a value, and the value. The text is valid during the call only.
void forEachTerm(const AuditRecord& record, const std::function<void(SearchField, std::string_view)>& take);

// True when the record has all of them and lies in the time that is asked for. The text is not looked at.
bool matches(const AuditRecord& record, const Query& query);

// Words and "phrases in quotes" that must all occur; a word with * at its end stands for all that begin like it.
class TextQuery final {
public:
    // invalidInput when there is no word in it, or more than 32.
    [[nodiscard]] static Result<TextQuery> parse(std::string_view text);
    // The same for SQLite's FTS5.
    [[nodiscard]] const std::string& expression() const { return m_expression; }
    // For texts that are not in the index yet: upper and lower case are told apart beyond ASCII.
    [[nodiscard]] bool matches(std::string_view text) const;

private:
    std::string m_expression;
    std::vector<std::string> m_needles;
};

} // namespace gatehouse::audit
