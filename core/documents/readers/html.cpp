// SPDX-License-Identifier: Apache-2.0
#include "documents/readers/html.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <utility>

#include "base/utf8.h"
#include "documents/readers/read.h"
#include "documents/readers/text.h"

namespace gatehouse::documents {
namespace {

std::string lower(std::string_view text) {
    std::string out(text);
    std::transform(out.begin(), out.end(), out.begin(),
                   [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c; });
    return out;
}

// Those that texts use; a name that is not known stays as it is.
constexpr std::array<std::pair<std::string_view, char32_t>, 22> kNamed{
    {{"amp", '&'},   {"lt", '<'},       {"gt", '>'},       {"quot", '"'},      {"apos", '\''},   {"nbsp", ' '},
     {"shy", 0xAD},  {"ndash", 0x2013}, {"mdash", 0x2014}, {"hellip", 0x2026}, {"commat", '@'},  {"period", '.'},
     {"colon", ':'}, {"num", '#'},      {"lowbar", '_'},   {"hyphen", 0x2010}, {"dash", 0x2010}, {"auml", 0xE4},
     {"ouml", 0xF6}, {"uuml", 0xFC},    {"szlig", 0xDF},   {"eacute", 0xE9}}};

// The code point that "#64", "#x40" or "commat" names; 0 when it names none.
char32_t referenced(std::string_view name) {
    if (!name.starts_with('#')) {
        const auto found =
            std::find_if(kNamed.begin(), kNamed.end(), [&](const auto& row) { return row.first == name; });
        return found == kNamed.end() ? 0 : found->second;
    }
    name.remove_prefix(1);
    const bool isHex = name.starts_with('x') || name.starts_with('X');
    name.remove_prefix(isHex ? 1 : 0);
    unsigned point = 0;
    const auto [end, error] = std::from_chars(name.data(), name.data() + name.size(), point, isHex ? 16 : 10);
    const bool isPoint = error == std::errc() && end == name.data() + name.size() && point < 0x110000 &&
                         (point < 0xD800 || point > 0xDFFF);
    return isPoint ? point : 0;
}

// Tags inside of a line; all others end it.
bool isInline(std::string_view tag) {
    constexpr std::array<std::string_view, 27> kInline{
        "a",    "abbr", "b", "bdi",  "bdo",   "big",  "cite",   "code",   "del", "em",  "font", "i", "ins", "kbd",
        "mark", "q",    "s", "samp", "small", "span", "strike", "strong", "sub", "sup", "tt",   "u", "wbr"};
    return std::find(kInline.begin(), kInline.end(), tag) != kInline.end();
}

class HtmlReader final {
public:
    explicit HtmlReader(std::string_view page) : m_page(page) {}

    HtmlTexts run() {
        while (m_at < m_page.size()) {
            const std::size_t open = std::min(m_page.find('<', m_at), m_page.size());
            m_texts.shown += unescapeHtml(m_page.substr(m_at, open - m_at));
            m_at = open;
            if (m_at < m_page.size()) {
                readMarkup();
            }
        }
        return std::move(m_texts);
    }

private:
    void readMarkup() {
        const std::string_view rest = m_page.substr(m_at);
        const char next = rest.size() > 1 ? rest[1] : ' ';
        const bool isLetter = (next >= 'a' && next <= 'z') || (next >= 'A' && next <= 'Z');
        if (rest.starts_with("<!--")) {
            take("-->", 4, 3);
        } else if (next == '!' || next == '?') {
            take(">", 1, 1);
        } else if (isLetter || next == '/') {
            readTag();
        } else {
            m_texts.shown += '<';
            ++m_at;
        }
    }

    // Everything from here to `end` is hidden text.
    void take(std::string_view end, std::size_t skip, std::size_t behind) {
        const std::size_t begin = std::min(m_at + skip, m_page.size());
        const std::size_t stop = std::min(m_page.find(end, begin), m_page.size());
        hide(m_page.substr(begin, stop - begin));
        m_at = std::min(stop + behind, m_page.size());
    }

    void hide(std::string_view text) {
        m_texts.hidden += unescapeHtml(text);
        m_texts.hidden += '\n';
    }

    void readTag() {
        const std::size_t end = tagEnd();
        const std::string_view inner = m_page.substr(m_at + 1, end - m_at - 1);
        m_at = std::min(end + 1, m_page.size());
        const bool isClosing = inner.starts_with('/');
        const std::size_t nameEnd = std::min(inner.find_first_of(" \t\r\n/>", isClosing ? 1 : 0), inner.size());
        const std::string name = lower(inner.substr(isClosing ? 1 : 0, nameEnd - (isClosing ? 1 : 0)));
        if (inner.size() > nameEnd || name.size() > 10) {
            hide(inner);
        }
        if (name == "td" || name == "th") {
            m_texts.shown += isClosing ? "\t" : "";
        } else if (!isInline(name)) {
            m_texts.shown += '\n';
        }
        if (!isClosing && (name == "script" || name == "style" || name == "template")) {
            readRaw("</" + name);
        }
    }

    // Where the tag that begins here ends: a ">" outside of quotes.
    [[nodiscard]] std::size_t tagEnd() const {
        char quote = 0;
        for (std::size_t i = m_at + 1; i < m_page.size(); ++i) {
            const char c = m_page[i];
            if (quote != 0) {
                quote = c == quote ? '\0' : quote;
            } else if ((c == '"' || c == '\'') && m_page[i - 1] == '=') {
                quote = c;
            } else if (c == '>') {
                return i;
            }
        }
        return m_page.size();
    }

    void readRaw(const std::string& end) {
        std::size_t stop = m_at;
        while (stop < m_page.size() && lower(m_page.substr(stop, end.size())) != end) {
            stop = std::min(m_page.find('<', stop + 1), m_page.size());
        }
        hide(m_page.substr(m_at, stop - m_at));
        m_at = stop;
    }

    std::string_view m_page;
    std::size_t m_at = 0;
    HtmlTexts m_texts;
};

} // namespace

std::string unescapeHtml(std::string_view text) {
    std::string out;
    out.reserve(text.size());
    for (std::size_t i = 0; i < text.size();) {
        const std::size_t end = text[i] == '&' ? text.substr(i, 12).find(';') : std::string_view::npos;
        const char32_t point = end == std::string_view::npos ? 0 : referenced(text.substr(i + 1, end - 1));
        if (point == 0) {
            out += text[i++];
        } else {
            appendUtf8(out, point);
            i += end + 1;
        }
    }
    return out;
}

HtmlTexts textsOfHtml(std::string_view page) {
    return HtmlReader(page).run();
}

void readHtml(const Source& source, Output& out) {
    const auto text = decodeText(source.bytes);
    if (!text) {
        out.gap(source.at(""), "a format that is not known");
        return;
    }
    out.format("html");
    const HtmlTexts texts = textsOfHtml(*text);
    out.piece(source.at(""), texts.shown);
    out.piece(source.at("markup"), texts.hidden);
}

} // namespace gatehouse::documents
