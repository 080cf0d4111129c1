// SPDX-License-Identifier: Apache-2.0
#include "dlp/names/address_tail.h"

#include <algorithm>
#include <array>
#include <string>

#include "dlp/names/tokens.h"

namespace gatehouse::dlp {
namespace {

constexpr double kPostcode = 1.6;
constexpr double kCity = 1.0;
constexpr double kUnit = 0.8;
constexpr std::size_t kMaxParts = 6;
constexpr std::size_t kMaxTail = 120;

std::size_t separatorsEnd(std::string_view text, std::size_t position) {
    std::size_t next = position;
    while (next < text.size() && next - position < 4 &&
           std::string_view(" ,\n\r-").find(text[next]) != std::string_view::npos) {
        ++next;
    }
    return next;
}

// What `form` describes at `position`: # a digit, @ a capital, the rest as it stands. The end, or `position`.
std::size_t formEnd(std::string_view text, std::size_t position, std::string_view form) {
    for (std::size_t i = 0; i < form.size(); ++i) {
        const char c = at(text, position + i);
        const bool fits = form[i] == '#' ? isDigit(c) : form[i] == '@' ? isUpper(c) : c == form[i];
        if (!fits) {
            return position;
        }
    }
    return isWord(at(text, position + form.size())) ? position : position + form.size();
}

std::size_t postcodeEnd(std::string_view text, std::size_t position) {
    constexpr std::array<std::string_view, 20> kForms{"#####-####", "#####-###", "####-###", "##-###",   "### ##",
                                                      "#### @@",    "####@@",    "#####",    "####",     "######",
                                                      "@## #@@",    "@# #@@",    "@@# #@@",  "@@## #@@", "@#@ #@@",
                                                      "@@#@ #@@",   "@#@ #@#",   "@-####",   "@-#####",  "@@-####"};
    for (const std::string_view form : kForms) {
        const std::size_t end = formEnd(text, position, form);
        if (end > position) {
            return end;
        }
    }
    return position;
}

// "Apt 4B", "Suite 200", "Flat 2", "Wohnung 3", "#12".
std::size_t unitEnd(std::string_view text, std::size_t position) {
    constexpr std::array<std::string_view, 17> kUnits{"apt",   "apartment", "suite",   "ste",     "unit", "flat",
                                                      "floor", "room",      "whg",     "wohnung", "piso", "planta",
                                                      "appt",  "bat",       "interno", "int",     "lgh"};
    std::size_t next = position;
    // "3º B", "2ª"
    const bool isOrdinal =
        isDigit(at(text, next)) && (slice(text, next + 1, 2) == "\xC2\xBA" || slice(text, next + 1, 2) == "\xC2\xAA");
    if (isOrdinal) {
        const bool hasDoor = at(text, next + 3) == ' ' && isUpper(at(text, next + 4)) && !isWord(at(text, next + 5));
        return next + (hasDoor ? 5U : 3U);
    }
    if (at(text, next) == '#') {
        ++next;
    } else {
        const std::size_t end = wordEnd(text, next);
        const Folded folded(slice(text, next, end - next));
        if (end == next || std::find(kUnits.begin(), kUnits.end(), folded.text()) == kUnits.end()) {
            return position;
        }
        next = end + (at(text, end) == '.' ? 1U : 0U);
        next += at(text, next) == ' ' ? 1U : 0U;
    }
    std::size_t end = next;
    while (end < text.size() && end - next < 5 &&
           (isDigit(text[end]) || (isUpper(text[end]) && !isLetter(at(text, end + 1))))) {
        ++end;
    }
    return end > next ? end : position;
}

bool isKnownPlace(std::string_view words) {
    std::string folded(Folded(words).text());
    std::replace(folded.begin(), folded.end(), ' ', '_');
    return factsOf(folded).isPlace;
}

// Up to three capitalised words (particles between); the longest known place, else the first words.
struct Words {
    std::size_t end = 0;
    std::size_t known = 0; // 0: none
};
Words cityAt(std::string_view text, std::size_t position) {
    Words words;
    std::size_t next = position;
    for (std::size_t count = 0; count < 4; ++count) {
        const bool isCapital = startsWithCapital(text, next);
        const std::size_t end = wordEnd(text, next);
        const bool isParticle = count > 0 && end > next && end - next <= 3 && !isCapital;
        if (end == next || (!isCapital && !isParticle)) {
            break;
        }
        if (isCapital) {
            words.end = end;
            words.known = isKnownPlace(slice(text, position, end - position)) ? end : words.known;
        }
        if (at(text, end) != ' ' && at(text, end) != '.') {
            break;
        }
        next = end + (slice(text, end, 2) == ". " ? 2U : 1U);
    }
    return words;
}

bool isState(std::string_view text, std::size_t position, std::size_t end) {
    return end - position == 2 && isUpper(at(text, position)) && isUpper(at(text, position + 1));
}

struct Parts {
    bool hasPostcode = false;
    bool hasCity = false;
    bool hasUnit = false;
    bool hasState = false;
};

// One part of the tail; its end, or `position` when the tail is over.
std::size_t readPart(std::string_view text, std::size_t position, Parts& parts) {
    const std::size_t unit = parts.hasUnit ? position : unitEnd(text, position);
    if (unit > position) {
        parts.hasUnit = true;
        return unit;
    }
    const std::size_t postcode = parts.hasPostcode ? position : postcodeEnd(text, position);
    if (postcode > position) {
        parts.hasPostcode = true;
        return postcode;
    }
    const Words city = cityAt(text, position);
    if (city.end == 0) {
        return position;
    }
    if (!parts.hasState && isState(text, position, position + 2) && !isWord(at(text, position + 2)) && parts.hasCity) {
        parts.hasState = true;
        return position + 2;
    }
    if (city.known != 0) {
        parts.hasCity = true;
        return city.known;
    }
    // A place that no list knows, beside its postcode or state.
    const std::size_t next = separatorsEnd(text, city.end);
    const bool isBeforeCode =
        postcodeEnd(text, next) > next || (isState(text, next, next + 2) && postcodeEnd(text, next + 3) > next + 3);
    if (!parts.hasCity && (parts.hasPostcode || isBeforeCode)) {
        parts.hasCity = true;
        return city.end;
    }
    return position;
}

} // namespace

AddressTail readAddressTail(std::string_view text, std::size_t position) {
    AddressTail tail{position, 0};
    Parts parts;
    std::size_t next = position;
    for (std::size_t i = 0; i < kMaxParts && next - position < kMaxTail; ++i) {
        const std::size_t begin = separatorsEnd(text, next);
        if (begin == next && next != position) {
            break;
        }
        const std::size_t end = readPart(text, begin, parts);
        if (end == begin) {
            break;
        }
        next = end;
    }
    // A four-digit number behind a street is often a year: a postcode counts beside a city.
    const bool isPostcodeSure = parts.hasPostcode && (parts.hasCity || parts.hasState);
    tail.end = parts.hasPostcode && !isPostcodeSure && !parts.hasUnit ? position : next;
    tail.score = (isPostcodeSure ? kPostcode : 0) + (parts.hasCity ? kCity : 0) + (parts.hasUnit ? kUnit : 0) +
                 (parts.hasState ? 0.4 : 0);
    return tail;
}

} // namespace gatehouse::dlp
