// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <algorithm>
#include <cstdint>
#include <cstring>
#include <string>
#include <string_view>
#include <unordered_set>
#include <vector>

#include <fmt/format.h>

#include "base/json.h"
#include "base/utf8.h"

// Private to this room: the one pass over a strict JSON document. What is made of it is its sink's matter:
//   key(pointer, begin, end, text)     a member's name; the pointer is that of the member
//   string(pointer, begin, end, text)  begin and end are the token with its quotes, the text is decoded
//   number(pointer, begin, token)      false: it is refused as outside the range of a double
//   literal(bool or nullptr), open(isObject), close()
namespace gatehouse {

// The member names of one object. Most have a handful, which are compared one by one.
class JsonKeySet final {
public:
    // False when it is there already.
    bool insert(std::string_view key) {
        if (m_few.size() < kFew) {
            if (std::find(m_few.begin(), m_few.end(), key) != m_few.end()) {
                return false;
            }
            if (m_few.empty()) {
                m_few.reserve(kUsual);
            }
            m_few.emplace_back(key);
            return true;
        }
        if (m_many.empty()) {
            m_many.insert(m_few.begin(), m_few.end());
        }
        return m_many.emplace(key).second;
    }

private:
    static constexpr std::size_t kFew = 16;
    static constexpr std::size_t kUsual = 6;
    std::vector<std::string> m_few;
    std::unordered_set<std::string> m_many;
};

// A non-recursive scanner: its stack is a vector, so that depth costs heap and is counted.
template <typename Sink>
class JsonScanner final {
public:
    JsonScanner(std::string_view document, const JsonLimits& limits, Sink& sink)
        : m_document(document)
        , m_limits(limits)
        , m_sink(sink) {}

    Result<> run() {
        if (m_document.size() > m_limits.maxBytes) {
            return fail(ErrorKind::limit, fmt::format("JSON: document above {} bytes", m_limits.maxBytes));
        }
        GH_CHECK(value());
        while (!m_levels.empty()) {
            GH_CHECK(next());
        }
        skipSpace();
        if (m_at != m_document.size()) {
            return wrong("something follows the document");
        }
        return {};
    }

    [[nodiscard]] std::size_t position() const { return m_at; }

private:
    struct Level {
        bool isObject = false;
        bool isFirst = true;
        std::size_t pointerSize = 0; // of the container itself
        std::size_t index = 0;
        JsonKeySet keys;
    };

    [[nodiscard]] std::unexpected<Error> wrong(std::string_view fault) const {
        return fail(ErrorKind::invalidInput, fmt::format("JSON: {} at byte {}", fault, m_at));
    }

    void skipSpace() {
        while (m_at < m_document.size() && (m_document[m_at] == ' ' || m_document[m_at] == '\n' ||
                                            m_document[m_at] == '\r' || m_document[m_at] == '\t')) {
            ++m_at;
        }
    }

    [[nodiscard]] char peek() const { return m_at < m_document.size() ? m_document[m_at] : '\0'; }

    Result<> countNode() {
        if (++m_nodes > m_limits.maxNodes) {
            return fail(ErrorKind::limit, fmt::format("JSON: more than {} values", m_limits.maxNodes));
        }
        return {};
    }

    // Reads one value; a container is opened and its members follow in next().
    Result<> value() {
        skipSpace();
        GH_CHECK(countNode());
        switch (peek()) {
        case '{':
        case '[':
            return open(peek() == '{');
        case '"':
            return string();
        case 't':
            return word("true", true);
        case 'f':
            return word("false", false);
        case 'n':
            return word("null", nullptr);
        default:
            return number();
        }
    }

    Result<> open(bool isObject) {
        if (m_levels.size() >= m_limits.maxDepth) {
            return fail(ErrorKind::limit, fmt::format("JSON: nested deeper than {}", m_limits.maxDepth));
        }
        Level level;
        level.isObject = isObject;
        level.pointerSize = m_pointer.size();
        m_levels.push_back(std::move(level));
        ++m_at;
        m_sink.open(isObject);
        return {};
    }

