// SPDX-License-Identifier: Apache-2.0
#include "dlp/views.h"

#include <algorithm>
#include <array>
#include <numeric>
#include <tuple>
#include <utility>

#include "base/utf8.h"

namespace gatehouse::dlp {
namespace {

// What is taken along on both sides of an escape: the value that it is part of, and words of context.
constexpr std::size_t kMarginBefore = 96;
constexpr std::size_t kMarginBehind = 64;

struct Escape {
    std::size_t size = 0; // 0: none here
    std::string text;     // what it stands for
};

int hexDigit(char c) {
    if (isDigit(c)) {
        return c - '0';
    }
    const char lower = static_cast<char>(c | 0x20);
    return lower >= 'a' && lower <= 'f' ? lower - 'a' + 10 : -1;
}

// Up to `most` hex digits at `position`; the count and the value.
std::pair<std::size_t, char32_t> hexNumber(std::string_view text, std::size_t position, std::size_t most) {
    char32_t value = 0;
    std::size_t count = 0;
    while (count < most && position + count < text.size() && hexDigit(text[position + count]) >= 0) {
        value = value * 16 + static_cast<char32_t>(hexDigit(text[position + count]));
        ++count;
    }
    return {count, value};
}

std::string utf8(char32_t value) {
    std::string out;
    if (value != 0 && value < 0x110000 && (value < 0xD800 || value > 0xDFFF)) {
        appendUtf8(out, value);
    }
    return out;
}

Escape percentAt(std::string_view text, std::size_t at) {
    const auto [count, value] = hexNumber(text, at + 1, 2);
    return count == 2 ? Escape{3, std::string(1, static_cast<char>(value))} : Escape{};
}

Escape quotedPrintableAt(std::string_view text, std::size_t at) {
    if (dlp::at(text, at + 1) == '\n') {
        return {2, ""};
    }
    if (dlp::at(text, at + 1) == '\r' && dlp::at(text, at + 2) == '\n') {
        return {3, ""};
    }
    // Encoders write capitals. Two plain digits are far more often a value ("status=200"), but for an e-mail's sign and
    // where one follows the other.
    const auto [count, value] = hexNumber(text, at + 1, 2);
    const auto isCapitalHex = [](char c) { return isDigit(c) || (c >= 'A' && c <= 'F'); };
    const bool isPlain = count == 2 && isDigit(text[at + 1]) && isDigit(text[at + 2]);
    const auto isEscape = [text, isCapitalHex](std::size_t begin) {
        return dlp::at(text, begin) == '=' && isCapitalHex(dlp::at(text, begin + 1)) &&
               isCapitalHex(dlp::at(text, begin + 2));
    };
    const bool isInRun = isEscape(at + 3) || (at >= 3 && isEscape(at - 3));
    const bool isCanonical = count == 2 && isCapitalHex(text[at + 1]) && isCapitalHex(text[at + 2]) &&
                             (!isPlain || isInRun || (value == '@' && isLetter(dlp::at(text, at + 3))));
    return isCanonical ? Escape{3, std::string(1, static_cast<char>(value))} : Escape{};
}

Escape escapeAt(std::string_view text, std::size_t at) {
    const char kind = dlp::at(text, at + 1);
    if (kind == '/') {
        return {2, "/"};
    }
    if (kind == 'x') {
        const auto [count, value] = hexNumber(text, at + 2, 2);
        return count == 2 ? Escape{4, std::string(1, static_cast<char>(value))} : Escape{};
    }
    if (kind != 'u') {
        return {};
    }
    if (dlp::at(text, at + 2) == '{') {
        const auto [count, value] = hexNumber(text, at + 3, 6);
        return count > 0 && dlp::at(text, at + 3 + count) == '}' ? Escape{count + 4, utf8(value)} : Escape{};
    }
    const auto [count, high] = hexNumber(text, at + 2, 4);
    if (count != 4) {
        return {};
    }
    if (high >= 0xD800 && high < 0xDC00 && dlp::at(text, at + 6) == '\\' && dlp::at(text, at + 7) == 'u') {
        const auto [more, low] = hexNumber(text, at + 8, 4);
        if (more == 4 && low >= 0xDC00 && low < 0xE000) {
            return {12, utf8(0x10000 + ((high - 0xD800) << 10U) + (low - 0xDC00))};
        }
    }
    return {6, utf8(high)};
}

constexpr std::array<std::pair<std::string_view, std::string_view>, 24> kEntities{{
    {"amp", "&"},    {"lt", "<"},     {"gt", ">"},     {"quot", "\""}, {"apos", "'"}, {"nbsp", " "},
    {"commat", "@"}, {"period", "."}, {"colon", ":"},  {"comma", ","}, {"sol", "/"},  {"lowbar", "_"},
    {"hyphen", "-"}, {"dash", "-"},   {"ndash", "-"},  {"minus", "-"}, {"num", "#"},  {"plus", "+"},
    {"equals", "="}, {"ensp", " "},   {"thinsp", " "}, {"shy", ""},    {"zwnj", ""},  {"zwj", ""},
}};

Escape entityAt(std::string_view text, std::size_t at) {
    if (dlp::at(text, at + 1) == '#') {
        const bool isHex = (dlp::at(text, at + 2) | 0x20) == 'x';
        std::size_t digits = 0;
        char32_t value = 0;
        if (isHex) {
            std::tie(digits, value) = hexNumber(text, at + 3, 6);
        } else {
            while (digits < 7 && isDigit(dlp::at(text, at + 2 + digits))) {
                value = value * 10 + static_cast<char32_t>(text[at + 2 + digits] - '0');
                ++digits;
            }
        }
        const std::size_t end = at + (isHex ? 3 : 2) + digits;
        const std::size_t size = end - at + (dlp::at(text, end) == ';' ? 1 : 0);
        return digits > 0 ? Escape{size, utf8(value)} : Escape{};
    }
    const std::size_t end = text.substr(0, at + 12).find(';', at);
    if (end == std::string_view::npos) {
        return {};
    }
    const std::string_view name = text.substr(at + 1, end - at - 1);
    for (const auto& [known, value] : kEntities) {
        if (known == name) {
            return {end + 1 - at, std::string(value)};
        }
    }
    return {};
}

// A line break in the middle of a number: "4111 1111-\n1111 1111".
Escape wrapAt(std::string_view text, std::size_t at) {
    std::size_t end = at + 1;
    while (end < text.size() && end < at + 8 && (text[end] == ' ' || text[end] == '\t' || text[end] == '>')) {
        ++end;
    }
    std::size_t last = at;
    while (last > 0 && at - last < 3 && (text[last - 1] == '\r' || text[last - 1] == ' ' || text[last - 1] == '-')) {
        --last;
    }
    const bool joins = last > 0 && isDigit(text[last - 1]) && isDigit(dlp::at(text, end));
    return joins ? Escape{end - at, " "} : Escape{};
}

// A tab in the middle of a number, as spreadsheets and forms paste it, or a NUL, which people do not see.
Escape tabAt(std::string_view text, std::size_t at) {
    const bool joins = at > 0 && isDigit(text[at - 1]) && isDigit(dlp::at(text, at + 1));
    return joins ? Escape{1, " "} : Escape{};
}

// Marks of emphasis or code between the groups of a number: "**4111** **1111**", "`4111` `1111`". A lone '*' is a sign
// of arithmetic.
Escape emphasisAt(std::string_view text, std::size_t at) {
    if (at == 0 || !isDigit(text[at - 1])) {
        return {};
    }
    std::size_t end = at;
    while (end < text.size() && end - at < 8 && (text[end] == '*' || text[end] == '`' || text[end] == ' ')) {
        ++end;
    }
    const std::string_view marks = text.substr(at, end - at);
    const bool isPair = marks.find(' ') != std::string_view::npos && marks.size() >= 3;
    return isPair && isDigit(dlp::at(text, end)) ? Escape{marks.size(), " "} : Escape{};
}

struct Kind {
    Encoding encoding;
    char lead;
    Escape (*read)(std::string_view, std::size_t);
};
constexpr std::array<Kind, 9> kKinds{{{Encoding::percent, '%', &percentAt},
                                      {Encoding::entity, '&', &entityAt},
                                      {Encoding::escape, '\\', &escapeAt},
                                      {Encoding::quotedPrintable, '=', &quotedPrintableAt},
                                      {Encoding::wrapped, '\n', &wrapAt},
                                      {Encoding::tabbed, '\t', &tabAt},
                                      {Encoding::tabbed, '\0', &tabAt},
                                      {Encoding::emphasis, '*', &emphasisAt},
                                      {Encoding::emphasis, '`', &emphasisAt}}};

// Where the piece around an escape begins: a margin in front, from the start of a word on.
std::size_t marginStart(std::string_view text, std::size_t position) {
    std::size_t begin = position > kMarginBefore ? position - kMarginBefore : 0;
    while (begin > 0 && begin < position && isWord(text[begin - 1])) {
        ++begin;
    }
    return utf8Boundary(text, begin);
}

class PieceReader final {
public:
    PieceReader(std::string_view text, const Kind& kind, const View* outer)
        : m_text(text)
        , m_kind(kind)
        , m_outer(outer) {}

