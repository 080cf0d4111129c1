// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

namespace gatehouse::cli {

// The rows of a table as programs write it (RFC 4180): cells in quotes may hold the separator, line breaks and doubled
// quotes; lines end with LF or CRLF. The separator is ',', ';' or a tab: whichever the first row has most of. A byte
// order mark is left out, empty lines are no rows. What stands behind a closing quote is taken as it is.
class CsvReader final {
public:
    explicit CsvReader(std::string_view text);
    // The next row; false at the end.
    bool next(std::vector<std::string>& row);
    // Of the row that next() gave last, from 1.
    [[nodiscard]] std::size_t line() const { return m_rowLine; }
    // The text ended inside quotes: its last row is not whole.
    [[nodiscard]] bool isCut() const { return m_isCut; }

private:
    std::string cell();
    std::string_view m_text;
    std::size_t m_at = 0;
    std::size_t m_line = 1;
    std::size_t m_rowLine = 0;
    char m_separator = ',';
    bool m_isCut = false;
};

} // namespace gatehouse::cli
