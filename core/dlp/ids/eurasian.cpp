// SPDX-License-Identifier: Apache-2.0
#include <array>
#include <string>

#include "dlp/ids/arithmetic.h"
#include "dlp/ids/checks.h"

// Russia, Ukraine, Belarus, Kazakhstan, Uzbekistan, Türkiye.
namespace gatehouse::dlp::ids {
namespace {

// ИНН of companies (ten digits) and of people (twelve, two check digits).
IdVerdict russianTax(std::string_view compact) {
    if (isNumber(compact, 10)) {
        return acceptedIf(compact.substr(0, 2) != "00" &&
                              weightedSum(compact, {2, 4, 10, 3, 5, 9, 4, 6, 8}) % 11 % 10 == digitAt(compact, 9),
                          kMod11, kDigitAgrees);
    }
    return acceptedIf(isNumber(compact, 12) && compact.substr(0, 2) != "00" &&
                          weightedSum(compact, {7, 2, 4, 10, 3, 5, 9, 4, 6, 8}) % 11 % 10 == digitAt(compact, 10) &&
                          weightedSum(compact, {3, 7, 2, 4, 10, 3, 5, 9, 4, 6, 8}) % 11 % 10 == digitAt(compact, 11),
                      2 * kMod11, kDigitsAgree);
}

// СНИЛС: weights 9 … 1, mod 101, 100 is written 00; numbers up to 001-001-998 have none.
IdVerdict russianPension(std::string_view compact) {
    if (!isNumber(compact, 11) || numberOf(compact.substr(0, 9)) <= 1001998) {
        return {};
    }
    const int sum = weightedSum(compact, {9, 8, 7, 6, 5, 4, 3, 2, 1}) % 101 % 100;
    return acceptedIf(sum == two(compact, 9), kMod97, kDigitsAgree);
}

// ОГРН (13) and ОГРНИП (15): the number without its last digit modulo 11 or 13.
IdVerdict russianRegister(std::string_view compact) {
    if (isNumber(compact, 13)) {
        return acceptedIf(placeIn("15", compact[0]) >= 0 &&
                              numberOf(compact.substr(0, 12)) % 11 % 10 == digitAt(compact, 12),
                          kMod11 + 1.0, kDigitAgrees);
    }
    return acceptedIf(isNumber(compact, 15) && placeIn("34", compact[0]) >= 0 &&
                          numberOf(compact.substr(0, 14)) % 13 % 10 == digitAt(compact, 14),
                      kMod11 + 1.0, kDigitAgrees);
}

// Internal passport: region and year of the form, number.
IdVerdict russianPassport(std::string_view compact) {
    return acceptedIf(isNumber(compact, 10) && two(compact, 0) >= 1 &&
                          (two(compact, 2) >= 97 || two(compact, 2) <= 30) && numberOf(compact.substr(4)) > 100,
                      1.0, "series that is issued");
}

// Policy of compulsory health insurance: sixteen digits with Luhn.
IdVerdict russianHealth(std::string_view compact) {
    return acceptedIf(isNumber(compact, 16) && passesLuhn(compact), kMod10, kDigitAgrees);
}

// ЄДРПОУ: weights depend on the range of the number.
IdVerdict ukrainianCompany(std::string_view compact) {
    if (!isNumber(compact, 8)) {
        return {};
    }
    const long long number = numberOf(compact);
    const bool isMiddle = number >= 30000000 && number <= 60000000;
    int sum = isMiddle ? weightedSum(compact, {7, 1, 2, 3, 4, 5, 6}) : weightedSum(compact, {1, 2, 3, 4, 5, 6, 7});
    if (sum % 11 > 9) {
        sum = isMiddle ? weightedSum(compact, {9, 3, 4, 5, 6, 7, 8}) : weightedSum(compact, {3, 4, 5, 6, 7, 8, 9});
    }
    return acceptedIf(sum % 11 % 10 == digitAt(compact, 7), kMod11, kDigitAgrees);
}

// РНОКПП: days since 1900, serial, check digit.
IdVerdict ukrainianPerson(std::string_view compact) {
    if (!isNumber(compact, 10)) {
        return {};
    }
    const long long days = numberOf(compact.substr(0, 5));
    const int rest = weightedSum(compact, {-1, 5, 7, 9, 4, 6, 10, 5, 7}) % 11;
    return acceptedIf(days > 0 && days < 47500 && (rest + 11) % 11 % 10 == digitAt(compact, 9), kMod11 + 0.8,
                      kDigitAgrees);
}

// УНЗР: birthday and five digits.
IdVerdict ukrainianRegister(std::string_view compact) {
    return acceptedIf(isNumber(compact, 13) && isYyyymmdd(compact), kFullDate, "a date that exists");
}

// УНП: the first two places of a person's number are letters.
IdVerdict belarusianTax(std::string_view compact) {
    constexpr std::string_view kFirst = "ABCEHKM";
    constexpr std::string_view kSecond = "ABCEHKMOPT";
    if (compact.size() != 9 || !areDigits(compact.substr(2))) {
        return {};
    }
    std::string digits(compact);
    const bool isPerson = isLetter(compact[0]) && isLetter(compact[1]);
    if (isPerson) {
        const int second = placeIn(kSecond, compact[1]);
        if (placeIn(kFirst, compact[0]) < 0 || second < 0) {
            return {};
        }
        digits[1] = static_cast<char>('0' + second);
        const int sum = base36(compact[0]) * 29 + weightedSum(digits.substr(1), {23, 19, 17, 13, 7, 5, 3});
        return acceptedIf(sum % 11 == digitAt(compact, 8), kMod11 + 1.5, kDigitAgrees);
    }
    return acceptedIf(isNumber(compact, 9) && compact[0] >= '1' && compact[0] <= '7' &&
                          weightedSum(compact, {29, 23, 19, 17, 13, 7, 5, 3}) % 11 == digitAt(compact, 8),
                      kMod11, kDigitAgrees);
}

// Personal number of Belarus: sex and century, DDMMYY, district, serial, citizenship, check digit.
IdVerdict belarusianPerson(std::string_view compact) {
    if (compact.size() != 14 || !areDigits(compact.substr(0, 7)) || placeIn("ABCEHKM", compact[7]) < 0 ||
        !areDigits(compact.substr(8, 3)) || !isDigit(compact[13])) {
        return {};
    }
    const std::string_view citizenship = compact.substr(11, 2);
    const bool isKnown = citizenship == "PB" || citizenship == "BA" || citizenship == "BI";
    return acceptedIf(isKnown && placeIn("123456", compact[0]) >= 0 && isDdmmyy(compact.substr(1)), 7.0,
                      "structure and date agree");
}

bool passesKazakh(std::string_view compact) {
    int sum = weightedSum(compact, {1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11}) % 11;
    if (sum == 10) {
        sum = weightedSum(compact, {3, 4, 5, 6, 7, 8, 9, 10, 11, 1, 2}) % 11;
    }
    return sum == digitAt(compact, 11);
}

// ИИН: YYMMDD, sex and century, serial.
IdVerdict kazakhPerson(std::string_view compact) {
    return acceptedIf(isNumber(compact, 12) && isYymmdd(compact) && compact[6] <= '6' && passesKazakh(compact),
                      kMod11 + kDate + 0.3, kDateAgrees);
}

// БИН: year and month of registration, kind of the company.
IdVerdict kazakhCompany(std::string_view compact) {
    return acceptedIf(isNumber(compact, 12) && two(compact, 2) >= 1 && two(compact, 2) <= 12 &&
                          placeIn("456", compact[4]) >= 0 && compact[5] <= '4' && passesKazakh(compact),
                      kMod11 + 2.5, kDigitAgrees);
}

// PINFL: sex and century, DDMMYY, district, serial; weights 7 3 1.
IdVerdict uzbekPerson(std::string_view compact) {
    return acceptedIf(isNumber(compact, 14) && placeIn("123456", compact[0]) >= 0 && isDdmmyy(compact.substr(1)) &&
                          cycledSum(compact.substr(0, 13), {7, 3, 1}) % 10 == digitAt(compact, 13),
                      kMod10 + kDate + 0.5, kDateAgrees);
}

// T.C. kimlik numarası: two check digits.
IdVerdict turkishPerson(std::string_view compact) {
    if (!isNumber(compact, 11) || compact[0] == '0') {
        return {};
    }
    const int odd = weightedSum(compact, {1, 0, 1, 0, 1, 0, 1, 0, 1});
    const int even = weightedSum(compact, {0, 1, 0, 1, 0, 1, 0, 1});
    const int tenth = ((odd * 7 - even) % 10 + 10) % 10;
    return acceptedIf(tenth == digitAt(compact, 9) && (odd + even + tenth) % 10 == digitAt(compact, 10), 2 * kMod10,
                      kDigitsAgree);
}

// Vergi kimlik numarası.
IdVerdict turkishTax(std::string_view compact) {
    if (!isNumber(compact, 10)) {
        return {};
    }
    int sum = 0;
    for (int i = 0; i < 9; ++i) {
        const int first = (digitAt(compact, static_cast<std::size_t>(i)) + 9 - i) % 10;
        const int second = first * (1 << (9 - i)) % 9;
        sum += first != 0 && second == 0 ? 9 : second;
    }
    return acceptedIf((10 - sum % 10) % 10 == digitAt(compact, 9), kMod10, kDigitAgrees);
}

// Plate: province 01–81, one to three letters, two to five digits.
IdVerdict turkishPlate(std::string_view compact) {
    const int province = compact.size() > 4 && areDigits(compact.substr(0, 2)) ? two(compact, 0) : 0;
    return acceptedIf(province >= 1 && province <= 81 && compact.find_first_of("QWX") == std::string_view::npos, 1.2,
                      "a province's number");
}

constexpr std::array<NamedCheck, 16> kChecks{{
    {"ru-tax", &russianTax},
    {"ru-pension", &russianPension},
    {"ru-register", &russianRegister},
    {"ru-passport", &russianPassport},
    {"ru-health", &russianHealth},
    {"ua-company", &ukrainianCompany},
    {"ua-person", &ukrainianPerson},
    {"ua-register", &ukrainianRegister},
    {"by-tax", &belarusianTax},
    {"by-person", &belarusianPerson},
    {"kz-person", &kazakhPerson},
    {"kz-company", &kazakhCompany},
    {"uz-person", &uzbekPerson},
    {"tr-person", &turkishPerson},
    {"tr-tax", &turkishTax},
    {"tr-plate", &turkishPlate},
}};

} // namespace

std::span<const NamedCheck> eurasianChecks() {
    return kChecks;
}

} // namespace gatehouse::dlp::ids