    // The next piece with an escape from `position` on; false when there is none.
    bool next(std::size_t& position, View& view) {
        std::size_t found = m_text.find(m_kind.lead, position);
        Escape escape;
        while (found != std::string_view::npos && (escape = escapeAtPlace(found)).size == 0) {
            found = m_text.find(m_kind.lead, found + 1);
        }
        if (found == std::string_view::npos) {
            return false;
        }
        view = {};
        view.encoding = m_kind.encoding;
        view.source.begin = std::max(marginStart(m_text, found), m_floor);
        std::size_t at = view.source.begin;
        std::size_t stop = found + escape.size + kMarginBehind;
        while (at < m_text.size() && (at < stop || isWord(m_text[at]))) {
            // What holds no escape is taken as it stands.
            const std::string_view plain = m_text.substr(at, std::max(stop, at + 1) - at);
            const std::size_t lead = std::min(plain.find(m_kind.lead), plain.size());
            escape = lead == 0 ? escapeAtPlace(at) : Escape{};
            if (escape.size == 0) {
                const std::size_t size = std::max<std::size_t>(lead, 1);
                putPlain(view, m_text.substr(at, size), at);
                at += size;
                continue;
            }
            view.decoded.push_back(static_cast<std::uint32_t>(view.text.size()));
            put(view, escape.text, at);
            at += escape.size;
            stop = std::max(stop, at + kMarginBehind);
            if (at > view.source.begin + kMaxPiece) {
                break;
            }
        }
        view.offsets.push_back(static_cast<std::uint32_t>(at));
        view.source.end = at;
        position = at;
        m_floor = at > kMarginBefore ? at - kMarginBefore : 0;
        return true;
    }

private:
    static constexpr std::size_t kMaxPiece = 64UL * 1024UL;
    Escape escapeAtPlace(std::size_t at) const {
        Escape escape = m_kind.read(m_text, at);
        return escape.size != 0 && isNew(m_outer, {at, at + escape.size}) ? escape : Escape{};
    }
    static void put(View& view, std::string_view bytes, std::size_t offset) {
        view.text += bytes;
        view.offsets.insert(view.offsets.end(), bytes.size(), static_cast<std::uint32_t>(offset));
    }
    static void putPlain(View& view, std::string_view bytes, std::size_t offset) {
        view.text += bytes;
        const std::size_t from = view.offsets.size();
        view.offsets.resize(from + bytes.size());
        std::iota(view.offsets.begin() + static_cast<std::ptrdiff_t>(from), view.offsets.end(),
                  static_cast<std::uint32_t>(offset));
    }
    std::string_view m_text;
    const Kind& m_kind;
    const View* m_outer;
    std::size_t m_floor = 0;
};

} // namespace

std::string_view encodingReason(Encoding encoding) {
    switch (encoding) {
    case Encoding::percent:
        return "inside percent encoding";
    case Encoding::entity:
        return "inside character references";
    case Encoding::escape:
        return "inside character escapes";
    case Encoding::quotedPrintable:
        return "inside quoted-printable";
    case Encoding::wrapped:
        return "broken over lines";
    case Encoding::tabbed:
        return "with tabs or control characters between its groups";
    case Encoding::emphasis:
        return "with marks of emphasis inside";
    case Encoding::base64:
        return "inside base64";
    case Encoding::hex:
        return "inside hexadecimal";
    }
    return "";
}

bool View::isOwed(Span span) const {
    if (offsets.empty()) {
        return true;
    }
    // What joins the groups of a number must lie inside; any other escape may also be what stands right before or
    // behind.
    const std::size_t slack = mayBeColumn() || encoding == Encoding::emphasis ? 0 : 1;
    const std::size_t low = span.begin >= slack ? span.begin - slack : 0;
    const auto first = std::lower_bound(decoded.begin(), decoded.end(), static_cast<std::uint32_t>(low));
    return first != decoded.end() && *first < span.end + slack;
}

Span View::toSource(Span span) const {
    return offsets.empty() ? source : Span{offsets[span.begin], offsets[span.end]};
}

bool isNew(const View* outer, Span span) {
    if (outer == nullptr || outer->offsets.empty()) {
        return true;
    }
    const auto first =
        std::lower_bound(outer->decoded.begin(), outer->decoded.end(), static_cast<std::uint32_t>(span.begin));
    return first != outer->decoded.end() && *first < span.end;
}

bool findViews(std::string_view text, std::size_t from, const View* outer, std::size_t& budget,
               std::vector<View>& views) {
    for (const Kind& kind : kKinds) {
        if (text.find(kind.lead, from) == std::string_view::npos) {
            continue;
        }
        PieceReader reader(text, kind, outer);
        std::size_t position = from;
        View view;
        while (reader.next(position, view)) {
            if (view.text.size() > budget) {
                return false;
            }
            budget -= view.text.size();
            views.push_back(std::move(view));
        }
    }
    return findEncodedRuns(text, from, outer, budget, views);
}

} // namespace gatehouse::dlp
