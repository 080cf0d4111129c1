// SPDX-License-Identifier: Apache-2.0
#include "csv.h"

#include <algorithm>

namespace gatehouse::cli {

CsvReader::CsvReader(std::string_view text) : m_text(text) {
    if (m_text.starts_with("\xEF\xBB\xBF")) {
        m_text.remove_prefix(3);
    }
    const std::string_view head = m_text.substr(0, m_text.find('\n'));
    std::ptrdiff_t most = 0;
    for (const char separator : {',', ';', '\t'}) {
        const auto count = std::count(head.begin(), head.end(), separator);
        if (count > most) {
            most = count;
            m_separator = separator;
        }
    }
}

std::string CsvReader::cell() {
    std::string value;
    if (m_at < m_text.size() && m_text[m_at] == '"') {
        ++m_at;
        while (true) {
            if (m_at >= m_text.size()) {
                m_isCut = true;
                return value;
            }
            const char c = m_text[m_at++];
            if (c != '"') {
                m_line += c == '\n' ? 1U : 0U;
                value += c;
            } else if (m_at < m_text.size() && m_text[m_at] == '"') {
                value += '"';
                ++m_at;
            } else {
                break;
            }
        }
    }
    const std::size_t quoted = value.size();
    while (m_at < m_text.size() && m_text[m_at] != m_separator && m_text[m_at] != '\n') {
        value += m_text[m_at++];
    }
    if (value.size() > quoted && value.back() == '\r' && (m_at >= m_text.size() || m_text[m_at] == '\n')) {
        value.pop_back();
    }
    return value;
}

bool CsvReader::next(std::vector<std::string>& row) {
    row.clear();
    while (m_at < m_text.size()) {
        m_rowLine = m_line;
        row.push_back(cell());
        while (m_at < m_text.size() && m_text[m_at] == m_separator) {
            ++m_at;
            row.push_back(cell());
        }
        if (m_at < m_text.size()) { // a line's end
            ++m_at;
            ++m_line;
        }
        if (row.size() > 1 || !row.front().empty()) {
            return true;
        }
        row.clear();
    }
    return false;
}

} // namespace gatehouse::cli
