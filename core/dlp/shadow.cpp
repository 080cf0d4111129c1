// SPDX-License-Identifier: Apache-2.0
#include "dlp/shadow.h"

#include <algorithm>
#include <array>
#include <cstring>

#include "base/utf8.h"
#include "dlp/confusables.h"

namespace gatehouse::dlp {
namespace {

constexpr bool isEscapeOfSpace(char c) {
    return c == 'n' || c == 'r' || c == 't' || c == '"';
}

// The next byte that is not ASCII.
std::size_t nextOther(std::string_view text, std::size_t position) {
    using Block = std::array<std::uint64_t, 4>;
    while (position + sizeof(Block) <= text.size()) {
        Block block;
        std::memcpy(block.data(), text.data() + position, sizeof(Block));
        if (((block[0] | block[1] | block[2] | block[3]) & 0x8080808080808080ULL) != 0) {
            break;
        }
        position += sizeof(Block);
    }
    while (position < text.size() && static_cast<unsigned char>(text[position]) < 0x80) {
        ++position;
    }
    return position;
}

constexpr std::size_t kMaxWord = 64;

constexpr bool isWordByte(char c) {
    return isLetter(c) || isDigit(c) || static_cast<unsigned char>(c) >= 0x80;
}

} // namespace

// A word mixes scripts when it has an ASCII letter, or digits and otherwise only letters that look like ours.
bool Shadow::isInMixedWord(std::size_t offset) {
    if (offset < m_wordEnd) {
        return m_wordIsMixed;
    }
    std::size_t begin = offset;
    while (begin > 0 && offset - begin < kMaxWord && isWordByte(m_original[begin - 1])) {
        --begin;
    }
    bool hasLatin = false;
    bool hasDigit = false;
    bool hasScript = false;
    std::size_t end = begin;
    while (end < m_original.size() && end < offset + kMaxWord && isWordByte(m_original[end])) {
        const CodePoint point = decodeUtf8(m_original, end);
        hasLatin = hasLatin || (point.value < 0x80 && isLetter(static_cast<char>(point.value)));
        hasDigit = hasDigit || (point.value < 0x80 && isDigit(static_cast<char>(point.value)));
        hasScript = hasScript || (point.value >= 0x80 && !isInvisible(point.value) && foldedForm(point.value) == '\0' &&
                                  lookalike(point.value) == '\0');
        end += std::max<std::size_t>(point.size, 1);
    }
    m_wordEnd = end;
    m_wordIsMixed = hasLatin || (hasDigit && !hasScript);
    return m_wordIsMixed;
}

void Shadow::markAt(std::size_t offset) {
    const auto shadow = static_cast<std::uint32_t>(m_text.size());
    const auto original = static_cast<std::uint32_t>(offset);
    if (!m_marks.empty() && original - m_marks.back().original == shadow - m_marks.back().shadow) {
        return;
    }
    if (!m_marks.empty() && m_marks.back().shadow == shadow) {
        m_marks.back().original = original;
        return;
    }
    m_marks.push_back({shadow, original});
}

void Shadow::blankEscapes(std::size_t textFrom, std::string_view run) {
    std::size_t found = run.find('\\');
    while (found != std::string_view::npos && found + 1 < run.size()) {
        if (isEscapeOfSpace(run[found + 1])) {
            m_text[textFrom + found] = ' ';
            m_text[textFrom + found + 1] = run[found + 1] == '"' ? '"' : ' ';
        }
        found = run.find('\\', found + 2); // a backslash behind a backslash escapes nothing
    }
}

void Shadow::appendAscii(std::string_view run, std::size_t offset) {
    if (run.empty()) {
        return;
    }
    markAt(offset);
    const std::size_t from = m_text.size();
    m_text += run;
    blankEscapes(from, run);
}

void Shadow::appendOther(char32_t value, std::size_t offset, std::string_view bytes) {
    if (isInvisible(value)) {
        return;
    }
    char ascii = foldedForm(value);
    if (ascii == '\0') {
        ascii = lookalike(value);
        ascii = ascii != '\0' && isInMixedWord(offset) ? ascii : '\0';
    }
    markAt(offset);
    if (ascii != '\0') {
        m_text += ascii;
    } else {
        m_text += bytes;
    }
}

void Shadow::build(std::string_view original) {
    m_original = original;
    m_isIdentical = true;
    m_marks.clear();
    m_text.clear();
    m_wordEnd = 0;
    std::size_t position = nextOther(original, 0);
    if (position == original.size()) {
        if (original.find('\\') != std::string_view::npos) {
            m_isIdentical = false;
            m_text = original;
            blankEscapes(0, original);
        }
        return;
    }
    m_isIdentical = false;
    m_text.reserve(original.size());
    appendAscii(original.substr(0, position), 0);
    while (position < original.size()) {
        const CodePoint point = decodeUtf8(original, position);
        const std::size_t size = std::max<std::size_t>(point.size, 1);
        // Bytes that are not UTF-8 are kept: they separate, as any unknown character does.
        appendOther(point.size == 0 ? 0xFFFD : point.value, position, original.substr(position, size));
        position += size;
        const std::size_t next = nextOther(original, position);
        appendAscii(original.substr(position, next - position), position);
        position = next;
    }
}

Span Shadow::toOriginal(Span span) const {
    if (m_marks.empty() || span.begin >= span.end) {
        return span;
    }
    const auto place = [this](std::size_t shadow) {
        const auto after = std::upper_bound(m_marks.begin(), m_marks.end(), shadow,
                                            [](std::size_t wanted, const Mark& mark) { return wanted < mark.shadow; });
        const Mark& mark = *(after - 1);
        return mark.original + (shadow - mark.shadow);
    };
    // The end is where the last character ends, not where the next visible one begins: what is invisible behind a value
    // does not belong to it.
    const std::size_t last = place(span.end - 1);
    const CodePoint point = decodeUtf8(m_original, last);
    return {place(span.begin), last + std::max<std::size_t>(point.size, 1)};
}

std::size_t Shadow::fromOriginal(std::size_t position) const {
    if (m_marks.empty()) {
        return position;
    }
    const auto after = std::upper_bound(m_marks.begin(), m_marks.end(), position,
                                        [](std::size_t wanted, const Mark& mark) { return wanted < mark.original; });
    if (after == m_marks.begin()) {
        return 0;
    }
    // Behind what was folded or removed the next mark begins.
    const Mark& mark = *(after - 1);
    const std::size_t bound = after == m_marks.end() ? m_text.size() : after->shadow;
    return std::min(mark.shadow + (position - mark.original), bound);
}

} // namespace gatehouse::dlp
