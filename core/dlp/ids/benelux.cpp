// SPDX-License-Identifier: Apache-2.0
#include <array>
#include <string>

#include "dlp/ids/arithmetic.h"
#include "dlp/ids/checks.h"

// Belgium, the Netherlands, Luxembourg.
namespace gatehouse::dlp::ids {
namespace {

// Burgerservicenummer: the eleven-test with −1 for the last digit.
IdVerdict dutchCitizen(std::string_view compact) {
    return acceptedIf(isNumber(compact, 9) && weightedSum(compact, {9, 8, 7, 6, 5, 4, 3, 2, -1}) % 11 == 0, kMod11,
                      kDigitAgrees);
}

// Onderwijsnummer: begins with 10, the eleven-test leaves 5.
IdVerdict dutchPupil(std::string_view compact) {
    if (!isNumber(compact, 9) || compact.substr(0, 2) != "10") {
        return {};
    }
    const int sum = weightedSum(compact, {9, 8, 7, 6, 5, 4, 3, 2, -1});
    return acceptedIf(sum % 11 == 5, kMod11 + 2.0, kDigitAgrees);
}

// Passports and identity cards since 2011: two letters, six of either, a digit; no letter O.
IdVerdict dutchDocument(std::string_view compact) {
    const bool isUsual = !compact.empty() && placeIn("BDGINSX", compact[0]) >= 0;
    return acceptedIf(compact.size() == 9 && areLetters(compact.substr(0, 2)) && isDigit(compact[8]) &&
                          compact.find('O') == std::string_view::npos,
                      isUsual ? 1.2 : 0.5, "the documents' alphabet");
}

// Rijksregisternummer: birthday, serial, 97 − remainder; "2" in front for those born since 2000. BIS numbers have 20 or
// 40 added to the month; month and day may be 0 when they are not known.
IdVerdict belgianNational(std::string_view compact) {
    if (!isNumber(compact, 11)) {
        return {};
    }
    const std::string_view base = compact.substr(0, 9);
    const int month = two(compact, 2) % 20;
    const bool hasMonth = two(compact, 2) <= 52 && month <= 12;
    const int day = two(compact, 4);
    const bool hasDate = hasMonth && (month == 0 || day == 0 ? day <= 31 : dateExists(2000, month, day));
    const int check = two(compact, 9);
    const auto before2000 = static_cast<int>(97 - modulo(base, 97));
    const auto since2000 =
        static_cast<int>(97 - (2000000000ULL + static_cast<unsigned long long>(numberOf(base))) % 97);
    return acceptedIf(hasDate && (check == before2000 || (two(compact, 0) <= 30 && check == since2000)),
                      kMod97 - 0.7 + kDate, kDateAgrees);
}

// Enterprise number: ten digits, 97 − the first eight modulo 97.
bool isBelgianEnterprise(std::string_view digits) {
    return isNumber(digits, 10) && digits[0] <= '1' &&
           static_cast<int>(97 - modulo(digits.substr(0, 8), 97)) == two(digits, 8);
}

IdVerdict belgianEnterprise(std::string_view compact) {
    if (compact.substr(0, 2) == "BE") {
        compact.remove_prefix(2);
    }
    return acceptedIf(isBelgianEnterprise(compact), kMod97 + 1.5, kDigitsAgree);
}

// Identity card: twelve digits, the last two are the first ten modulo 97, 97 for 0; also bank accounts (with 97 for 0).
IdVerdict belgianMod97(std::string_view compact) {
    if (!isNumber(compact, 12)) {
        return {};
    }
    const unsigned remainder = modulo(compact.substr(0, 10), 97);
    return acceptedIf(two(compact, 10) == static_cast<int>(remainder == 0 ? 97 : remainder), kMod97, kDigitsAgree);
}

// Matricule: birthday, serial, a digit of Luhn and one of Verhoeff, both over the first eleven.
IdVerdict luxembourgNational(std::string_view compact) {
    if (!isNumber(compact, 13) || !isYyyymmdd(compact)) {
        return {};
    }
    const std::string verhoeff = std::string(compact.substr(0, 11)) + compact[12];
    return acceptedIf(passesLuhn(compact.substr(0, 12)) && passesVerhoeff(verhoeff), 2 * kMod10 + kFullDate,
                      kDateAgrees);
}

constexpr std::array<NamedCheck, 7> kChecks{{
    {"nl-citizen", &dutchCitizen},
    {"nl-pupil", &dutchPupil},
    {"nl-document", &dutchDocument},
    {"be-national", &belgianNational},
    {"be-enterprise", &belgianEnterprise},
    {"be-mod97", &belgianMod97},
    {"lu-national", &luxembourgNational},
}};

} // namespace

std::span<const NamedCheck> beneluxChecks() {
    return kChecks;
}

} // namespace gatehouse::dlp::ids
