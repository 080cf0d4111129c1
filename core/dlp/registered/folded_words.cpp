// SPDX-License-Identifier: Apache-2.0
#include "dlp/registered/folded_words.h"

#include <algorithm>

#include "base/utf8.h"
#include "dlp/names/fold.h"

namespace gatehouse::dlp {
namespace {

enum class Kind { none, letter, lone };

Kind kindOf(char32_t point) {
    const bool isLone = (point >= 0x3041 && point <= 0x30FF) || (point >= 0x3400 && point <= 0x9FFF) ||
                        (point >= 0xAC00 && point <= 0xD7AF) || (point >= 0x20000 && point <= 0x323AF);
    if (isLone) {
        return Kind::lone;
    }
    const bool isSign = point == 0xD7 || point == 0xF7;
    const bool isLetterLike = (point >= 0xC0 && point <= 0x1FFF && !isSign) || point == 0xAA || point == 0xBA;
    return isLetterLike ? Kind::letter : Kind::none;
}

} // namespace

void FoldedWords::add(std::string_view text, Span span) {
    const std::size_t begin = m_folded.size();
    // Folded keeps 64 bytes of a word: longer ones go in pieces, whole characters each.
    for (std::size_t at = span.begin; at < span.end;) {
        const std::size_t piece = utf8Boundary(text, std::min(span.end, at + Folded::kMaxBytes / 2));
        const std::size_t end = piece > at ? piece : std::min(span.end, at + 1);
        m_folded += Folded(text.substr(at, end - at)).text();
        at = end;
    }
    if (m_folded.size() > begin) {
        m_words.push_back({span, begin});
    }
}

void FoldedWords::build(std::string_view text, std::size_t start) {
    m_words.clear();
    m_folded.clear();
    std::size_t i = start;
    while (i < text.size()) {
        std::size_t end = i;
        bool isLone = false;
        while (end < text.size() && !isLone) {
            if (static_cast<unsigned char>(text[end]) < 0x80) {
                if (!isLetter(text[end]) && !isDigit(text[end])) {
                    break;
                }
                ++end;
                continue;
            }
            const CodePoint point = decodeUtf8(text, end);
            const Kind kind = point.size == 0 ? Kind::none : kindOf(point.value);
            if (kind == Kind::none || (kind == Kind::lone && end > i)) {
                break;
            }
            end += point.size;
            isLone = kind == Kind::lone;
        }
        if (end > i) {
            add(text, {i, end});
            i = end;
        } else {
            i += static_cast<unsigned char>(text[i]) < 0x80 ? 1 : std::max<std::size_t>(decodeUtf8(text, i).size, 1);
        }
    }
}

std::size_t FoldedWords::from(std::size_t position) const {
    const auto found = std::lower_bound(m_words.begin(), m_words.end(), position,
                                        [](const Word& word, std::size_t wanted) { return word.span.begin < wanted; });
    return static_cast<std::size_t>(found - m_words.begin());
}

std::size_t FoldedWords::until(std::size_t position) const {
    const auto found = std::upper_bound(m_words.begin(), m_words.end(), position,
                                        [](std::size_t wanted, const Word& word) { return wanted < word.span.end; });
    return static_cast<std::size_t>(found - m_words.begin());
}

} // namespace gatehouse::dlp
