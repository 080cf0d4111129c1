// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <array>
#include <string>

#include "dlp/ids/arithmetic.h"
#include "dlp/ids/checks.h"

// Spain, Italy, Portugal, Greece, Cyprus, Malta.
namespace gatehouse::dlp::ids {
namespace {

constexpr std::string_view kDniLetters = "TRWAGMYFPDXBNJZSQVHLCKE";

bool isDni(std::string_view digits, char letter) {
    return areDigits(digits) && kDniLetters[static_cast<std::size_t>(numberOf(digits) % 23)] == letter;
}

// Documento nacional de identidad: eight digits and a letter, mod 23.
IdVerdict spanishDni(std::string_view compact) {
    return acceptedIf(compact.size() == 9 && isNumber(compact.substr(0, 8), 8) &&
                          isDni(compact.substr(0, 8), compact[8]),
                      kMod23, "check letter agrees");
}

bool isNie(std::string_view compact) {
    const int first = compact.size() == 9 ? placeIn("XYZ", compact[0]) : -1;
    if (first < 0) {
        return false;
    }
    const std::string digits = static_cast<char>('0' + first) + std::string(compact.substr(1, 7));
    return isDni(digits, compact[8]);
}

// Número de identidad de extranjero: X, Y, Z count as 0, 1, 2.
IdVerdict spanishNie(std::string_view compact) {
    return acceptedIf(isNie(compact), kMod23 + 2.1, "check letter agrees");
}

// Código de identificación fiscal: legal form, seven digits, a digit or letter by Luhn.
bool isCif(std::string_view compact) {
    if (compact.size() != 9 || placeIn("ABCDEFGHJNPQRSUVWKLM", compact[0]) < 0 || !areDigits(compact.substr(1, 7)) ||
        compact.substr(1, 4) == "0000") {
        return false;
    }
    if (placeIn("KLM", compact[0]) >= 0) { // people without a DNI
        return isDni(compact.substr(1, 7), compact[8]);
    }
    const int check = (10 - crossSum(compact.substr(1, 7), {2, 1}) % 10) % 10;
    const bool isDigitRight = compact[8] == static_cast<char>('0' + check);
    const bool isLetterRight = compact[8] == std::string_view("JABCDEFGHI")[static_cast<std::size_t>(check)];
    return isDigitRight || isLetterRight;
}

IdVerdict spanishCif(std::string_view compact) {
    return compact.empty()
               ? IdVerdict{}
               : acceptedIf(isCif(compact), isLetter(compact.back()) ? 3.3 : kMod10 + 0.3, "check character agrees");
}

IdVerdict spanishVat(std::string_view compact) {
    if (compact.substr(0, 2) != "ES" || compact.size() != 11) {
        return {};
    }
    compact.remove_prefix(2);
    const bool isPerson =
        (areDigits(compact.substr(0, 8)) && isDni(compact.substr(0, 8), compact[8])) || isNie(compact);
    return acceptedIf(isPerson || isCif(compact), kMod10 + 1.0, "check character agrees");
}

// Número de la Seguridad Social: province, serial, the rest by 97; a serial below ten million stands without its zero.
IdVerdict spanishSocialSecurity(std::string_view compact) {
    if (!isNumber(compact, 12) || two(compact, 0) == 0 || two(compact, 0) > 66) {
        return {};
    }
    const long long province = two(compact, 0);
    const long long serial = numberOf(compact.substr(2, 8));
    const long long number = serial < 10000000 ? province * 10000000 + serial : province * 100000000 + serial;
    return acceptedIf(number % 97 == two(compact, 10), kMod97 + 0.4, kDigitsAgree);
}

int cccDigit(std::string_view ten) {
    const int value = 11 - weightedSum(ten, {1, 2, 4, 8, 5, 10, 9, 7, 3, 6}) % 11;
    return value == 11 ? 0 : value == 10 ? 1 : value;
}

// Código cuenta cliente: bank and branch, two check digits, account.
IdVerdict spanishAccount(std::string_view compact) {
    if (!isNumber(compact, 20)) {
        return {};
    }
    const std::string front = "00" + std::string(compact.substr(0, 8));
    return acceptedIf(cccDigit(front) == digitAt(compact, 8) && cccDigit(compact.substr(10)) == digitAt(compact, 9),
                      2 * kMod11, kDigitsAgree);
}

// Código unificado de punto de suministro: ES, sixteen digits, two letters by 529, a border point.
IdVerdict spanishSupply(std::string_view compact) {
    constexpr std::string_view kLetters = "TRWAGMYFPDXBNJZSQVHLCKE";
    if ((compact.size() != 20 && compact.size() != 22) || compact.substr(0, 2) != "ES" ||
        !areDigits(compact.substr(2, 16))) {
        return {};
    }
    const auto rest = static_cast<std::size_t>(numberOf(compact.substr(2, 16)) % 529);
    return acceptedIf(kLetters[rest / 23] == compact[18] && kLetters[rest % 23] == compact[19], 6.2,
                      "check letters agree");
}

// Codice fiscale (D.M. 23 December 1976): values of the odd places, letters of omocodia in the places of digits.
IdVerdict italianPerson(std::string_view compact) {
    constexpr std::array<int, 36> kOdd{1,  0,  5, 7, 9,  13, 15, 17, 19, 21, 1,  0,  5,  7,  9,  13, 15, 17,
                                       19, 21, 2, 4, 18, 20, 11, 3,  6,  8,  12, 14, 16, 10, 22, 25, 24, 23};
    constexpr std::string_view kOmocodia = "LMNPQRSTUV";
    constexpr std::string_view kDigitPlaces = "0000001101101110"; // 1: a digit or its letter
    if (compact.size() != 16 || placeIn("ABCDEHLMPRST", compact[8]) < 0) {
        return {};
    }
    int sum = 0;
    std::string plain;
    for (std::size_t i = 0; i < 16; ++i) {
        const char c = compact[i];
        const bool isDigitPlace = kDigitPlaces[i] == '1';
        const int letter = placeIn(kOmocodia, c);
        if (isDigitPlace ? (!isDigit(c) && letter < 0) : !isLetter(c)) {
            return {};
        }
        plain += isDigitPlace && !isDigit(c) ? static_cast<char>('0' + letter) : c;
        if (i < 15) {
            sum += i % 2 == 0 ? kOdd[static_cast<std::size_t>(base36(c))] : (isDigit(c) ? c - '0' : c - 'A');
        }
    }
    const int day = two(plain, 9) % 40;
    const bool hasDay = two(plain, 9) <= 71 && day >= 1 && day <= 31;
    return acceptedIf(hasDay && sum % 26 == compact[15] - 'A', 5.5, "check letter and date agree");
}

IdVerdict italianVat(std::string_view compact) {
    if (compact.substr(0, 2) == "IT") {
        compact.remove_prefix(2);
    }
    if (!isNumber(compact, 11) || compact.substr(0, 7) == "0000000") {
        return {};
    }
    const auto office = numberOf(compact.substr(7, 3));
    const bool isOffice =
        (office >= 1 && office <= 100) || office == 120 || office == 121 || office == 888 || office == 999;
    return acceptedIf(isOffice && passesLuhn(compact), kMod10 + 1.6, "check digit and province agree");
}

// Tessera sanitaria: 80380 (health, Italy), region, serial; Luhn.
IdVerdict italianHealth(std::string_view compact) {
    return acceptedIf(isNumber(compact, 20) && compact.substr(0, 5) == "80380" && passesLuhn(compact), kMod10 + 4.0,
                      "prefix and check digit agree");
}

// Carta d'identità elettronica: two letters, five digits, two letters.
IdVerdict italianCard(std::string_view compact) {
    return acceptedIf(compact.size() == 9 && compact[0] == 'C' && areLetters(compact.substr(7)), 3.2, kStructureAgrees);
}

constexpr Weighted kPtNif{9, {9, 8, 7, 6, 5, 4, 3, 2}, 11, CheckRule::complementOrOneZero, kMod11};

IdVerdict portugueseTax(std::string_view compact) {
    if (compact.substr(0, 2) == "PT") {
        compact.remove_prefix(2);
    }
    return acceptedIf(isNumber(compact, 9) && placeIn("1235689", compact[0]) >= 0 && passes(kPtNif, compact),
                      kMod11 + 0.3, kDigitAgrees);
}

IdVerdict portugueseSocialSecurity(std::string_view compact) {
    if (!isNumber(compact, 11) || (compact[0] != '1' && compact[0] != '2')) {
        return {};
    }
    const int sum = weightedSum(compact, {29, 23, 19, 17, 13, 11, 7, 5, 3, 2});
    return acceptedIf(9 - sum % 10 == digitAt(compact, 10), kMod10 + 1.6, kDigitAgrees);
}

// Cartão de cidadão: eight digits, a digit, two of a version, a digit; Luhn over letters as numbers.
IdVerdict portugueseCard(std::string_view compact) {
    if (compact.size() != 12 || !areDigits(compact.substr(0, 9)) || !isDigit(compact[11]) || areDigits(compact)) {
        return {};
    }
    int sum = 0;
    for (std::size_t i = 0; i < 12; ++i) {
        int value = base36(compact[i]);
        if (i % 2 == 0) {
            value *= 2;
            value -= value > 9 ? 9 : 0;
        }
        sum += value;
    }
    return acceptedIf(sum % 10 == 0, kMod10, kDigitAgrees);
}

// NIB: 21 digits, mod 97.
IdVerdict portugueseAccount(std::string_view compact) {
    return acceptedIf(isNumber(compact, 21) && modulo(compact, 97) == 1, kMod97, kDigitsAgree);
}

// AFM: powers of two, mod 11.
IdVerdict greekTax(std::string_view compact) {
    if (compact.substr(0, 2) == "EL" || compact.substr(0, 2) == "GR") {
        compact.remove_prefix(2);
    }
    constexpr Weighted kAfm{9, {256, 128, 64, 32, 16, 8, 4, 2}, 11, CheckRule::remainderOrZero, kMod11};
    return acceptedIf(isNumber(compact, 9) && passes(kAfm, compact), kMod11, kDigitAgrees);
}

// AMKA: birthday and Luhn.
IdVerdict greekSocialSecurity(std::string_view compact) {
    return acceptedIf(isNumber(compact, 11) && isDdmmyy(compact) && passesLuhn(compact), kMod10 + kDate, kDateAgrees);
}

// Cyprus: odd places by a table, mod 26.
IdVerdict cypriotTax(std::string_view compact) {
    constexpr std::array kOdd{1, 0, 5, 7, 9, 13, 15, 17, 19, 21};
    if (compact.substr(0, 2) == "CY") {
        compact.remove_prefix(2);
    }
    if (compact.size() != 9 || !isNumber(compact.substr(0, 8), 8) || compact.substr(0, 2) == "12") {
        return {};
    }
    const bool isUsual = placeIn("0134569", compact[0]) >= 0;
    int sum = 0;
    for (std::size_t i = 0; i < 8; ++i) {
        const int digit = digitAt(compact, i);
        sum += i % 2 == 0 ? kOdd[static_cast<std::size_t>(digit)] : digit;
    }
    return acceptedIf(static_cast<char>('A' + sum % 26) == compact[8], isUsual ? 3.2 : 2.2, "check letter agrees");
}

IdVerdict malteseVat(std::string_view compact) {
    if (compact.substr(0, 2) == "MT") {
        compact.remove_prefix(2);
    }
    return acceptedIf(isNumber(compact, 8) && compact[0] != '0' &&
                          weightedSum(compact, {3, 4, 6, 7, 8, 9}) % 37 == (37 - two(compact, 6) % 37) % 37,
                      3.6, kDigitsAgree);
}

// Identity card: seven digits and a letter of the register.
IdVerdict malteseCard(std::string_view compact) {
    return acceptedIf(compact.size() == 8 && isNumber(compact.substr(0, 7), 7) && placeIn("MGAPLHBZ", compact[7]) >= 0,
                      1.2, "a letter of the register");
}

constexpr std::array<NamedCheck, 21> kChecks{{
    {"es-dni", &spanishDni},
    {"es-nie", &spanishNie},
    {"es-cif", &spanishCif},
    {"es-vat", &spanishVat},
    {"es-social-security", &spanishSocialSecurity},
    {"es-account", &spanishAccount},
    {"es-supply", &spanishSupply},
    {"it-person", &italianPerson},
    {"it-vat", &italianVat},
    {"it-health", &italianHealth},
    {"it-card", &italianCard},
    {"pt-tax", &portugueseTax},
    {"pt-social-security", &portugueseSocialSecurity},
    {"pt-card", &portugueseCard},
    {"pt-account", &portugueseAccount},
    {"gr-tax", &greekTax},
    {"gr-social-security", &greekSocialSecurity},
    {"cy-tax", &cypriotTax},
    {"mt-vat", &malteseVat},
    {"mt-card", &malteseCard},
    {"it-driving-licence",
     [](std::string_view compact) {
         if (compact.size() != 10 || compact[0] != 'U') {
             return IdVerdict{};
         }
         const bool isOld = areDigits(compact.substr(2, 7));
         const bool isNew = isDigit(compact[1]) && isLetter(compact[9]);
         return acceptedIf(isOld || isNew, isOld ? 2.0 : 1.4, kStructureAgrees);
     }},
}};

} // namespace

std::span<const NamedCheck> southernChecks() {
    return kChecks;
}

} // namespace gatehouse::dlp::ids
