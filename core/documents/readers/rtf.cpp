// SPDX-License-Identifier: Apache-2.0
// Rich Text Format 1.9.1.
#include <algorithm>
#include <array>
#include <charconv>
#include <vector>

#include "base/utf8.h"
#include "documents/readers/read.h"
#include "documents/readers/text.h"

namespace gatehouse::documents {
namespace {

// Groups that hold tables of the format's own, no text.
constexpr std::array<std::string_view, 16> kTables{
    "fonttbl",   "colortbl", "stylesheet",        "themedata", "colorschememapping", "datastore", "latentstyles",
    "listtable", "rsidtbl",  "listoverridetable", "xmlnstbl",  "wgrffmtfilter",      "mmathPr",   "fontemb",
    "pgptbl",    "filetbl"};
constexpr std::array<std::string_view, 3> kLines{"par", "line", "row"};
constexpr std::array<std::string_view, 4> kGaps{"pict", "objdata", "bin", "blipuid"};

template <std::size_t N>
bool isOneOf(const std::array<std::string_view, N>& words, std::string_view word) {
    return std::find(words.begin(), words.end(), word) != words.end();
}

class RtfReader final {
public:
    explicit RtfReader(std::string_view bytes) : m_bytes(bytes) {}

    void run() {
        while (m_at < m_bytes.size()) {
            const char c = m_bytes[m_at];
            if (c == '{') {
                m_groups.push_back(m_groups.empty() ? Group() : m_groups.back());
                ++m_at;
            } else if (c == '}') {
                leaveGroup();
            } else if (c == '\\') {
                readControl();
            } else {
                if (c != '\r' && c != '\n') {
                    put(windows1252Point(static_cast<unsigned char>(c)));
                }
                ++m_at;
            }
            m_isTooDeep = m_isTooDeep || m_groups.size() > 4096;
            if (m_isTooDeep) {
                return;
            }
        }
    }

    [[nodiscard]] const std::string& shown() const { return m_shown; }
    [[nodiscard]] const std::string& hidden() const { return m_hidden; }
    [[nodiscard]] bool hasGap() const { return m_hasGap; }
    [[nodiscard]] bool isBroken() const { return m_isTooDeep || !m_groups.empty(); }

private:
    struct Group {
        bool isSkipped = false;
        bool isHidden = false;   // not in the text itself: comments, properties, field codes
        std::size_t unicode = 1; // characters that stand behind a \u for readers that do not know it
    };

    Group& group() {
        if (m_groups.empty()) {
            m_groups.emplace_back();
        }
        return m_groups.back();
    }

    void leaveGroup() {
        ++m_at;
        if (!m_groups.empty()) {
            const bool wasHidden = m_groups.back().isHidden;
            m_groups.pop_back();
            if (wasHidden && (m_groups.empty() || !m_groups.back().isHidden)) {
                m_hidden += '\n';
            }
        }
        m_toSkip = 0;
    }

    void put(char32_t point) {
        if (m_toSkip > 0) {
            --m_toSkip;
            return;
        }
        const Group& now = group();
        if (!now.isSkipped) {
            const bool isValid = point != 0 && point < 0x110000 && (point < 0xD800 || point > 0xDFFF);
            appendUtf8(now.isHidden ? m_hidden : m_shown, isValid ? point : 0xFFFD);
        }
    }

    void readControl() {
        ++m_at;
        if (m_at >= m_bytes.size()) {
            return;
        }
        const char c = m_bytes[m_at];
        const bool isLetter = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
        if (isLetter) {
            return readWord();
        }
        ++m_at;
        if (c == '\'') {
            unsigned value = 0;
            const std::string_view digits = m_bytes.substr(m_at, 2);
            std::from_chars(digits.data(), digits.data() + digits.size(), value, 16);
            m_at = std::min(m_at + 2, m_bytes.size());
            put(windows1252Point(static_cast<unsigned char>(value)));
        } else if (c == '*') {
            group().isHidden = true;
        } else if (c == '~') {
            put(' ');
        } else if (c == '_') {
            put('-');
        } else if (c == '\\' || c == '{' || c == '}') {
            put(static_cast<unsigned char>(c));
        } else if (c == '\n' || c == '\r') {
            put('\n');
        }
    }

    void readWord() {
        const std::size_t begin = m_at;
        while (m_at < m_bytes.size() &&
               ((m_bytes[m_at] >= 'a' && m_bytes[m_at] <= 'z') || (m_bytes[m_at] >= 'A' && m_bytes[m_at] <= 'Z'))) {
            ++m_at;
        }
        const std::string_view word = m_bytes.substr(begin, m_at - begin);
        long value = 0;
        const std::string_view rest = m_bytes.substr(m_at, 12);
        const auto [end, error] = std::from_chars(rest.data(), rest.data() + rest.size(), value);
        if (error == std::errc()) {
            m_at += static_cast<std::size_t>(end - rest.data());
        }
        if (m_at < m_bytes.size() && m_bytes[m_at] == ' ') {
            ++m_at;
        }
        act(word, value);
    }

    void act(std::string_view word, long value) {
        if (isOneOf(kLines, word)) {
            put('\n');
        } else if (word == "tab" || word == "cell") {
            put('\t');
        } else if (word == "u") {
            putUnicode(value);
        } else if (word == "uc") {
            group().unicode = static_cast<std::size_t>(std::clamp(value, 0L, 64L));
        } else if (word == "bin") {
            m_at = std::min(m_at + static_cast<std::size_t>(std::max(value, 0L)), m_bytes.size());
            m_hasGap = true;
        } else if (isOneOf(kGaps, word)) {
            group().isSkipped = true;
            m_hasGap = m_hasGap || word != "blipuid";
        } else if (isOneOf(kTables, word)) {
            group().isSkipped = true;
        } else if (word == "info" || word == "fldinst" || word == "annotation" || word == "deleted") {
            group().isHidden = true;
        } else if (word == "emdash" || word == "endash") {
            put('-');
        }
    }

    // \u holds a signed 16-bit unit; two of them may be a pair (UTF-16).
    void putUnicode(long value) {
        const auto unit = static_cast<char32_t>(static_cast<unsigned short>(value));
        if (unit >= 0xD800 && unit < 0xDC00) {
            m_high = unit;
        } else if (unit >= 0xDC00 && unit < 0xE000 && m_high != 0) {
            m_toSkip = 0;
            put(0x10000 + ((m_high - 0xD800) << 10U) + (unit - 0xDC00));
            m_high = 0;
        } else {
            m_toSkip = 0;
            put(unit);
        }
        m_toSkip = group().unicode;
    }

    std::string_view m_bytes;
    std::size_t m_at = 0;
    std::vector<Group> m_groups;
    std::size_t m_toSkip = 0;
    char32_t m_high = 0;
    std::string m_shown;
    std::string m_hidden;
    bool m_hasGap = false;
    bool m_isTooDeep = false;
};

} // namespace

void readRtf(const Source& source, Output& out) {
    out.format("rtf");
    RtfReader reader(source.bytes);
    reader.run();
    out.piece(source.at(""), reader.shown());
    out.piece(source.at("comments and properties"), reader.hidden());
    if (reader.hasGap()) {
        out.gap(source.at("pictures and objects"), "they are not read");
    }
    if (reader.isBroken()) {
        out.gap(source.at("the end"), "it is broken");
    }
}

} // namespace gatehouse::documents
