// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <array>
#include <string>

#include "dlp/validators.h"

namespace gatehouse::dlp {
namespace {

constexpr std::size_t kMaxGroups = 24;

// A run of digits with single separators, taken apart: where each group stands and what separates it from the next.
struct Group {
    Span span;
    std::string_view separator; // text between this group and the next one
};

std::vector<Group> groupsOf(std::string_view text, Span hit) {
    std::vector<Group> groups;
    groups.reserve(8);
    for (std::size_t i = hit.begin; i < hit.end;) {
        if (!isDigit(text[i])) {
            ++i;
            continue;
        }
        const std::size_t begin = i;
        while (i < hit.end && isDigit(text[i])) {
            ++i;
        }
        std::size_t next = i;
        while (next < hit.end && !isDigit(text[next])) {
            ++next;
        }
        groups.push_back({{begin, i}, text.substr(i, next - i)});
    }
    return groups;
}

bool standsAlone(std::string_view text, Span span) {
    const char left = before(text, span.begin);
    const char right = at(text, span.end);
    // Commas between numbers are those of lists and tables: who groups thousands by them ends up with three digits.
    const bool isDecimal = right == '.' && isDigit(at(text, span.end + 1));
    const bool follows =
        left == '.' && (span.begin < 2 || !(isLetter(text[span.begin - 2]) || text[span.begin - 2] == ' '));
    return !isWord(left) && !isWord(right) && !isDecimal && !follows;
}

std::string digitsOf(std::string_view text, Span span) {
    std::string digits;
    for (std::size_t i = span.begin; i < span.end; ++i) {
        if (isDigit(text[i])) {
            digits += text[i];
        }
    }
    return digits;
}

// Calls accept(span, digits, groupCount, separator) for each window of whole groups whose separators are all the same
// and whose digits number between `minimum` and `maximum`; at each start the first that is accepted ends the search.
// Windows may overlap: which of them holds is decided with all other candidates, so that a cut text gives the same.
template <class Accept>
void eachWindow(std::string_view text, Span hit, std::size_t minimum, std::size_t maximum, Accept accept) {
    if (hit.end - hit.begin < minimum) {
        return;
    }
    const std::vector<Group> groups = groupsOf(text, hit);
    for (std::size_t first = 0; first < groups.size(); ++first) {
        std::size_t count = 0;
        std::string_view separator;
        for (std::size_t last = first; last < groups.size() && last - first < kMaxGroups; ++last) {
            count += groups[last].span.end - groups[last].span.begin;
            if (count > maximum) {
                break;
            }
            const Span span{groups[first].span.begin, groups[last].span.end};
            if (count >= minimum && accept(span, last - first + 1, separator)) {
                break;
            }
            const std::string_view next = groups[last].separator;
            if (last > first && next != separator) {
                break;
            }
            separator = next;
        }
    }
}

int prefixOf(std::string_view digits, std::size_t count) {
    int value = 0;
    for (std::size_t i = 0; i < count && i < digits.size(); ++i) {
        value = value * 10 + (digits[i] - '0');
    }
    return value;
}

struct Issuer {
    int low;
    int high;
    std::size_t prefixDigits;
    std::size_t minimum;
    std::size_t maximum;
    bool isCommon = true; // else so short or so rare that other numbers look the same: words of context decide
};
// Issuer identification ranges (ISO/IEC 7812) of the payment networks with the lengths that they issue.
constexpr std::array kIssuers{
    Issuer{4, 4, 1, 14, 19},
    Issuer{4, 4, 1, 13, 13, false},
    Issuer{51, 55, 2, 16, 16},
    Issuer{2221, 2720, 4, 16, 16},
    Issuer{34, 34, 2, 15, 15},
    Issuer{37, 37, 2, 15, 15},
    Issuer{6011, 6011, 4, 16, 19},
    Issuer{644, 649, 3, 16, 19},
    Issuer{65, 65, 2, 16, 19},
    Issuer{300, 305, 3, 14, 19},
    Issuer{36, 36, 2, 14, 19},
    Issuer{38, 39, 2, 14, 19},
    Issuer{3528, 3589, 4, 16, 19},
    Issuer{62, 62, 2, 16, 19},
    Issuer{50, 50, 2, 16, 19},
    Issuer{56, 58, 2, 16, 19},
    Issuer{67, 67, 2, 16, 19},
    Issuer{60, 60, 2, 16, 16},
    Issuer{81, 82, 2, 16, 16},
    Issuer{2200, 2204, 4, 16, 19},
    Issuer{9792, 9792, 4, 16, 16},
    Issuer{3095, 3095, 4, 14, 19},
    Issuer{6304, 6304, 4, 16, 19},
    Issuer{636, 639, 3, 16, 16},
    Issuer{627780, 627780, 6, 16, 16},
    Issuer{5018, 5018, 4, 12, 15, false},
    Issuer{6759, 6763, 4, 12, 15, false},
    Issuer{1, 1, 1, 15, 15, false},
};

const Issuer* issuerOf(std::string_view digits) {
    const auto* const found = std::find_if(kIssuers.begin(), kIssuers.end(), [digits](const Issuer& issuer) {
        const int prefix = prefixOf(digits, issuer.prefixDigits);
        return prefix >= issuer.low && prefix <= issuer.high && digits.size() >= issuer.minimum &&
               digits.size() <= issuer.maximum;
    });
    return found == kIssuers.end() ? nullptr : found;
}

struct IbanLength {
    std::string_view country;
    std::size_t length;
};
// ISO 13616 registry: total length by country.
constexpr std::array kIbanLengths{
    IbanLength{"AD", 24}, IbanLength{"AE", 23}, IbanLength{"AL", 28}, IbanLength{"AT", 20}, IbanLength{"AZ", 28},
    IbanLength{"BA", 20}, IbanLength{"BE", 16}, IbanLength{"BG", 22}, IbanLength{"BH", 22}, IbanLength{"BR", 29},
    IbanLength{"BY", 28}, IbanLength{"CH", 21}, IbanLength{"CR", 22}, IbanLength{"CY", 28}, IbanLength{"CZ", 24},
    IbanLength{"DE", 22}, IbanLength{"DK", 18}, IbanLength{"DO", 28}, IbanLength{"EE", 20}, IbanLength{"EG", 29},
    IbanLength{"ES", 24}, IbanLength{"FI", 18}, IbanLength{"FO", 18}, IbanLength{"FR", 27}, IbanLength{"GB", 22},
    IbanLength{"GE", 22}, IbanLength{"GI", 23}, IbanLength{"GL", 18}, IbanLength{"GR", 27}, IbanLength{"GT", 28},
    IbanLength{"HR", 21}, IbanLength{"HU", 28}, IbanLength{"IE", 22}, IbanLength{"IL", 23}, IbanLength{"IQ", 23},
    IbanLength{"IS", 26}, IbanLength{"IT", 27}, IbanLength{"JO", 30}, IbanLength{"KW", 30}, IbanLength{"KZ", 20},
    IbanLength{"LB", 28}, IbanLength{"LC", 32}, IbanLength{"LI", 21}, IbanLength{"LT", 20}, IbanLength{"LU", 20},
    IbanLength{"LV", 21}, IbanLength{"LY", 25}, IbanLength{"MC", 27}, IbanLength{"MD", 24}, IbanLength{"ME", 22},
    IbanLength{"MK", 19}, IbanLength{"MR", 27}, IbanLength{"MT", 31}, IbanLength{"MU", 30}, IbanLength{"NL", 18},
    IbanLength{"NO", 15}, IbanLength{"PK", 24}, IbanLength{"PL", 28}, IbanLength{"PS", 29}, IbanLength{"PT", 25},
    IbanLength{"QA", 29}, IbanLength{"RO", 24}, IbanLength{"RS", 22}, IbanLength{"SA", 24}, IbanLength{"SC", 31},
    IbanLength{"SE", 24}, IbanLength{"SI", 19}, IbanLength{"SK", 24}, IbanLength{"SM", 27}, IbanLength{"ST", 25},
    IbanLength{"SV", 28}, IbanLength{"TL", 23}, IbanLength{"TN", 24}, IbanLength{"TR", 26}, IbanLength{"UA", 29},
    IbanLength{"VA", 22}, IbanLength{"VG", 24}, IbanLength{"XK", 20}, IbanLength{"BI", 27}, IbanLength{"DJ", 27},
    IbanLength{"FK", 18}, IbanLength{"HN", 28}, IbanLength{"MN", 20}, IbanLength{"NI", 28}, IbanLength{"OM", 23},
    IbanLength{"RU", 33}, IbanLength{"SD", 18}, IbanLength{"SO", 23}, IbanLength{"YE", 30},
};

// "part no.", "model", "item" … close in front: a number of goods, however it is grouped.
bool isPartNumber(std::string_view text, std::size_t position) {
    constexpr std::array<std::string_view, 7> kGoods{"part", "model", "item", "sku", "catalog", "teile", "artikel"};
    constexpr std::size_t kReach = 18;
    const std::size_t from = position > kReach ? position - kReach : 0;
    std::string lead(text.substr(from, position - from));
    std::transform(lead.begin(), lead.end(), lead.begin(),
                   [](char c) { return isUpper(c) ? static_cast<char>(c | 0x20) : c; });
    return std::any_of(kGoods.begin(), kGoods.end(), [&lead](std::string_view word) {
        const std::size_t found = lead.find(word);
        return found != std::string::npos && (found == 0 || !isLetter(lead[found - 1]));
    });
}

// ISO 7064 mod 97-10 over the rearranged number.
bool passesMod97(std::string_view iban) {
    int rest = 0;
    for (std::size_t i = 0; i < iban.size(); ++i) {
        const char c = iban[(i + 4) % iban.size()];
        rest = isDigit(c) ? (rest * 10 + (c - '0')) % 97 : (rest * 100 + (c - 'A' + 10)) % 97;
    }
    return rest == 1;
}

// Rows of four hexadecimal digits each, as tables of characters and dumps have: a card's four groups among them are
// chance. Looks at the groups in front alone.
bool isInHexTable(std::string_view text, std::size_t begin) {
    constexpr std::size_t kGroup = 4;
    for (std::size_t groups = 0; groups < 6 && begin > kGroup; ++groups) {
        const std::string_view group = text.substr(begin - kGroup - 1, kGroup);
        const bool isHex = group.find_first_not_of("0123456789ABCDEFabcdef") == std::string_view::npos;
        const char gap = text[begin - 1];
        if (!isHex || (gap != ' ' && gap != '\n') || (begin > kGroup + 1 && isWord(text[begin - kGroup - 2]))) {
            return false;
        }
        if (group.find_first_not_of("0123456789") != std::string_view::npos) {
            return true;
        }
        begin -= kGroup + 1;
    }
    return false;
}

} // namespace

void validateCard(std::string_view text, Span hit, std::vector<Candidate>& out) {
    eachWindow(text, hit, 12, 19, [&](Span span, std::size_t groups, std::string_view separator) {
        const bool isSeparated =
            groups == 1 || separator == " " || separator == "-" || separator == "." || separator == "/";
        const std::string digits = digitsOf(text, span);
        const bool isUniform = digits.find_first_not_of(digits[0]) == std::string::npos;
        const bool isSpelled = groups == digits.size(); // every digit apart, as people do who mean to hide one
        const Issuer* const issuer = issuerOf(digits);
        if (!isSeparated || (groups > 6 && !isSpelled) || isUniform || issuer == nullptr || !passesLuhn(digits) ||
            !standsAlone(text, span) || (groups == 4 && isInHexTable(text, span.begin))) {
            return false;
        }
        out.push_back({span, issuer->isCommon ? 1.2 : -1.2, true, "Luhn and issuer range agree"});
        return true;
    });
}

void validateIban(std::string_view text, Span hit, std::vector<Candidate>& out) {
    if (isWord(before(text, hit.begin))) {
        return;
    }
    std::string country;
    for (std::size_t i = 0; i < 2; ++i) {
        country += static_cast<char>(text[hit.begin + i] & ~0x20);
    }
    const auto* const row = std::find_if(kIbanLengths.begin(), kIbanLengths.end(),
                                         [&country](const IbanLength& known) { return known.country == country; });
    if (row == kIbanLengths.end()) {
        return;
    }
    std::string iban;
    std::size_t end = hit.begin;
    for (; end < text.size() && iban.size() < row->length; ++end) {
        const char c = text[end];
        if (isDigit(c) || isLetter(c)) {
            iban += isLetter(c) ? static_cast<char>(c & ~0x20) : c;
        } else if ((c != ' ' && c != '-') || text[end - 1] == c) {
            return;
        }
    }
    if (iban.size() == row->length && !isWord(at(text, end)) && passesMod97(iban)) {
        out.push_back({{hit.begin, end}, 2.6, true, "mod 97 and the country's length agree"});
    }
}

void validateSsn(std::string_view text, Span hit, std::vector<Candidate>& out) {
    constexpr std::array<std::string_view, 5> kReserved{"078051120", "219099999", "457555462", "123456789",
                                                        "111111111"};
    eachWindow(text, hit, 9, 9, [&](Span span, std::size_t groups, std::string_view separator) {
        const std::string digits = digitsOf(text, span);
        const int area = prefixOf(digits, 3);
        const bool isShaped = groups == 3 && (separator == "-" || separator == " ") &&
                              text[span.begin + 3] == separator[0] && text[span.begin + 6] == separator[0];
        const bool isAssigned = area != 0 && area != 666 && area < 900 && digits.substr(3, 2) != "00" &&
                                digits.substr(5) != "0000" &&
                                std::find(kReserved.begin(), kReserved.end(), digits) == kReserved.end() &&
                                digits.substr(0, 8) != "98765432";
        if ((!isShaped && groups != 1) || !isAssigned || !standsAlone(text, span)) {
            return false;
        }
        if (isPartNumber(text, span.begin)) {
            return false;
        }
        // Nine digits in one piece say little by themselves: they need a word of context to pass.
        out.push_back({span, isShaped ? 0.6 : -2.2, isShaped, isShaped ? "assigned ranges agree" : "nine digits"});
        return true;
    });
}

void validateNpi(std::string_view text, Span hit, std::vector<Candidate>& out) {
    eachWindow(text, hit, 10, 10, [&](Span span, std::size_t groups, std::string_view /*separator*/) {
        const std::string digits = digitsOf(text, span);
        if (groups != 1 || (digits[0] != '1' && digits[0] != '2') || !passesLuhn("80840" + digits) ||
            !standsAlone(text, span)) {
            return false;
        }
        out.push_back({span, 1.0, true, "check digit agrees"});
        return true;
    });
}

namespace {

bool looksLikeDateOrTime(std::string_view piece) {
    const auto digitsAt = [piece](std::size_t position, std::size_t count) {
        for (std::size_t i = 0; i < count; ++i) {
            if (!isDigit(at(piece, position + i))) {
                return false;
            }
        }
        return true;
    };
    const char third = at(piece, 2);
    const bool isIso = digitsAt(0, 4) && (at(piece, 4) == '-' || at(piece, 4) == '/' || at(piece, 4) == '.') &&
                       digitsAt(5, 2) && at(piece, 7) == at(piece, 4);
    const bool isYears = piece.size() == 9 && digitsAt(0, 4) && digitsAt(5, 4) &&
                         (piece[0] == '1' || piece[0] == '2') && (piece[1] == '9' || piece[1] == '0') &&
                         (piece.substr(5, 2) == "19" || piece.substr(5, 2) == "20");
    const bool isOther = digitsAt(0, 2) && (third == '.' || third == '/' || third == '-') && digitsAt(3, 2) &&
                         at(piece, 5) == third && digitsAt(6, 2);
    return isIso || isOther || isYears;
}

// "20190706" in one piece; "a/30084734/4593721" of a link; "252.227-7013" of a regulation.
bool isNoPhone(std::string_view text, Span hit, const std::vector<Group>& groups) {
    const std::string_view piece = text.substr(hit.begin, hit.end - hit.begin);
    if (groups.size() == 1) {
        const bool isCentury = piece.size() == 8 && (piece.starts_with("19") || piece.starts_with("20"));
        return isCentury && piece.substr(4, 2) <= "12" && piece.substr(4, 2) > "00" && piece.substr(6) <= "31" &&
               piece.substr(6) > "00";
    }
    const char first = at(text, groups[0].span.end);
    const bool isPath = first == '/' && before(text, hit.begin) == '/';
    return isPath || (first == '.' && at(text, groups[1].span.end) == '-');
}

// Groups as people write numbers: none longer than `longest` digits (behind a country's code all of the rest may be
// one), none of a single digit except a leading 1 or 0, or an area of one digit behind the country ("+33 1 22 70 21
// 67", "+44 (0)20 7946 0958").
bool isGroupedLikePhone(const std::vector<Group>& groups, std::size_t longest) {
    if (groups.size() > 7) {
        return false;
    }
    return std::all_of(groups.begin(), groups.end(), [&groups, longest](const Group& group) {
        const std::size_t size = group.span.end - group.span.begin;
        return size <= longest && (size > 1 || &group <= groups.data() + 1);
    });
}

} // namespace

void validatePhone(std::string_view text, Span hit, std::vector<Candidate>& out) {
    Span span = hit;
    if (before(text, span.begin) == '(' && span.begin > 0) {
        --span.begin;
    }
    const bool hasPlus = before(text, span.begin) == '+';
    if (hasPlus) {
        --span.begin;
    }
    const std::string digits = digitsOf(text, span);
    if (digits.size() < (hasPlus ? 8U : 7U) || digits.size() > 15 || !standsAlone(text, {hit.begin, hit.end}) ||
        (isWord(before(text, span.begin))) || looksLikeDateOrTime(text.substr(hit.begin, hit.end - hit.begin)) ||
        before(text, span.begin) == '-' || at(text, span.end) == '-' || before(text, span.begin) == '#') {
        return;
    }
    const std::vector<Group> groups = groupsOf(text, hit);
    const bool isOnePiece = groups.size() == 1;
    if (!hasPlus && isNoPhone(text, hit, groups)) {
        return;
    }
    if (hasPlus) {
        const bool isPlausible = digits[0] != '0' && (isOnePiece || isGroupedLikePhone(groups, 11));
        if (isPlausible) {
            out.push_back({span, 3.0, true, "international form"});
        }
        return;
    }
    if (!isOnePiece && !isGroupedLikePhone(groups, 8)) {
        return;
    }
    const bool isNorthAmerican = digits.size() == 10 && groups.size() == 3 && digits[0] >= '2' && digits[3] >= '2' &&
                                 groups[0].span.end - groups[0].span.begin == 3 &&
                                 groups[1].span.end - groups[1].span.begin == 3;
    if (isNorthAmerican) {
        out.push_back({span, text[span.begin] == '(' ? 2.2 : 1.5, false, "national form"});
    } else if (digits[0] == '0' && !isOnePiece && digits.size() >= 9) {
        out.push_back({span, 0.4, false, "national form with trunk prefix"});
    } else {
        out.push_back({span, isOnePiece ? -1.4 : -0.9, false, "a number of a telephone's length"});
    }
}

} // namespace gatehouse::dlp