    // One step inside the innermost container: its end, or a separator and one more member.
    Result<> next() {
        Level& level = m_levels.back();
        m_pointer.resize(level.pointerSize);
        skipSpace();
        if (peek() == (level.isObject ? '}' : ']')) {
            ++m_at;
            m_levels.pop_back();
            m_sink.close();
            return {};
        }
        if (!level.isFirst) {
            if (peek() != ',') {
                return wrong("a comma or the end of the container is missing");
            }
            ++m_at;
            skipSpace();
        }
        level.isFirst = false;
        if (level.isObject) {
            GH_CHECK(key(level));
        } else {
            m_pointer += '/';
            m_pointer += std::to_string(level.index++);
        }
        return value();
    }

    Result<> key(Level& level) {
        if (peek() != '"') {
            return wrong("a member name is missing");
        }
        GH_CHECK(countNode());
        const std::size_t begin = m_at;
        std::string text;
        GH_CHECK(stringToken(text));
        if (!level.keys.insert(text)) {
            m_at = begin;
            return wrong("a member name occurs twice");
        }
        m_pointer += '/';
        appendSegment(text);
        m_sink.key(m_pointer, begin, m_at, std::move(text));
        skipSpace();
        if (peek() != ':') {
            return wrong("a colon is missing");
        }
        ++m_at;
        return {};
    }

    // RFC 6901 §3: "~" and "/" are escaped.
    void appendSegment(std::string_view text) {
        for (std::size_t at = 0; at < text.size();) {
            const std::size_t odd = std::min(text.find_first_of("~/", at), text.size());
            m_pointer.append(text, at, odd - at);
            if (odd < text.size()) {
                m_pointer += text[odd] == '~' ? "~0" : "~1";
            }
            at = odd + 1;
        }
    }

    Result<> string() {
        const std::size_t begin = m_at;
        std::string text;
        GH_CHECK(stringToken(text));
        m_sink.string(m_pointer, begin, m_at, std::move(text));
        return {};
    }

    Result<> stringToken(std::string& out) {
        ++m_at; // the opening quote
        for (;;) {
            const std::size_t run = plainRun();
            out.append(m_document, m_at, run);
            m_at += run;
            if (out.size() > m_limits.maxString) {
                return fail(ErrorKind::limit, fmt::format("JSON: a string above {} bytes", m_limits.maxString));
            }
            if (m_at >= m_document.size()) {
                return wrong("a string does not end");
            }
            const auto byte = static_cast<unsigned char>(m_document[m_at]);
            if (byte == '"') {
                ++m_at;
                return {};
            }
            if (byte < 0x20) {
                return wrong("a control character in a string");
            }
            if (byte == '\\') {
                GH_CHECK(escape(out));
                continue;
            }
            const CodePoint point = decodeUtf8(m_document, m_at);
            if (point.size == 0) {
                return wrong("bytes that are not UTF-8");
            }
            out.append(m_document, m_at, point.size);
            m_at += point.size;
        }
    }

    // Eight bytes at once: a byte's high bit is set where it is below 0x20, above 0x7F, a quote or a backslash. A byte
    // may borrow from the one above it, which only sends a plain byte the slow way.
    [[nodiscard]] static bool arePlain(const char* bytes) {
        constexpr std::uint64_t kOnes = 0x0101010101010101;
        std::uint64_t word = 0;
        std::memcpy(&word, bytes, sizeof(word));
        const std::uint64_t quotes = word ^ (kOnes * '"');
        const std::uint64_t backslashes = word ^ (kOnes * '\\');
        const std::uint64_t odd =
            word | (word - kOnes * 0x20) | ((quotes - kOnes) & ~quotes) | ((backslashes - kOnes) & ~backslashes);
        return (odd & (kOnes * 0x80)) == 0;
    }

