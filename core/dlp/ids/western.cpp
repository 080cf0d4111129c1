// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <array>

#include "dlp/ids/arithmetic.h"
#include "dlp/ids/checks.h"

// Germany, France, Austria, Switzerland, Liechtenstein.
namespace gatehouse::dlp::ids {
namespace {

// Steuerliche Identifikationsnummer (§ 139b AO): ISO 7064 mod 11,10; among the first ten one digit occurs two or three
// times, all others at most once.
IdVerdict germanTaxId(std::string_view compact) {
    if (!isNumber(compact, 11) || compact[0] == '0' || !passesMod11Radix10(compact)) {
        return {};
    }
    std::array<int, 10> counts{};
    for (std::size_t i = 0; i < 10; ++i) {
        ++counts[static_cast<std::size_t>(digitAt(compact, i))];
    }
    const auto repeated = std::count_if(counts.begin(), counts.end(), [](int count) { return count > 1; });
    const int most = *std::max_element(counts.begin(), counts.end());
    return acceptedIf(repeated == 1 && most <= 3, kMod10 + 1.3, "check digit and repetition agree");
}

// Steuernummer in the federal form of thirteen digits, a zero in the fifth place.
IdVerdict germanTaxNumber(std::string_view compact) {
    constexpr std::array<std::string_view, 16> kStates{"10", "11", "21", "22", "23", "24", "26", "27",
                                                       "28", "30", "31", "32", "40", "41", "51", "90"};
    if (compact.size() == 10 || compact.size() == 11) {
        return acceptedIf(isNumber(compact, compact.size()), 0.6, "a state's layout");
    }
    const bool isKnown =
        compact.size() == 13 && std::any_of(kStates.begin(), kStates.end(), [compact](std::string_view state) {
            return compact[0] == state[0] && (state[1] == '0' || compact[1] == state[1]);
        });
    return acceptedIf(isKnown && isNumber(compact, 13) && compact[4] == '0', 2.3, "federal layout");
}

// Rentenversicherungsnummer (VKVV § 4): area, birthday, initial, serial, check digit.
IdVerdict germanPension(std::string_view compact) {
    if (compact.size() != 12 || !areDigits(compact.substr(0, 8)) || !isLetter(compact[8]) ||
        !areDigits(compact.substr(9))) {
        return {};
    }
    std::string_view day = compact.substr(2, 6);
    const int dayOfMonth = two(day, 0) > 50 ? two(day, 0) - 50 : two(day, 0); // serials that ran out
    const int letter = compact[8] - 'A' + 1;
    const std::array<char, 12> digits{compact[0],
                                      compact[1],
                                      compact[2],
                                      compact[3],
                                      compact[4],
                                      compact[5],
                                      compact[6],
                                      compact[7],
                                      static_cast<char>('0' + letter / 10),
                                      static_cast<char>('0' + letter % 10),
                                      compact[9],
                                      compact[10]};
    const int sum = crossSum({digits.data(), digits.size()}, {2, 1, 2, 5, 7, 1, 2, 1, 2, 1, 2, 1});
    const bool hasDate = two(day, 2) <= 12 && dayOfMonth <= 31;
    return acceptedIf(hasDate && two(compact, 0) >= 2 && sum % 10 == digitAt(compact, 11), kMod10 + kDate, kDateAgrees);
}

// Krankenversichertennummer (§ 290 SGB V): a letter, eight digits, check digit by Luhn with weights from the left.
IdVerdict germanHealth(std::string_view compact) {
    if (compact.size() != 10 || !isLetter(compact[0]) || !isNumber(compact.substr(1), 9)) {
        return {};
    }
    const int letter = compact[0] - 'A' + 1;
    const std::array<char, 2> digits{static_cast<char>('0' + letter / 10), static_cast<char>('0' + letter % 10)};
    const int sum = crossSum({digits.data(), 2}, {1, 2}) + crossSum(compact.substr(1, 8), {1, 2});
    return acceptedIf(sum % 10 == digitAt(compact, 9), kMod10, kDigitAgrees);
}

// Lebenslange Arztnummer: weights 4 and 9 over six digits, then the check digit and a two digit group of specialists.
IdVerdict germanDoctor(std::string_view compact) {
    return acceptedIf(isNumber(compact, 9) &&
                          (10 - cycledSum(compact.substr(0, 6), {4, 9}) % 10) % 10 == digitAt(compact, 6),
                      kMod10, kDigitAgrees);
}

// Serial numbers of passports and identity cards: letters without vowels and look-alikes; the tenth digit, which the
// machine readable zone has, is ICAO 9303's.
IdVerdict germanDocument(std::string_view compact) {
    if (compact.size() != 9 && compact.size() != 10) {
        return {};
    }
    const std::string_view serial = compact.substr(0, 9);
    const bool hasAlphabet = serial.find_first_not_of("CFGHJKLMNPRTVWXYZ0123456789") == std::string_view::npos &&
                             placeIn("CFGHJKLMNPRTVWXYZ", serial[0]) >= 0;
    const auto digits = std::count_if(serial.begin(), serial.end(), isDigit);
    if (!hasAlphabet || digits < 2) {
        return {};
    }
    return compact.size() == 9 ? accepted(1.6, "the documents' alphabet")
                               : acceptedIf(isDigit(compact[9]) && icaoCheck(serial) == digitAt(compact, 9),
                                            kMod10 + 1.0, "ICAO 9303 check digit agrees");
}

// "HRB 12345": the departments of the Handelsregister.
IdVerdict germanRegister(std::string_view compact) {
    const std::string_view department = compact.substr(0, 3);
    return acceptedIf(department == "HRA" || department == "HRB" ||
                          (compact.substr(0, 2) == "VR" && isDigit(compact[2])) ||
                          (department == "GNR" || department == "PR"),
                      3.0, "a department of the register");
}

IdVerdict germanLicence(std::string_view compact) {
    const auto digits = std::count_if(compact.begin(), compact.end(), isDigit);
    return acceptedIf(compact.size() == 11 && isLetter(compact[0]) && digits >= 5, 0.8, kStructureAgrees);
}

// Numéro d'inscription au répertoire: sex, year, month, department, commune, serial, key 97 − n mod 97; Corsica's
// departments are 2A and 2B.
IdVerdict frenchNir(std::string_view compact) {
    if (compact.size() != 15 || placeIn("123478", compact[0]) < 0 || !areDigits(compact.substr(0, 6)) ||
        !areDigits(compact.substr(7))) {
        return {};
    }
    std::array<char, 13> number{};
    std::copy_n(compact.begin(), 13, number.begin());
    if (compact[6] == 'A' || compact[6] == 'B') {
        if (compact[5] != '2') {
            return {};
        }
        number[5] = '1';
        number[6] = compact[6] == 'A' ? '9' : '8';
    } else if (!isDigit(compact[6])) {
        return {};
    }
    const int month = two(compact, 3);
    const bool isMonth = (month >= 1 && month <= 12) || (month >= 20 && month <= 42) || month >= 50;
    const auto key = static_cast<int>(97 - modulo({number.data(), 13}, 97));
    return acceptedIf(isMonth && key == two(compact, 13), kMod97 + 1.0, "key agrees");
}

// Numéro fiscal (SPI): the last three digits are the first ten modulo 511.
IdVerdict frenchTax(std::string_view compact) {
    return acceptedIf(isNumber(compact, 13) && compact[0] <= '3' &&
                          numberOf(compact.substr(0, 10)) % 511 == numberOf(compact.substr(10)),
                      6.2, "key agrees");
}

bool isSiret(std::string_view compact) {
    int sum = 0;
    for (const char c : compact) {
        sum += c - '0';
    }
    const bool isPost = compact.substr(0, 9) == "356000000" && sum % 5 == 0;
    return passesLuhn(compact) || isPost;
}

// SIRET: a SIREN and five digits, both with Luhn; La Poste's establishments have a digit sum divisible by five.
IdVerdict frenchSiret(std::string_view compact) {
    return acceptedIf(isNumber(compact, 14) && passesLuhn(compact.substr(0, 9)) && isSiret(compact), 2 * kMod10,
                      kDigitsAgree);
}

// RIB: bank, branch, account (letters by their place on a telephone's keys), key.
IdVerdict frenchRib(std::string_view compact) {
    constexpr std::string_view kLetters = "12345678912345678923456789";
    if (compact.size() != 23 || !areDigits(compact.substr(0, 10)) || !areDigits(compact.substr(21))) {
        return {};
    }
    std::array<char, 23> digits{};
    std::transform(compact.begin(), compact.end(), digits.begin(),
                   [kLetters](char c) { return isDigit(c) ? c : kLetters[static_cast<std::size_t>(c - 'A')]; });
    const std::string_view number(digits.data(), digits.size());
    const unsigned sum = 89 * modulo(number.substr(0, 5), 97) + 15 * modulo(number.substr(5, 5), 97) +
                         3 * modulo(number.substr(10, 11), 97) + modulo(number.substr(21), 97);
    return acceptedIf(sum % 97 == 0 && compact.find_first_not_of('0') != std::string_view::npos, kMod97, "key agrees");
}

// Répertoire partagé des professionnels de santé: eleven digits with Luhn.
IdVerdict frenchDoctor(std::string_view compact) {
    return acceptedIf(isNumber(compact, 11) && compact[0] == '1' && passesLuhn(compact), kMod10 + 1.0, kDigitAgrees);
}

// Sozialversicherungsnummer: check digit in the fourth place, then DDMMYY; months 13–15 when a day's serials ran out.
IdVerdict austrianInsurance(std::string_view compact) {
    if (!isNumber(compact, 10) || compact[0] == '0') {
        return {};
    }
    const int sum = weightedSum(compact, {3, 7, 9, 0, 5, 8, 4, 2, 1, 6});
    const int day = two(compact, 4);
    const int month = two(compact, 6);
    const bool hasDate = day >= 1 && day <= 31 && month >= 1 && month <= 15;
    return acceptedIf(hasDate && sum % 11 == digitAt(compact, 3), kMod11 + kDate, kDateAgrees);
}

// Abgabenkontonummer: nine digits with Luhn from the left.
IdVerdict austrianTax(std::string_view compact) {
    return acceptedIf(isNumber(compact, 9) &&
                          (10 - crossSum(compact.substr(0, 8), {1, 2}) % 10) % 10 == digitAt(compact, 8),
                      kMod10, kDigitAgrees);
}

// AHV number: 756 and EAN-13.
IdVerdict swissInsurance(std::string_view compact) {
    return acceptedIf(isNumber(compact, 13) && compact.substr(0, 3) == "756" && passesEan(compact), kMod10 + 4.0,
                      "prefix and check digit agree");
}

// Unternehmens-Identifikationsnummer: CHE and nine digits.
IdVerdict swissCompany(std::string_view compact) {
    constexpr Weighted kUid{9, {5, 4, 3, 2, 7, 6, 5, 4}, 11, CheckRule::complement, kMod11};
    return acceptedIf(compact.size() >= 12 && compact.substr(0, 3) == "CHE" && isNumber(compact.substr(3, 9), 9) &&
                          passes(kUid, compact.substr(3, 9)),
                      kMod11 + 3.0, "prefix and check digit agree");
}

// Reference number of Swiss payment slips: 27 digits, recursive mod 10 with Damm-like carry table of SIX.
IdVerdict swissReference(std::string_view compact) {
    constexpr std::string_view kTable = "0946827135";
    if (!isNumber(compact, 27)) {
        return {};
    }
    int carry = 0;
    for (std::size_t i = 0; i < 26; ++i) {
        carry = kTable[static_cast<std::size_t>((carry + digitAt(compact, i)) % 10)] - '0';
    }
    return acceptedIf((10 - carry) % 10 == digitAt(compact, 26), kMod10, kDigitAgrees);
}

constexpr std::array<NamedCheck, 19> kChecks{{
    {"de-tax-id", &germanTaxId},
    {"de-tax-number", &germanTaxNumber},
    {"de-pension", &germanPension},
    {"de-health", &germanHealth},
    {"de-doctor", &germanDoctor},
    {"de-document", &germanDocument},
    {"de-register", &germanRegister},
    {"de-licence", &germanLicence},
    {"fr-nir", &frenchNir},
    {"fr-tax", &frenchTax},
    {"fr-siren", &luhn<9>},
    {"fr-siret", &frenchSiret},
    {"fr-rib", &frenchRib},
    {"fr-doctor", &frenchDoctor},
    {"at-insurance", &austrianInsurance},
    {"at-tax", &austrianTax},
    {"ch-insurance", &swissInsurance},
    {"ch-company", &swissCompany},
    {"ch-reference", &swissReference},
}};

} // namespace

std::span<const NamedCheck> westernChecks() {
    return kChecks;
}

} // namespace gatehouse::dlp::ids
