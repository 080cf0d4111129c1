// SPDX-License-Identifier: Apache-2.0
#include <array>

#include "dlp/ids/arithmetic.h"
#include "dlp/ids/checks.h"

// The United Kingdom and Ireland.
namespace gatehouse::dlp::ids {
namespace {

constexpr Weighted kNhs{10, {10, 9, 8, 7, 6, 5, 4, 3, 2}, 11, CheckRule::complement, kMod11};

// NHS number (NHS Data Dictionary): mod 11. Those that begin with 999 are kept for tests.
IdVerdict nhs(std::string_view compact) {
    return acceptedIf(isNumber(compact, 10) && passes(kNhs, compact), kMod11,
                      compact.substr(0, 3) == "999" ? "a test number of the NHS" : kDigitAgrees);
}

// Community Health Index of Scotland: an NHS number that begins with the date of birth.
IdVerdict chi(std::string_view compact) {
    return acceptedIf(isNumber(compact, 10) && isDdmmyy(compact) && passes(kNhs, compact), kMod11 + kDate, kDateAgrees);
}

// National Insurance number (HMRC manual NIM39110): letters that are not used.
IdVerdict nino(std::string_view compact) {
    constexpr std::array<std::string_view, 7> kUnused{"BG", "GB", "KN", "NK", "NT", "TN", "ZZ"};
    if (compact.size() != 9 || !areLetters(compact.substr(0, 2)) || !areDigits(compact.substr(2, 6))) {
        return {};
    }
    const bool isUsed = placeIn("DFIQUV", compact[0]) < 0 && placeIn("DFIQUVO", compact[1]) < 0 &&
                        placeIn("ABCD", compact[8]) >= 0 && isNumber(compact.substr(2, 6), 6);
    for (const std::string_view prefix : kUnused) {
        if (compact.substr(0, 2) == prefix) {
            return {};
        }
    }
    return acceptedIf(isUsed, 2.5, "letters that are issued");
}

// Unique taxpayer reference: the first digit checks the other nine.
IdVerdict utr(std::string_view compact) {
    if (!isNumber(compact, 10)) {
        return {};
    }
    const int remainder = weightedSum(compact.substr(1), {6, 7, 8, 9, 10, 5, 4, 3, 2}) % 11;
    constexpr std::string_view kCheck = "21987654321";
    return acceptedIf(compact[0] == kCheck[static_cast<std::size_t>(remainder)], kMod11, kDigitAgrees);
}

// Unique pupil number (Department for Education): a letter that checks twelve digits.
IdVerdict upn(std::string_view compact) {
    constexpr std::string_view kAlphabet = "ABCDEFGHJKLMNPQRTUVWXYZ";
    if (compact.size() != 13 || !areDigits(compact.substr(1, 11)) || placeIn(kAlphabet, compact[0]) < 0) {
        return {};
    }
    const int last = isDigit(compact[12]) ? digitAt(compact, 12) : placeIn(kAlphabet, compact[12]);
    const int sum = weightedSum(compact.substr(1), {2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12}) + last * 13;
    return acceptedIf(last >= 0 && kAlphabet[static_cast<std::size_t>(sum % 23)] == compact[0], kMod23, kDigitAgrees);
}

// Driver number of Great Britain (DVLA): surname, decade, month (+50 for women), day, year, initials.
IdVerdict drivingLicence(std::string_view compact) {
    if (compact.size() != 16 && compact.size() != 18) {
        return {};
    }
    const std::string_view name = compact.substr(0, 5);
    const std::size_t letters = name.find_first_not_of("ABCDEFGHIJKLMNOPQRSTUVWXYZ");
    const bool hasName = letters == std::string_view::npos ||
                         (letters > 0 && name.find_first_not_of('9', letters) == std::string_view::npos);
    if (!hasName || !areDigits(compact.substr(5, 6))) {
        return {};
    }
    const int month = two(compact, 6) % 50;
    const bool hasDate = two(compact, 6) < 63 && dateExists(2000, month, two(compact, 8));
    const auto isInitial = [](char c) { return isLetter(c) || c == '9'; };
    const bool hasInitials = isInitial(compact[11]) && isInitial(compact[12]) && (isDigit(compact[13]));
    return acceptedIf(hasDate && hasInitials && areLetters(compact.substr(14, 2)), 4.5, kStructureAgrees);
}

// VAT number: nine digits, weights 8 … 2, the last two bring the sum to a multiple of 97, or 55 off it since 2010.
bool isVatNumber(std::string_view digits) {
    const int sum = weightedSum(digits, {8, 7, 6, 5, 4, 3, 2}) + two(digits, 7);
    return sum % 97 == 0 || sum % 97 == 42 || sum % 97 == 55;
}

IdVerdict vat(std::string_view compact) {
    if (compact.substr(0, 2) == "GB" || compact.substr(0, 2) == "XI") {
        compact.remove_prefix(2);
    }
    const bool isLong = compact.size() == 12 && areDigits(compact);
    return acceptedIf((isLong || isNumber(compact, 9)) && isVatNumber(compact.substr(0, 9)), kMod97 - 1.1,
                      kDigitsAgree);
}

// Company numbers of Companies House: two letters of a register, or two digits.
IdVerdict company(std::string_view compact) {
    constexpr std::array<std::string_view, 22> kRegisters{"SC", "NI", "OC", "SO", "NC", "FC", "SF", "NF",
                                                          "LP", "SL", "NL", "IP", "SP", "RC", "SR", "NR",
                                                          "CE", "CS", "GE", "AC", "RS", "NO"};
    if (compact.size() != 8 || !areDigits(compact.substr(2))) {
        return {};
    }
    for (const std::string_view known : kRegisters) {
        if (compact.substr(0, 2) == known) {
            return accepted(2.5, "a register of Companies House");
        }
    }
    return acceptedIf(isNumber(compact, 8) && compact[0] <= '1', 0.8, "a range that is issued");
}

constexpr std::string_view kPpsLetters = "WABCDEFGHIJKLMNOPQRSTUV";

bool isPps(std::string_view compact) {
    if ((compact.size() != 8 && compact.size() != 9) || !isNumber(compact.substr(0, 7), 7)) {
        return false;
    }
    const int second = compact.size() == 9 ? placeIn("WABCDEFGHI", compact[8]) : 0;
    const int sum = weightedSum(compact, {8, 7, 6, 5, 4, 3, 2}) + second * 9;
    return second >= 0 && kPpsLetters[static_cast<std::size_t>(sum % 23)] == compact[7];
}

// Irish Personal Public Service number: a letter, mod 23; the second letter counts since 2013.
IdVerdict pps(std::string_view compact) {
    return acceptedIf(isPps(compact), compact.size() == 9 ? kMod23 + 0.9 : kMod23, "check letter agrees");
}

// Irish VAT number, also the older form with a letter in the second place.
IdVerdict irishVat(std::string_view compact) {
    if (compact.substr(0, 2) != "IE" || compact.size() < 10) {
        return {};
    }
    compact.remove_prefix(2);
    if (isDigit(compact[0]) && isLetter(compact[1]) && compact.size() == 8 && areDigits(compact.substr(2, 5))) {
        const int sum = weightedSum(compact.substr(2), {7, 6, 5, 4, 3}) + digitAt(compact, 0) * 2;
        return acceptedIf(kPpsLetters[static_cast<std::size_t>(sum % 23)] == compact[7], kMod23, "check letter agrees");
    }
    return acceptedIf(isPps(compact), kMod23, "check letter agrees");
}

// Sort code and account of the United Kingdom: the ranges of sort codes that banks hold.
IdVerdict sortCode(std::string_view compact) {
    const bool isLong = compact.size() == 6 || compact.size() == 14;
    return acceptedIf(isLong && isNumber(compact, compact.size()) && compact.substr(0, 2) != "00", 0.2,
                      kStructureAgrees);
}

constexpr std::array<NamedCheck, 11> kChecks{{
    {"uk-nhs", &nhs},
    {"uk-chi", &chi},
    {"uk-nino", &nino},
    {"uk-utr", &utr},
    {"uk-upn", &upn},
    {"uk-driving-licence", &drivingLicence},
    {"uk-vat", &vat},
    {"uk-company", &company},
    {"uk-sort-code", &sortCode},
    {"ie-pps", &pps},
    {"ie-vat", &irishVat},
}};

} // namespace

std::span<const NamedCheck> britishChecks() {
    return kChecks;
}

} // namespace gatehouse::dlp::ids