    // How many of the next bytes are plain ASCII, neither quote nor backslash nor control.
    [[nodiscard]] std::size_t plainRun() const {
        std::size_t end = m_at;
        while (end + sizeof(std::uint64_t) <= m_document.size() && arePlain(m_document.data() + end)) {
            end += sizeof(std::uint64_t);
        }
        while (end < m_document.size()) {
            const auto byte = static_cast<unsigned char>(m_document[end]);
            if (byte < 0x20 || byte >= 0x80 || byte == '"' || byte == '\\') {
                break;
            }
            ++end;
        }
        return end - m_at;
    }

    Result<> escape(std::string& out) {
        ++m_at;
        const char c = peek();
        ++m_at;
        switch (c) {
        case '"':
        case '\\':
        case '/':
            out += c;
            return {};
        case 'b':
            out += '\b';
            return {};
        case 'f':
            out += '\f';
            return {};
        case 'n':
            out += '\n';
            return {};
        case 'r':
            out += '\r';
            return {};
        case 't':
            out += '\t';
            return {};
        case 'u':
            return unicodeEscape(out);
        default:
            return wrong("an unknown escape");
        }
    }

    Result<> unicodeEscape(std::string& out) {
        GH_TRY(char32_t point, fourHex());
        if (point >= 0xDC00 && point <= 0xDFFF) {
            return wrong("a lone surrogate");
        }
        if (point >= 0xD800 && point <= 0xDBFF) {
            if (m_document.substr(m_at, 2) != "\\u") {
                return wrong("a lone surrogate");
            }
            m_at += 2;
            GH_TRY(const char32_t low, fourHex());
            if (low < 0xDC00 || low > 0xDFFF) {
                return wrong("a lone surrogate");
            }
            point = 0x10000 + ((point - 0xD800) << 10U) + (low - 0xDC00);
        }
        appendUtf8(out, point);
        return {};
    }

    Result<char32_t> fourHex() {
        char32_t value = 0;
        for (int i = 0; i < 4; ++i, ++m_at) {
            const char c = peek();
            const char lower = static_cast<char>(c | 0x20);
            if (c >= '0' && c <= '9') {
                value = value * 16 + static_cast<char32_t>(c - '0');
            } else if (lower >= 'a' && lower <= 'f') {
                value = value * 16 + static_cast<char32_t>(lower - 'a' + 10);
            } else {
                return wrong("an escape without four hex digits");
            }
        }
        return value;
    }

    template <typename Value>
    Result<> word(std::string_view expected, Value value) {
        if (m_document.substr(m_at, expected.size()) != expected) {
            return wrong("an unknown word");
        }
        m_at += expected.size();
        m_sink.literal(value);
        return {};
    }

    std::size_t digits() {
        const std::size_t begin = m_at;
        while (peek() >= '0' && peek() <= '9') {
            ++m_at;
        }
        return m_at - begin;
    }

    // RFC 8259 §6; values that a double cannot hold are the sink's to refuse.
    Result<> number() {
        const std::size_t begin = m_at;
        if (peek() == '-') {
            ++m_at;
        }
        const bool leadingZero = peek() == '0';
        const std::size_t whole = digits();
        if (whole == 0 || (leadingZero && whole > 1)) {
            m_at = begin;
            return wrong("no JSON value");
        }
        if (peek() == '.') {
            ++m_at;
            if (digits() == 0) {
                return wrong("a number without digits after its point");
            }
        }
        if (peek() == 'e' || peek() == 'E') {
            ++m_at;
            if (peek() == '+' || peek() == '-') {
                ++m_at;
            }
            if (digits() == 0) {
                return wrong("a number without digits in its exponent");
            }
        }
        if (!m_sink.number(m_pointer, begin, m_document.substr(begin, m_at - begin))) {
            return fail(ErrorKind::invalidInput, "JSON: a number outside the range of a double");
        }
        return {};
    }

    std::string_view m_document;
    const JsonLimits& m_limits;
    Sink& m_sink;
    std::vector<Level> m_levels;
    std::string m_pointer;
    std::size_t m_at = 0;
    std::size_t m_nodes = 0;
};

} // namespace gatehouse
