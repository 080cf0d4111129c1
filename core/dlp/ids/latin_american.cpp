// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <array>
#include <string>

#include "dlp/ids/arithmetic.h"
#include "dlp/ids/checks.h"

// Mexico, Argentina, Chile, Colombia, Peru, Uruguay, Venezuela, Ecuador, Paraguay, the Dominican Republic, Guatemala,
// El Salvador, Honduras, Nicaragua, Cuba.
namespace gatehouse::dlp::ids {
namespace {

bool isMexicanState(std::string_view state) {
    constexpr std::string_view kStates =
        "AS BC BS CC CH CL CM CS DF DG GR GT HG JC MC MN MS NE NL NT OC PL QR QT SL SP SR TC "
        "TL TS VZ YN ZS ";
    for (std::size_t i = 0; i + 2 < kStates.size(); i += 3) {
        if (kStates.substr(i, 2) == state) {
            return true;
        }
    }
    return false;
}

// Clave única de registro de población: letters of the name, YYMMDD, sex, state, consonants, homonym, check digit;
// the alphabet has an Ñ behind N.
IdVerdict curp(std::string_view compact) {
    if (compact.size() != 18 || !areLetters(compact.substr(0, 4)) || !areDigits(compact.substr(4, 6)) ||
        !areLetters(compact.substr(10, 6)) || !isDigit(compact[17]) || placeIn("HMX", compact[10]) < 0) {
        return {};
    }
    int sum = 0;
    for (std::size_t i = 0; i < 17; ++i) {
        const int value = base36(compact[i]);
        sum += (compact[i] > 'N' ? value + 1 : value) * (18 - static_cast<int>(i));
    }
    const std::string_view state = compact.substr(11, 2);
    return acceptedIf(isYymmdd(compact.substr(4)) && isMexicanState(state) &&
                          (10 - sum % 10) % 10 == digitAt(compact, 17),
                      7.0, "check digit, date and state agree");
}

// Registro federal de contribuyentes: letters, date, homonym; the check character by 11 is not always right.
IdVerdict rfc(std::string_view compact) {
    if (compact.size() != 12 && compact.size() != 13) {
        return {};
    }
    const std::size_t letters = compact.size() - 9;
    if (!areLetters(compact.substr(0, letters)) || !areDigits(compact.substr(letters, 6)) ||
        !isYymmdd(compact.substr(letters))) {
        return {};
    }
    int sum = letters == 3 ? 37 * 13 : 0; // a company's has a space in front
    for (std::size_t i = 0; i + 1 < compact.size(); ++i) {
        const char c = compact[i];
        const int value = base36(c) + (c > 'N' ? 1 : 0);
        sum += value * (static_cast<int>(compact.size()) - static_cast<int>(i));
    }
    const int check = (11 - sum % 11) % 11;
    const bool hasCheck = compact.back() == (check == 10 ? 'A' : static_cast<char>('0' + check));
    return hasCheck ? accepted(kMod11 + 3.0, "check character and date agree") : accepted(2.0, "a date that exists");
}

// Clave de elector: six consonants, YYMMDD, state 01–32 or 87, sex, three digits.
IdVerdict mexicanVoter(std::string_view compact) {
    if (compact.size() != 18 || !areLetters(compact.substr(0, 6)) || !areDigits(compact.substr(6, 8)) ||
        !areDigits(compact.substr(15))) {
        return {};
    }
    const int state = two(compact, 12);
    return acceptedIf(isYymmdd(compact.substr(6)) && ((state >= 1 && state <= 33) || state == 87 || state == 88) &&
                          placeIn("HM", compact[14]) >= 0,
                      6.0, "date, state and sex agree");
}

// CLABE: bank, place, account, weights 3 7 1 by ten each.
IdVerdict clabe(std::string_view compact) {
    if (!isNumber(compact, 18) || compact[0] == '9') {
        return {};
    }
    int sum = 0;
    constexpr std::array kWeights{3, 7, 1};
    for (std::size_t i = 0; i < 17; ++i) {
        sum += digitAt(compact, i) * kWeights[i % 3] % 10;
    }
    return acceptedIf((10 - sum % 10) % 10 == digitAt(compact, 17), kMod10 + 0.3, kDigitAgrees);
}

// CUIT and CUIL: kind, number, check digit.
IdVerdict argentineTax(std::string_view compact) {
    constexpr std::array<std::string_view, 10> kKinds{"20", "23", "24", "25", "26", "27", "30", "33", "34", "50"};
    if (!isNumber(compact, 11) || std::find(kKinds.begin(), kKinds.end(), compact.substr(0, 2)) == kKinds.end()) {
        return {};
    }
    const int check = (11 - weightedSum(compact, {5, 4, 3, 2, 7, 6, 5, 4, 3, 2}) % 11) % 11;
    return acceptedIf((check == 10 ? 9 : check) == digitAt(compact, 10), kMod11 + 2.0, "kind and check digit agree");
}

// CBU and CVU: two blocks with a check digit each.
IdVerdict argentineAccount(std::string_view compact) {
    if (!isNumber(compact, 22)) {
        return {};
    }
    const int first = weightedSum(compact, {7, 1, 3, 9, 7, 1, 3});
    const int second = weightedSum(compact.substr(8), {3, 9, 7, 1, 3, 9, 7, 1, 3, 9, 7, 1, 3});
    return acceptedIf((10 - first % 10) % 10 == digitAt(compact, 7) && (10 - second % 10) % 10 == digitAt(compact, 21),
                      2 * kMod10, kDigitsAgree);
}

// Weights that rise from 2 to `highest` from the right, then again.
int risingSum(std::string_view digits, int highest) {
    int sum = 0;
    int weight = 2;
    for (std::size_t i = digits.size(); i-- > 0; weight = weight == highest ? 2 : weight + 1) {
        sum += digitAt(digits, i) * weight;
    }
    return sum;
}

// RUN and RUT: mod 11, K for 10.
IdVerdict chileanPerson(std::string_view compact) {
    if ((compact.size() != 8 && compact.size() != 9) ||
        !isNumber(compact.substr(0, compact.size() - 1), compact.size() - 1) || compact.substr(0, 2) == "00") {
        return {};
    }
    const int check = (11 - risingSum(compact.substr(0, compact.size() - 1), 7) % 11) % 11;
    return acceptedIf(compact.back() == (check == 10 ? 'K' : static_cast<char>('0' + check)),
                      kMod11 + (compact.back() == 'K' ? 2.0 : 0), kDigitAgrees);
}

// NIT: weights are primes from the right.
IdVerdict colombianTax(std::string_view compact) {
    if (compact.size() < 9 || compact.size() > 11 || !isNumber(compact, compact.size())) {
        return {};
    }
    constexpr std::array kWeights{3, 7, 13, 17, 19, 23, 29, 37, 41, 43};
    int sum = 0;
    for (std::size_t i = 0; i + 1 < compact.size(); ++i) {
        sum += digitAt(compact, compact.size() - 2 - i) * kWeights[i];
    }
    const int rest = sum % 11;
    return acceptedIf((rest < 2 ? rest : 11 - rest) == digitAt(compact, compact.size() - 1), kMod11, kDigitAgrees);
}

// RUC of Peru: kind, number, check digit.
IdVerdict peruvianTax(std::string_view compact) {
    if (!isNumber(compact, 11)) {
        return {};
    }
    const int kind = two(compact, 0);
    const int check = (11 - weightedSum(compact, {5, 4, 3, 2, 7, 6, 5, 4, 3, 2}) % 11) % 10;
    return acceptedIf((kind == 10 || (kind >= 15 && kind <= 17) || kind == 20) && check == digitAt(compact, 10),
                      kMod11 + 2.5, "kind and check digit agree");
}

// DNI of Peru with its check character, a digit or a letter.
IdVerdict peruvianPerson(std::string_view compact) {
    if (compact.size() != 9 || !isNumber(compact.substr(0, 8), 8)) {
        return {};
    }
    const auto rest = static_cast<std::size_t>(weightedSum(compact, {3, 2, 7, 6, 5, 4, 3, 2}) % 11);
    return acceptedIf(compact[8] == "65432110987"[rest] || compact[8] == "KJIHGFEDCBA"[rest], 1.7, kDigitAgrees);
}

// RUT of Uruguay: office 01–21, number, 001, check digit.
IdVerdict uruguayanTax(std::string_view compact) {
    if (!isNumber(compact, 12) || compact.substr(8, 3) != "001" || two(compact, 0) < 1 || two(compact, 0) > 22) {
        return {};
    }
    const int check = (11 - weightedSum(compact, {4, 3, 2, 9, 8, 7, 6, 5, 4, 3, 2}) % 11) % 11;
    return acceptedIf(check == digitAt(compact, 11), kMod11 + 4.0, kDigitAgrees);
}

// Cédula of Uruguay: weights 2 9 8 7 6 3 4, by ten.
IdVerdict uruguayanPerson(std::string_view compact) {
    if ((compact.size() != 7 && compact.size() != 8) || !isNumber(compact, compact.size())) {
        return {};
    }
    const std::string number = std::string(8 - compact.size(), '0') + std::string(compact);
    return acceptedIf((10 - weightedSum(number, {2, 9, 8, 7, 6, 3, 4}) % 10) % 10 == digitAt(number, 7), kMod10,
                      kDigitAgrees);
}

// RIF: kind of taxpayer, number, check digit.
IdVerdict venezuelanTax(std::string_view compact) {
    if (compact.size() != 10 || !isNumber(compact.substr(1), 9)) {
        return {};
    }
    const int kind = placeIn("VE  JPG", compact[0]);
    constexpr std::array kValues{4, 8, 0, 0, 12, 16, 20};
    if (kind < 0 || kind == 2 || kind == 3) {
        return compact[0] == 'C' ? accepted(0.5, kStructureAgrees) : IdVerdict{};
    }
    const int sum = kValues[static_cast<std::size_t>(kind)] + weightedSum(compact.substr(1), {3, 2, 7, 6, 5, 4, 3, 2});
    const int check = "00987654321"[sum % 11] - '0';
    return acceptedIf(check == digitAt(compact, 9), kMod11 + 1.6, "kind and check digit agree");
}

// Cédula of Ecuador (Luhn) and RUC: thirteen digits of people (…001), public bodies (third digit 6), companies (9).
bool isEcuadorian(std::string_view digits) {
    const int province = two(digits, 0);
    return ((province >= 1 && province <= 24) || province == 30 || province == 50) && digits[2] <= '6' &&
           passesLuhn(digits.substr(0, 10));
}

IdVerdict ecuadorianPerson(std::string_view compact) {
    return acceptedIf(isNumber(compact, 10) && isEcuadorian(compact), kMod10 + 1.8, "province and check digit agree");
}

IdVerdict ecuadorianTax(std::string_view compact) {
    if (!isNumber(compact, 13) || two(compact, 0) < 1 ||
        (two(compact, 0) > 24 && two(compact, 0) != 30 && two(compact, 0) != 50)) {
        return {};
    }
    const bool isPerson = isEcuadorian(compact) && compact.substr(10) != "000";
    const bool isPublic =
        compact[2] == '6' && compact.substr(9) != "0000" && weightedSum(compact, {3, 2, 7, 6, 5, 4, 3, 2, 1}) % 11 == 0;
    const bool isCompany = compact[2] == '9' && weightedSum(compact, {4, 3, 2, 7, 6, 5, 4, 3, 2, 1}) % 11 == 0 &&
                           compact.substr(10) != "000";
    return acceptedIf(isPerson || isPublic || isCompany, kMod10 + 2.0, "province and check digit agree");
}

// RUC of Paraguay: number and check digit, weights from 2 to 11 from the right.
IdVerdict paraguayanTax(std::string_view compact) {
    if (compact.size() < 6 || compact.size() > 9 || !isNumber(compact, compact.size())) {
        return {};
    }
    int sum = 0;
    for (std::size_t i = 0; i + 1 < compact.size(); ++i) {
        sum += digitAt(compact, compact.size() - 2 - i) * (static_cast<int>(i) + 2);
    }
    const int rest = sum % 11;
    return acceptedIf((rest < 2 ? 0 : 11 - rest) == digitAt(compact, compact.size() - 1), kMod11, kDigitAgrees);
}

// RNC of Dominican companies.
IdVerdict dominicanCompany(std::string_view compact) {
    if (!isNumber(compact, 9)) {
        return {};
    }
    const int rest = weightedSum(compact, {7, 9, 8, 6, 5, 4, 3, 2}) % 11;
    const int check = rest == 0 ? 2 : rest == 1 ? 1 : 11 - rest;
    return acceptedIf(placeIn("145", compact[0]) >= 0 && check == digitAt(compact, 8), kMod11 + 1.0, kDigitAgrees);
}

// NIT of Guatemala: two to twelve digits, K for 10.
IdVerdict guatemalanTax(std::string_view compact) {
    if (compact.size() < 7 || compact.size() > 9 || !areDigits(compact.substr(0, compact.size() - 1))) {
        return {};
    }
    int sum = 0;
    for (std::size_t i = 0; i + 1 < compact.size(); ++i) {
        sum += digitAt(compact, compact.size() - 2 - i) * (static_cast<int>(i) + 2);
    }
    const int check = (11 - sum % 11) % 11;
    return acceptedIf(compact.back() == (check == 10 ? 'K' : static_cast<char>('0' + check)), kMod11, kDigitAgrees);
}

// CUI (DPI) of Guatemala: eight digits, check digit, department 01–22, municipality.
IdVerdict guatemalanPerson(std::string_view compact) {
    return acceptedIf(isNumber(compact, 13) && two(compact, 9) >= 1 && two(compact, 9) <= 22 && two(compact, 11) >= 1 &&
                          two(compact, 11) <= 38 &&
                          weightedSum(compact, {2, 3, 4, 5, 6, 7, 8, 9}) % 11 == digitAt(compact, 8),
                      kMod11 + 2.4, "department and check digit agree");
}

// DUI of El Salvador: eight digits, weights 9 … 2, by ten.
constexpr Weighted kSvPerson{9, {9, 8, 7, 6, 5, 4, 3, 2}, 10, CheckRule::complement, kMod10};

// NIT of El Salvador: municipality, DDMMYY, serial, check digit.
IdVerdict salvadoranTax(std::string_view compact) {
    if (!isNumber(compact, 14) || placeIn("019", compact[0]) < 0) {
        return {};
    }
    int check = 0;
    if (compact.substr(10, 3) <= "100") {
        check = weightedSum(compact, {14, 13, 12, 11, 10, 9, 8, 7, 6, 5, 4, 3, 2}) % 11 % 10;
    } else {
        const int rest = weightedSum(compact, {2, 7, 6, 5, 4, 3, 2, 7, 6, 5, 4, 3, 2}) % 11;
        check = (11 - rest) % 11 % 10;
    }
    return acceptedIf(check == digitAt(compact, 13) && isDdmmyy(compact.substr(4)), kMod11 + kDate, kDateAgrees);
}

// DNI of Honduras: department 01–18, municipality, year of birth, serial.
IdVerdict honduranPerson(std::string_view compact) {
    if (!isNumber(compact, 13)) {
        return {};
    }
    const auto year = numberOf(compact.substr(4, 4));
    return acceptedIf(two(compact, 0) >= 1 && two(compact, 0) <= 18 && two(compact, 2) >= 1 && two(compact, 2) <= 28 &&
                          year >= 1900 && year <= 2030,
                      2.8, "department and year agree");
}

// Cédula of Nicaragua: municipality, DDMMYY, serial, a letter by 23.
IdVerdict nicaraguanPerson(std::string_view compact) {
    return acceptedIf(compact.size() == 14 && areDigits(compact.substr(0, 13)) && isDdmmyy(compact.substr(3)) &&
                          "ABCDEFGHJKLMNPQRSTUVWXY"[numberOf(compact.substr(0, 13)) % 23] == compact[13],
                      kMod23 + 2.0, "check letter and date agree");
}

// Carné de identidad of Cuba: YYMMDD, century, serial.
IdVerdict cubanPerson(std::string_view compact) {
    return acceptedIf(isNumber(compact, 11) && isYymmdd(compact), kDate, "a date that exists");
}

constexpr std::array<NamedCheck, 26> kChecks{{
    {"mx-person", &curp},
    {"mx-tax", &rfc},
    {"mx-voter", &mexicanVoter},
    {"mx-account", &clabe},
    {"mx-social", &luhn<11>},
    {"ar-tax", &argentineTax},
    {"ar-account", &argentineAccount},
    {"cl-person", &chileanPerson},
    {"co-tax", &colombianTax},
    {"pe-tax", &peruvianTax},
    {"pe-person", &peruvianPerson},
    {"uy-tax", &uruguayanTax},
    {"uy-person", &uruguayanPerson},
    {"ve-tax", &venezuelanTax},
    {"ec-person", &ecuadorianPerson},
    {"ec-tax", &ecuadorianTax},
    {"py-tax", &paraguayanTax},
    {"do-person", &luhn<11>},
    {"do-company", &dominicanCompany},
    {"gt-tax", &guatemalanTax},
    {"gt-person", &guatemalanPerson},
    {"sv-person", &weighted<kSvPerson>},
    {"sv-tax", &salvadoranTax},
    {"hn-person", &honduranPerson},
    {"ni-person", &nicaraguanPerson},
    {"cu-person", &cubanPerson},
}};

} // namespace

std::span<const NamedCheck> latinAmericanChecks() {
    return kChecks;
}

} // namespace gatehouse::dlp::ids
