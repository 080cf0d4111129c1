// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <array>

#include "dlp/names/address.h"
#include "dlp/names/names.h"
#include "dlp/names/person.h"

namespace gatehouse::dlp {
namespace {

constexpr std::size_t kBehind = 56;  // what stands behind a run of names and counts for it: a verb, an e-mail address
constexpr std::size_t kAddress = 96; // from the number of a house to the end of what belongs to it

// Words without a capital that stand inside addresses.
bool isAddressWord(std::string_view word) {
    constexpr std::array<std::string_view, 26> kWords{"street", "st",    "avenue", "ave",   "road", "rd",   "lane",
                                                      "drive",  "blvd",  "floor",  "suite", "apt",  "unit", "bis",
                                                      "ter",    "rue",   "av",     "place", "quai", "bd",   "via",
                                                      "chemin", "allee", "calle",  "cedex", "piso"};
    return word.size() <= 3 || std::find(kWords.begin(), kWords.end(), word) != kWords.end();
}

// Whether everything from the number on to the end of the text could be one address.
bool mayBeAddress(std::string_view text, std::size_t begin) {
    std::size_t i = begin;
    while (i < text.size()) {
        const char c = text[i];
        if (!isWord(c) && static_cast<unsigned char>(c) < 0x80) {
            ++i;
            continue;
        }
        std::size_t end = i;
        while (end < text.size() && (isWord(text[end]) || static_cast<unsigned char>(text[end]) >= 0x80)) {
            ++end;
        }
        const bool isName = isDigit(c) || isUpper(c) || static_cast<unsigned char>(c) >= 0x80;
        if (end < text.size() && !isName && !isAddressWord(text.substr(i, end - i))) {
            return false;
        }
        i = end;
    }
    return true;
}

} // namespace

std::size_t undecidedName(std::string_view text, std::size_t from) {
    const std::size_t reach = kNameReach / 2;
    std::size_t i = std::max(from, text.size() > reach ? text.size() - reach : 0);
    Run run;
    while (i < text.size()) {
        const char left = before(text, i);
        const bool isInWord = isWord(left) || static_cast<unsigned char>(left) >= 0x80;
        if (isInWord) {
            ++i;
            continue;
        }
        if (isDigit(text[i])) {
            std::size_t end = i;
            while (end < text.size() && isDigit(text[end])) {
                ++end;
            }
            if (end - i <= kMaxHouseDigits && i + kAddress > text.size() && mayBeAddress(text, i)) {
                return i;
            }
            i = end;
            continue;
        }
        if (!startsWithCapital(text, i)) {
            ++i;
            continue;
        }
        readRun(text, i, run);
        const std::size_t end = run.size == 0 ? i + 1 : std::max(run.tokens[run.size - 1].span.end, i + 1);
        if (end + kBehind > text.size() && run.size > 0 && mayHoldPeople(text, run)) {
            return i;
        }
        i = end;
    }
    return text.size();
}

} // namespace gatehouse::dlp
