// SPDX-License-Identifier: Apache-2.0
#include <array>

#include "dlp/ids/arithmetic.h"
#include "dlp/ids/checks.h"

// Estonia, Latvia, Lithuania.
namespace gatehouse::dlp::ids {
namespace {

// Two passes of weights, the second when the first leaves 10; then 0.
int twoPasses(std::string_view digits, std::initializer_list<int> first, std::initializer_list<int> second) {
    const int remainder = weightedSum(digits, first) % 11;
    return remainder < 10 ? remainder : weightedSum(digits, second) % 11 % 10;
}

// Isikukood and asmens kodas: sex and century, YYMMDD, serial, check digit.
IdVerdict person(std::string_view compact) {
    if (!isNumber(compact, 11) || compact[0] < '1' || compact[0] > '8') {
        return {};
    }
    const int century = 1800 + (digitAt(compact, 0) - 1) / 2 * 100;
    const bool hasDate = dateExists(century + two(compact, 1), two(compact, 3), two(compact, 5));
    return acceptedIf(hasDate && twoPasses(compact, {1, 2, 3, 4, 5, 6, 7, 8, 9, 1}, {3, 4, 5, 6, 7, 8, 9, 1, 2, 3}) ==
                                     digitAt(compact, 10),
                      kMod11 + kDate + 0.5, kDateAgrees);
}

// Registrikood.
IdVerdict estonianCompany(std::string_view compact) {
    return acceptedIf(isNumber(compact, 8) && placeIn("1789", compact[0]) >= 0 &&
                          twoPasses(compact, {1, 2, 3, 4, 5, 6, 7}, {3, 4, 5, 6, 7, 8, 9}) == digitAt(compact, 7),
                      kMod11 + 0.8, kDigitAgrees);
}

IdVerdict estonianVat(std::string_view compact) {
    return acceptedIf(compact.size() == 11 && compact.substr(0, 2) == "EE" && isNumber(compact.substr(2), 9) &&
                          cycledSum(compact.substr(2), {3, 7, 1}) % 10 == 0,
                      kMod10, kDigitAgrees);
}

// Personas kods: DDMMYY, century, serial, check digit; since 2017 those that begin with 32 say nothing.
IdVerdict latvianPerson(std::string_view compact) {
    if (!isNumber(compact, 11)) {
        return {};
    }
    if (compact.substr(0, 2) == "32") {
        return accepted(1.5, "prefix of undated codes");
    }
    const bool hasDate = compact[6] <= '2' && dateExists(1800 + digitAt(compact, 6) * 100 + two(compact, 4),
                                                         two(compact, 2), two(compact, 0));
    const int check = (1 + weightedSum(compact, {10, 5, 8, 4, 2, 1, 6, 3, 7, 9})) % 11 % 10;
    return acceptedIf(hasDate && check == digitAt(compact, 10), kMod11 + kDate + 1.0, kDateAgrees);
}

// Registration and PVN numbers of companies.
bool isLatvianCompany(std::string_view digits) {
    return isNumber(digits, 11) && digits[0] > '3' && weightedSum(digits, {9, 1, 4, 8, 3, 10, 2, 5, 7, 6, 1}) % 11 == 3;
}

IdVerdict latvianCompany(std::string_view compact) {
    if (compact.substr(0, 2) == "LV") {
        compact.remove_prefix(2);
        return acceptedIf(isLatvianCompany(compact) || (compact.size() == 11 && latvianPerson(compact).isValid), kMod11,
                          kDigitAgrees);
    }
    return acceptedIf(isLatvianCompany(compact), kMod11 + 0.5, kDigitAgrees);
}

// Įmonės kodas.
IdVerdict lithuanianCompany(std::string_view compact) {
    return acceptedIf(isNumber(compact, 9) && placeIn("123", compact[0]) >= 0 &&
                          twoPasses(compact, {1, 2, 3, 4, 5, 6, 7, 8}, {3, 4, 5, 6, 7, 8, 9, 1}) == digitAt(compact, 8),
                      kMod11 + 0.8, kDigitAgrees);
}

// PVM mokėtojo kodas: the digit before the check digit is 1.
IdVerdict lithuanianVat(std::string_view compact) {
    if (compact.substr(0, 2) != "LT") {
        return {};
    }
    compact.remove_prefix(2);
    if (isNumber(compact, 9)) {
        return acceptedIf(compact[7] == '1' && twoPasses(compact, {1, 2, 3, 4, 5, 6, 7, 8}, {3, 4, 5, 6, 7, 8, 9, 1}) ==
                                                   digitAt(compact, 8),
                          kMod11 + kMod10, kDigitAgrees);
    }
    return acceptedIf(isNumber(compact, 12) && compact[10] == '1' &&
                          twoPasses(compact, {1, 2, 3, 4, 5, 6, 7, 8, 9, 1, 2}, {3, 4, 5, 6, 7, 8, 9, 1, 2, 3, 4}) ==
                              digitAt(compact, 11),
                      kMod11 + kMod10, kDigitAgrees);
}

constexpr std::array<NamedCheck, 8> kChecks{{
    {"ee-person", &person},
    {"ee-company", &estonianCompany},
    {"ee-vat", &estonianVat},
    {"lv-person", &latvianPerson},
    {"lv-company", &latvianCompany},
    {"lt-person", &person},
    {"lt-company", &lithuanianCompany},
    {"lt-vat", &lithuanianVat},
}};

} // namespace

std::span<const NamedCheck> balticChecks() {
    return kChecks;
}

} // namespace gatehouse::dlp::ids
