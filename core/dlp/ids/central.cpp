// SPDX-License-Identifier: Apache-2.0
#include <array>

#include "dlp/ids/arithmetic.h"
#include "dlp/ids/checks.h"

// Poland, Czechia, Slovakia, Hungary.
namespace gatehouse::dlp::ids {
namespace {

// PESEL: YYMMDD with the century in the month, serial, check digit.
IdVerdict polishPerson(std::string_view compact) {
    if (!isNumber(compact, 11)) {
        return {};
    }
    constexpr std::array kCenturies{1900, 2000, 2100, 2200, 1800};
    const int month = two(compact, 2);
    const int century = kCenturies[static_cast<std::size_t>(month / 20)];
    const int sum = weightedSum(compact, {1, 3, 7, 9, 1, 3, 7, 9, 1, 3, 1});
    return acceptedIf(dateExists(century + two(compact, 0), month % 20, two(compact, 4)) && sum % 10 == 0,
                      kMod10 + kDate + 0.5, kDateAgrees);
}

IdVerdict polishTax(std::string_view compact) {
    if (compact.substr(0, 2) == "PL") {
        compact.remove_prefix(2);
    }
    return acceptedIf(isNumber(compact, 10) && compact[0] != '0' &&
                          weightedSum(compact, {6, 5, 7, 2, 3, 4, 5, 6, 7}) % 11 == digitAt(compact, 9),
                      kMod11, kDigitAgrees);
}

// REGON of nine digits, and of fourteen for local units.
IdVerdict polishStatistical(std::string_view compact) {
    constexpr Weighted kShort{9, {8, 9, 2, 3, 4, 5, 6, 7}, 11, CheckRule::remainderOrZero, kMod11};
    constexpr Weighted kLong{14, {2, 4, 8, 5, 0, 9, 7, 3, 6, 1, 2, 4, 8}, 11, CheckRule::remainderOrZero, kMod11};
    if (isNumber(compact, 9)) {
        return acceptedIf(passes(kShort, compact), kMod11, kDigitAgrees);
    }
    return acceptedIf(isNumber(compact, 14) && passes(kLong, compact) && passes(kShort, compact.substr(0, 9)),
                      2 * kMod11, kDigitsAgree);
}

// Identity card (three letters, the check digit first) and passport (two letters): weights 7 3 1 around the digit.
IdVerdict polishCard(std::string_view compact) {
    return acceptedIf(compact.size() == 9 && areLetters(compact.substr(0, 3)) && areDigits(compact.substr(3)) &&
                          weightedSum(compact, {7, 3, 1, 9, 7, 3, 1, 7, 3}) % 10 == 0,
                      kMod10, kDigitAgrees);
}

IdVerdict polishPassport(std::string_view compact) {
    return acceptedIf(compact.size() == 9 && areLetters(compact.substr(0, 2)) && areDigits(compact.substr(2)) &&
                          weightedSum(compact, {7, 3, 9, 1, 7, 3, 1, 7, 3}) % 10 == 0,
                      kMod10, kDigitAgrees);
}

// NRB: the national form of the IBAN, without "PL".
IdVerdict polishAccount(std::string_view compact) {
    if (!isNumber(compact, 26)) {
        return {};
    }
    const unsigned value = modulo(compact.substr(2), 97);
    const unsigned rest = (value * (1000000U % 97U) + 252100U + static_cast<unsigned>(two(compact, 0))) % 97U;
    return acceptedIf(rest == 1, kMod97, kDigitsAgree);
}

// Rodné číslo: women have 50 added to the month, 20 more when a day's serials ran out; since 1954 divisible by 11, or
// until 1985 with a remainder of 10 written 0.
IdVerdict birthNumber(std::string_view compact) {
    if ((compact.size() != 9 && compact.size() != 10) || !isNumber(compact, compact.size())) {
        return {};
    }
    int month = two(compact, 2) % 50;
    month -= month > 20 ? 20 : 0;
    const int year = two(compact, 0);
    if (compact.size() == 9) {
        return acceptedIf(year <= 53 && dateExists(1900 + year, month, two(compact, 4)) && compact.substr(6) != "000",
                          kDate, "a date that exists");
    }
    const bool hasDate = dateExists(year >= 54 ? 1900 + year : 2000 + year, month, two(compact, 4));
    const long long rest = numberOf(compact.substr(0, 9)) % 11;
    const bool isRight = rest < 10 ? rest == digitAt(compact, 9) : compact[9] == '0' && year >= 54 && year <= 85;
    return acceptedIf(hasDate && isRight, kMod11 + kDate + 0.5, kDateAgrees);
}

// IČO.
IdVerdict czechCompany(std::string_view compact) {
    return acceptedIf(isNumber(compact, 8) &&
                          (11 - weightedSum(compact, {8, 7, 6, 5, 4, 3, 2}) % 11) % 10 == digitAt(compact, 7),
                      kMod11, kDigitAgrees);
}

// DIČ: the prefix, then an IČO, a birth number, or nine digits of a special kind.
IdVerdict czechVat(std::string_view compact) {
    if (compact.substr(0, 2) != "CZ") {
        return {};
    }
    compact.remove_prefix(2);
    if (compact.size() == 9 && compact[0] == '6' && isNumber(compact, 9)) {
        const int rest = weightedSum(compact.substr(1), {8, 7, 6, 5, 4, 3, 2}) % 11;
        return acceptedIf((18 - (10 - rest) % 11) % 10 == digitAt(compact, 8), kMod11, kDigitAgrees);
    }
    return acceptedIf(compact.size() == 8 ? czechCompany(compact).isValid && compact[0] != '9'
                                          : birthNumber(compact).isValid,
                      kMod11, kDigitAgrees);
}

// Account: an optional prefix, ten digits, the code of the bank; both parts are divisible by eleven when weighted.
IdVerdict czechAccount(std::string_view compact) {
    if (compact.size() < 13 || compact.size() > 20 || !isNumber(compact, compact.size())) {
        return {};
    }
    constexpr std::array kWeights{1, 2, 4, 8, 5, 10, 9, 7, 3, 6};
    const std::string_view account = compact.substr(0, compact.size() - 4);
    const auto isRight = [&kWeights](std::string_view part) {
        int sum = 0;
        for (std::size_t i = 0; i < part.size(); ++i) {
            sum += digitAt(part, part.size() - 1 - i) * kWeights[i];
        }
        return sum % 11 == 0;
    };
    const std::size_t prefix = account.size() > 10 ? account.size() - 10 : 0;
    return acceptedIf(isRight(account.substr(0, prefix)) && isRight(account.substr(prefix)) &&
                          account.substr(prefix).find_first_not_of('0') != std::string_view::npos,
                      prefix > 0 ? 2 * kMod11 : kMod11, kDigitsAgree);
}

// IČ DPH: ten digits divisible by eleven, or a birth number.
IdVerdict slovakVat(std::string_view compact) {
    if (compact.substr(0, 2) == "SK") {
        compact.remove_prefix(2);
    }
    const bool isOwn =
        isNumber(compact, 10) && compact[0] != '0' && placeIn("234789", compact[2]) >= 0 && numberOf(compact) % 11 == 0;
    return acceptedIf(isOwn || (compact.size() == 10 && birthNumber(compact).isValid), kMod11 + 0.4, kDigitAgrees);
}

bool isHungarianEight(std::string_view digits) {
    return weightedSum(digits, {9, 7, 3, 1, 9, 7, 3, 1}) % 10 == 0;
}

// Adószám: eight digits; in full with the kind of taxation and the county.
IdVerdict hungarianCompany(std::string_view compact) {
    if (compact.substr(0, 2) == "HU") {
        compact.remove_prefix(2);
    }
    if (isNumber(compact, 8)) {
        return acceptedIf(isHungarianEight(compact), kMod10, kDigitAgrees);
    }
    return acceptedIf(isNumber(compact, 11) && placeIn("12345", compact[8]) >= 0 && two(compact, 9) >= 2 &&
                          two(compact, 9) <= 51 && isHungarianEight(compact),
                      kMod10 + 1.4, "check digit and county agree");
}

// Személyi azonosító: sex and century, YYMMDD, serial; weights rise until 1996 and fall since.
IdVerdict hungarianPerson(std::string_view compact) {
    if (!isNumber(compact, 11) || placeIn("12345678", compact[0]) < 0) {
        return {};
    }
    const bool is2000 = compact[0] == '3' || compact[0] == '4';
    const int year = (is2000 ? 2000 : 1900) + two(compact, 1);
    if (!dateExists(year, two(compact, 3), two(compact, 5))) {
        return {};
    }
    const int rising = weightedSum(compact, {1, 2, 3, 4, 5, 6, 7, 8, 9, 10}) % 11;
    const int falling = weightedSum(compact, {10, 9, 8, 7, 6, 5, 4, 3, 2, 1}) % 11;
    return acceptedIf((year >= 1997 ? falling : rising) == digitAt(compact, 10), kMod11 + kDate + 0.3, kDateAgrees);
}

// Adóazonosító jel: 8, the days since 1867, serial.
IdVerdict hungarianTax(std::string_view compact) {
    return acceptedIf(isNumber(compact, 10) && compact[0] == '8' && numberOf(compact.substr(1, 5)) > 5000 &&
                          numberOf(compact.substr(1, 5)) < 60000 &&
                          weightedSum(compact, {1, 2, 3, 4, 5, 6, 7, 8, 9}) % 11 == digitAt(compact, 9),
                      kMod11 + 2.3 + 0.5, kDigitAgrees);
}

// TAJ: three and seven in turn.
IdVerdict hungarianHealth(std::string_view compact) {
    return acceptedIf(isNumber(compact, 9) && cycledSum(compact.substr(0, 8), {3, 7}) % 10 == digitAt(compact, 8),
                      kMod10, kDigitAgrees);
}

// Bank account (GIRO): two or three blocks of eight; the first has a check digit, the rest one together.
IdVerdict hungarianAccount(std::string_view compact) {
    if ((compact.size() != 16 && compact.size() != 24) || !isNumber(compact, compact.size())) {
        return {};
    }
    return acceptedIf(isHungarianEight(compact) && cycledSum(compact.substr(8), {9, 7, 3, 1}) % 10 == 0, 2 * kMod10,
                      kDigitsAgree);
}

constexpr std::array<NamedCheck, 16> kChecks{{
    {"pl-person", &polishPerson},
    {"pl-tax", &polishTax},
    {"pl-statistical", &polishStatistical},
    {"pl-card", &polishCard},
    {"pl-passport", &polishPassport},
    {"pl-account", &polishAccount},
    {"cz-birth-number", &birthNumber},
    {"cz-company", &czechCompany},
    {"cz-vat", &czechVat},
    {"cz-account", &czechAccount},
    {"sk-vat", &slovakVat},
    {"hu-company", &hungarianCompany},
    {"hu-person", &hungarianPerson},
    {"hu-tax", &hungarianTax},
    {"hu-health", &hungarianHealth},
    {"hu-account", &hungarianAccount},
}};

} // namespace

std::span<const NamedCheck> centralChecks() {
    return kChecks;
}

} // namespace gatehouse::dlp::ids
