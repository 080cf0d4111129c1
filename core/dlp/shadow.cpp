// SPDX-License-Identifier: Apache-2.0
#include "dlp/shadow.h"

#include <algorithm>
#include <array>

#include "base/utf8.h"

namespace gatehouse::dlp {
namespace {

// First code points of the decimal digit blocks (Unicode category Nd) of the scripts in common use.
constexpr std::array<char32_t, 24> kDigitBlocks{0x0660, 0x06F0, 0x07C0, 0x0966, 0x09E6, 0x0A66, 0x0AE6,  0x0B66,
                                                0x0BE6, 0x0C66, 0x0CE6, 0x0D66, 0x0E50, 0x0ED0, 0x0F20,  0x1040,
                                                0x17E0, 0x1810, 0xA9D0, 0xAA50, 0xABF0, 0xFF10, 0x1D7CE, 0x1D7D8};

bool isInvisible(char32_t value) {
    return value == 0xAD || value == 0x34F || value == 0x61C || value == 0x180E ||
           (value >= 0x200B && value <= 0x200F) || (value >= 0x202A && value <= 0x202E) ||
           (value >= 0x2060 && value <= 0x206F) || value == 0xFEFF || (value >= 0xFE00 && value <= 0xFE0F) ||
           (value >= 0xE0000 && value <= 0xE007F);
}

bool isSpace(char32_t value) {
    return value == 0xA0 || value == 0x1680 || (value >= 0x2000 && value <= 0x200A) || value == 0x202F ||
           value == 0x205F || value == 0x3000;
}

bool isDash(char32_t value) {
    return (value >= 0x2010 && value <= 0x2015) || value == 0x2212 || value == 0xFE58 || value == 0xFE63;
}

// The ASCII character that stands for a code point, or NUL when it stays as it is.
char folded(char32_t value) {
    if (isSpace(value)) {
        return ' ';
    }
    if (isDash(value)) {
        return '-';
    }
    for (const char32_t block : kDigitBlocks) {
        if (value >= block && value < block + 10) {
            return static_cast<char>('0' + (value - block));
        }
    }
    if (value >= 0xFF01 && value <= 0xFF5E) { // full-width forms
        return static_cast<char>(value - 0xFF01 + 0x21);
    }
    return '\0';
}

} // namespace

void Shadow::append(char32_t value, std::size_t offset, std::string_view bytes) {
    if (isInvisible(value)) {
        return;
    }
    if (const char ascii = folded(value); ascii != '\0') {
        m_text += ascii;
        m_offsets.push_back(static_cast<std::uint32_t>(offset));
        return;
    }
    m_text += bytes;
    m_offsets.insert(m_offsets.end(), bytes.size(), static_cast<std::uint32_t>(offset));
}

void Shadow::build(std::string_view original) {
    m_original = original;
    m_isIdentical =
        std::none_of(original.begin(), original.end(), [](char c) { return static_cast<unsigned char>(c) >= 0x80; });
    if (m_isIdentical) {
        return;
    }
    m_text.clear();
    m_offsets.clear();
    m_text.reserve(original.size());
    m_offsets.reserve(original.size() + 1);
    for (std::size_t i = 0; i < original.size();) {
        const CodePoint point = decodeUtf8(original, i);
        const std::size_t size = std::max<std::size_t>(point.size, 1);
        // Bytes that are not UTF-8 are kept: they separate, as any unknown character does.
        append(point.size == 0 ? 0xFFFD : point.value, i, original.substr(i, size));
        i += size;
    }
    m_offsets.push_back(static_cast<std::uint32_t>(original.size()));
}

Span Shadow::toOriginal(Span span) const {
    if (m_isIdentical || span.begin >= span.end) {
        return span;
    }
    // The end is where the last character ends, not where the next visible one begins: what is invisible behind a value
    // does not belong to it.
    const std::size_t last = m_offsets[span.end - 1];
    const CodePoint point = decodeUtf8(m_original, last);
    return {m_offsets[span.begin], last + std::max<std::size_t>(point.size, 1)};
}

std::size_t Shadow::fromOriginal(std::size_t position) const {
    if (m_isIdentical) {
        return position;
    }
    return static_cast<std::size_t>(
        std::lower_bound(m_offsets.begin(), m_offsets.end() - 1, static_cast<std::uint32_t>(position)) -
        m_offsets.begin());
}

} // namespace gatehouse::dlp
