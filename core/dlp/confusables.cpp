// SPDX-License-Identifier: Apache-2.0
#include "dlp/confusables.h"

#include <algorithm>
#include <array>
#include <utility>

namespace gatehouse::dlp {
namespace {

// First code points of the decimal digit blocks (category Nd) of the scripts in common use.
constexpr std::array<char32_t, 23> kDigitBlocks{0x0660, 0x06F0, 0x07C0, 0x0966, 0x09E6, 0x0A66, 0x0AE6, 0x0B66,
                                                0x0BE6, 0x0C66, 0x0CE6, 0x0D66, 0x0E50, 0x0ED0, 0x0F20, 0x1040,
                                                0x17E0, 0x1810, 0xA9D0, 0xAA50, 0xABF0, 0xFF10, 0x2080};

constexpr std::array<std::pair<char32_t, char>, 66> kLookalikes{{
    {0x391, 'A'}, {0x392, 'B'}, {0x395, 'E'}, {0x396, 'Z'}, {0x397, 'H'}, {0x399, 'I'}, {0x39A, 'K'}, {0x39C, 'M'},
    {0x39D, 'N'}, {0x39F, 'O'}, {0x3A1, 'P'}, {0x3A4, 'T'}, {0x3A5, 'Y'}, {0x3A7, 'X'}, {0x3B1, 'a'}, {0x3B9, 'i'},
    {0x3BA, 'k'}, {0x3BD, 'v'}, {0x3BF, 'o'}, {0x3C1, 'p'}, {0x3C5, 'u'}, {0x3C7, 'x'}, {0x3F2, 'c'}, {0x3F3, 'j'},
    {0x405, 'S'}, {0x406, 'I'}, {0x408, 'J'}, {0x410, 'A'}, {0x412, 'B'}, {0x415, 'E'}, {0x417, '3'}, {0x41A, 'K'},
    {0x41C, 'M'}, {0x41D, 'H'}, {0x41E, 'O'}, {0x420, 'P'}, {0x421, 'C'}, {0x422, 'T'}, {0x423, 'Y'}, {0x425, 'X'},
    {0x42C, 'b'}, {0x430, 'a'}, {0x435, 'e'}, {0x43A, 'k'}, {0x43C, 'm'}, {0x43E, 'o'}, {0x440, 'p'}, {0x441, 'c'},
    {0x442, 't'}, {0x443, 'y'}, {0x445, 'x'}, {0x455, 's'}, {0x456, 'i'}, {0x458, 'j'}, {0x475, 'v'}, {0x4AE, 'Y'},
    {0x4AF, 'y'}, {0x4BA, 'h'}, {0x4BB, 'h'}, {0x4C0, 'I'}, {0x4CF, 'l'}, {0x501, 'd'}, {0x50C, 'G'}, {0x51A, 'Q'},
    {0x51B, 'q'}, {0x51D, 'w'},
}};

bool isSpace(char32_t value) {
    return value == 0xA0 || value == 0x1680 || (value >= 0x2000 && value <= 0x200A) || value == 0x202F ||
           value == 0x205F || value == 0x3000;
}

bool isDash(char32_t value) {
    return (value >= 0x2010 && value <= 0x2015) || value == 0x2212 || value == 0xFE58 || value == 0xFE63;
}

// Mathematical alphanumerics: 13 alphabets of 52 letters, then five sets of digits.
char mathematical(char32_t value) {
    if (value >= 0x1D7CE && value <= 0x1D7FF) {
        return static_cast<char>('0' + (value - 0x1D7CE) % 10);
    }
    if (value < 0x1D400 || value > 0x1D6A3) {
        return '\0';
    }
    const char32_t letter = (value - 0x1D400) % 52;
    return static_cast<char>(letter < 26 ? 'A' + letter : 'a' + (letter - 26));
}

char enclosedOrRaised(char32_t value) {
    if (value >= 0x2460 && value <= 0x2468) {
        return static_cast<char>('1' + (value - 0x2460));
    }
    if (value >= 0x24B6 && value <= 0x24CF) {
        return static_cast<char>('A' + (value - 0x24B6));
    }
    if (value >= 0x24D0 && value <= 0x24E9) {
        return static_cast<char>('a' + (value - 0x24D0));
    }
    if (value >= 0x2074 && value <= 0x2079) {
        return static_cast<char>('4' + (value - 0x2074));
    }
    switch (value) {
    case 0x24EA:
    case 0x2070:
        return '0';
    case 0xB9:
        return '1';
    case 0xB2:
        return '2';
    case 0xB3:
        return '3';
    default:
        return '\0';
    }
}

} // namespace

bool isInvisible(char32_t value) {
    return value == 0xAD || value == 0x34F || value == 0x61C || value == 0x180E ||
           (value >= 0x200B && value <= 0x200F) || (value >= 0x202A && value <= 0x202E) ||
           (value >= 0x2060 && value <= 0x206F) || value == 0xFEFF || (value >= 0xFE00 && value <= 0xFE0F) ||
           (value >= 0xE0000 && value <= 0xE007F) || (value >= 0xE0100 && value <= 0xE01EF);
}

char foldedForm(char32_t value) {
    if (isSpace(value)) {
        return ' ';
    }
    if (isDash(value)) {
        return '-';
    }
    if (value == 0x2024 || value == 0xFE52 || value == 0xFF61) {
        return '.';
    }
    if (value == 0xFE6B) {
        return '@';
    }
    if (value >= 0xFF01 && value <= 0xFF5E) { // full-width forms
        return static_cast<char>(value - 0xFF01 + 0x21);
    }
    for (const char32_t block : kDigitBlocks) {
        if (value >= block && value < block + 10) {
            return static_cast<char>('0' + (value - block));
        }
    }
    const char math = mathematical(value);
    return math != '\0' ? math : enclosedOrRaised(value);
}

char lookalike(char32_t value) {
    const auto found = std::lower_bound(kLookalikes.begin(), kLookalikes.end(), value,
                                        [](const auto& pair, char32_t wanted) { return pair.first < wanted; });
    return found != kLookalikes.end() && found->first == value ? found->second : '\0';
}

} // namespace gatehouse::dlp
