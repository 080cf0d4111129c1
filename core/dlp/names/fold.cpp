// SPDX-License-Identifier: Apache-2.0
#include "dlp/names/fold.h"

#include "base/utf8.h"

using std::string_view_literals::operator""sv;

namespace gatehouse::dlp {
namespace {

// U+00C0 to U+017F without case and accents; '?' where that is not one ASCII letter.
constexpr std::string_view kLatin = "aaaaaa?ceeeeiiiidnooooo?ouuuuy??aaaaaa?ceeeeiiiidnooooo?ouuuuy?y"
                                    "aaaaaaccccccccddddeeeeeeeeeegggggggghh??iiiiiiii?i??jjkk?llllll?"
                                    "?llnnnnnn???oooooo??rrrrrrsssssssstttt??uuuuuuuuuuuuwwyyyzzzzzz?";
constexpr char32_t kFirstLatin = 0xC0;
// U+0386 to U+03CE, in steps of one, as offsets from U+03B0; '\0' where there is no letter.
constexpr std::string_view kGreek = "\x01\0\x05\x07\x09\0\x0F\0\x15\x19"
                                    "\x09\x01\x02\x03\x04\x05\x06\x07\x08\x09\x0A\x0B\x0C\x0D\x0E\x0F\x10\x11\0\x13\x14"
                                    "\x15\x16\x17\x18\x19\x09\x15\x01\x05\x07\x09\x15"
                                    "\x01\x02\x03\x04\x05\x06\x07\x08\x09\x0A\x0B\x0C\x0D\x0E\x0F\x10\x11\x12\x13\x14"
                                    "\x15\x16\x17\x18\x19\x09\x15\x0F\x15\x19"sv;

char32_t foldCyrillic(char32_t point) {
    const char32_t small = point < 0x410 ? point + 0x50 : point < 0x430 ? point + 0x20 : point;
    switch (small) {
    case 0x439: // short i and those with accents are their letters
    case 0x45D:
        return 0x438;
    case 0x450:
    case 0x451:
        return 0x435;
    case 0x453:
        return 0x433;
    case 0x457:
        return 0x456;
    case 0x45C:
        return 0x43A;
    case 0x45E:
        return 0x443;
    default:
        return small;
    }
}

std::string_view foldedPair(char32_t point) {
    switch (point) {
    case 0xC6:
    case 0xE6:
        return "ae";
    case 0xDE:
    case 0xFE:
        return "th";
    case 0xDF:
        return "ss";
    case 0x152:
    case 0x153:
        return "oe";
    default:
        return {};
    }
}

constexpr unsigned char byteAt(std::string_view text, std::size_t position) {
    return position < text.size() ? static_cast<unsigned char>(text[position]) : 0;
}

} // namespace

void Folded::append(char32_t point) {
    if (point >= 0x300 && point <= 0x36F) { // combining marks
        return;
    }
    if (point == 0x2019 || point == 0x2BB) {
        point = '\'';
    } else if (point >= kFirstLatin && point < kFirstLatin + kLatin.size()) {
        for (const char c : foldedPair(point)) {
            append(static_cast<char32_t>(c));
        }
        if (!foldedPair(point).empty()) {
            return;
        }
        const char letter = kLatin[point - kFirstLatin];
        point = letter == '?' ? point : static_cast<char32_t>(letter);
    } else if (point >= 0x386 && point < 0x386 + kGreek.size()) {
        const auto offset = static_cast<unsigned char>(kGreek[point - 0x386]);
        point = offset == 0 ? point : 0x3B0U + offset;
    } else if (point >= 0x400 && point <= 0x45F) {
        point = foldCyrillic(point);
    }
    const std::size_t size = point < 0x80 ? 1 : point < 0x800 ? 2 : 3;
    if (m_size + size > kMaxBytes) {
        return;
    }
    if (size == 1) {
        m_bytes[m_size++] = static_cast<char>(point);
    } else if (size == 2) {
        m_bytes[m_size++] = static_cast<char>(0xC0U | (point >> 6U));
        m_bytes[m_size++] = static_cast<char>(0x80U | (point & 0x3FU));
    } else {
        m_bytes[m_size++] = static_cast<char>(0xE0U | ((point >> 12U) & 0x0FU));
        m_bytes[m_size++] = static_cast<char>(0x80U | ((point >> 6U) & 0x3FU));
        m_bytes[m_size++] = static_cast<char>(0x80U | (point & 0x3FU));
    }
}

Folded::Folded(std::string_view word) {
    for (std::size_t i = 0; i < word.size() && m_size < kMaxBytes;) {
        const auto byte = static_cast<unsigned char>(word[i]);
        if (byte < 0x80) {
            m_bytes[m_size++] = isUpper(word[i]) ? static_cast<char>(byte | 0x20U) : word[i];
            ++i;
            continue;
        }
        const CodePoint point = decodeUtf8(word, i);
        if (point.size != 0) {
            append(point.value);
        }
        i += point.size == 0 ? 1 : point.size;
    }
}

bool startsWithOtherCapital(std::string_view text, std::size_t position) {
    const unsigned char lead = byteAt(text, position);
    const unsigned char next = byteAt(text, position + 1);
    switch (lead) {
    case 0xC3:
        return next >= 0x80 && next <= 0x9E && next != 0x97;
    case 0xC4: // Latin Extended-A: capitals are even up to U+0137
        return next <= 0xB7 ? (next & 1U) == 0 : (next & 1U) != 0;
    case 0xC5: // odd U+0139–U+0148 and U+0179–U+017D, even between
        return (next >= 0x80 && next <= 0x88) || next >= 0xB9 ? (next & 1U) != 0 : (next & 1U) == 0;
    case 0xCE:
        return next >= 0x86 && next <= 0xA9;
    case 0xD0:
        return next >= 0x80 && next <= 0xAF;
    default:
        return false;
    }
}

std::size_t otherLetterSize(std::string_view text, std::size_t position) {
    const unsigned char lead = byteAt(text, position);
    const bool isTwo = (lead >= 0xC3 && lead <= 0xCD) || lead == 0xCE || lead == 0xCF || (lead >= 0xD0 && lead <= 0xD3);
    if (isTwo) {
        const bool isSign = lead == 0xC3 && (byteAt(text, position + 1) == 0x97 || byteAt(text, position + 1) == 0xB7);
        return position + 1 < text.size() && !isSign ? 2 : 0;
    }
    // Latin Extended Additional: Vietnamese.
    return lead == 0xE1 && byteAt(text, position + 1) >= 0xB8 && byteAt(text, position + 1) <= 0xBB &&
                   position + 2 < text.size()
               ? 3
               : 0;
}

} // namespace gatehouse::dlp
