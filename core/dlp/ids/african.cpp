// SPDX-License-Identifier: Apache-2.0
#include <array>

#include "dlp/ids/arithmetic.h"
#include "dlp/ids/checks.h"

// South Africa, Nigeria, Kenya, Ghana, Morocco, Tunisia, Mauritius, Tanzania, Uganda, Rwanda.
namespace gatehouse::dlp::ids {
namespace {

// Identity number: YYMMDD, serial, citizenship 0–2, a digit, Luhn.
IdVerdict southAfricanPerson(std::string_view compact) {
    return acceptedIf(isNumber(compact, 13) && isYymmdd(compact) && compact[10] <= '2' && passesLuhn(compact),
                      kMod10 + kDate + 1.0, kDateAgrees);
}

// Income tax reference: ten digits with Luhn.
IdVerdict southAfricanTax(std::string_view compact) {
    return acceptedIf(isNumber(compact, 10) && placeIn("01239", compact[0]) >= 0 && passesLuhn(compact), kMod10 + 0.5,
                      kDigitAgrees);
}

IdVerdict southAfricanVat(std::string_view compact) {
    return acceptedIf(isNumber(compact, 10) && compact[0] == '4' && passesLuhn(compact), kMod10 + 1.0, kDigitAgrees);
}

// National identification number: eleven digits with Verhoeff.
IdVerdict nigerianPerson(std::string_view compact) {
    return acceptedIf(isNumber(compact, 11) && passesVerhoeff(compact), kMod10, kDigitAgrees);
}

// Bank verification number begins with 22.
IdVerdict nigerianBank(std::string_view compact) {
    return acceptedIf(isNumber(compact, 11) && compact.substr(0, 2) == "22", 2.0, "prefix agrees");
}

// KRA PIN: A for people, P for companies, nine digits, a letter.
IdVerdict kenyanTax(std::string_view compact) {
    return acceptedIf(compact.size() == 11 && placeIn("AP", compact[0]) >= 0 && isNumber(compact.substr(1, 9), 9) &&
                          isLetter(compact[10]),
                      2.5, kStructureAgrees);
}

// TIN of Ghana: kind, two zeros, seven digits, a check character by 11.
IdVerdict ghanaianTax(std::string_view compact) {
    if (compact.size() != 11 || placeIn("PCGQV", compact[0]) < 0 || compact.substr(1, 2) != "00" ||
        !areDigits(compact.substr(1, 9))) {
        return {};
    }
    const int check = weightedSum(compact.substr(1), {1, 2, 3, 4, 5, 6, 7, 8, 9}) % 11;
    return acceptedIf(compact[10] == "0123456789X"[check], kMod11 + 3.0, kDigitAgrees);
}

IdVerdict ghanaianPerson(std::string_view compact) {
    return acceptedIf(compact.size() == 13 && compact.substr(0, 3) == "GHA" && areDigits(compact.substr(3)), 4.5,
                      "prefix agrees");
}

// Identifiant commun de l'entreprise: fifteen digits divisible by 97.
IdVerdict moroccanCompany(std::string_view compact) {
    return acceptedIf(isNumber(compact, 15) && modulo(compact, 97) == 0, kMod97, kDigitsAgree);
}

// Matricule fiscal of Tunisia: seven digits and a letter, then VAT, category, establishment.
IdVerdict tunisianTax(std::string_view compact) {
    if (compact.size() != 8 && compact.size() != 13) {
        return {};
    }
    const bool hasFront = isNumber(compact.substr(0, 7), 7) && placeIn("ABCDEFGHJKLMNPQRSTVWXYZ", compact[7]) >= 0;
    if (compact.size() == 8) {
        return acceptedIf(hasFront, 0.3, kStructureAgrees);
    }
    return acceptedIf(hasFront && placeIn("APBDN", compact[8]) >= 0 && placeIn("MPCNE", compact[9]) >= 0 &&
                          areDigits(compact.substr(10)) && (compact[9] == 'E' || compact.substr(10) == "000"),
                      3.5, kStructureAgrees);
}

// National identity of Mauritius: initial, DDMMYY, serial, a character by 17.
IdVerdict mauritianPerson(std::string_view compact) {
    constexpr std::string_view kAlphabet = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ";
    if (compact.size() != 14 || !isLetter(compact[0]) || !areDigits(compact.substr(1, 12)) ||
        !isDdmmyy(compact.substr(1))) {
        return {};
    }
    int sum = 0;
    for (std::size_t i = 0; i < 13; ++i) {
        sum += (14 - static_cast<int>(i)) * base36(compact[i]);
    }
    return acceptedIf(kAlphabet[static_cast<std::size_t>((17 - sum % 17) % 17)] == compact[13], 2.8 + kDate,
                      "check character and date agree");
}

// NIDA number: YYYYMMDD, postcode, serial, check digits.
IdVerdict tanzanianPerson(std::string_view compact) {
    return acceptedIf(isNumber(compact, 20) && isYyyymmdd(compact), kFullDate, "a date that exists");
}

// NIN of Uganda: C or A, sex, year of birth, ten characters.
IdVerdict ugandanPerson(std::string_view compact) {
    return acceptedIf(compact.size() == 14 && placeIn("CA", compact[0]) >= 0 && placeIn("MF", compact[1]) >= 0 &&
                          areDigits(compact.substr(2, 2)),
                      3.0, kStructureAgrees);
}

// National identity of Rwanda: nationality, year of birth, sex, serial.
IdVerdict rwandanPerson(std::string_view compact) {
    if (!isNumber(compact, 16) || placeIn("123", compact[0]) < 0) {
        return {};
    }
    const auto year = numberOf(compact.substr(1, 4));
    return acceptedIf(year >= 1900 && year <= 2030 && placeIn("78", compact[5]) >= 0, 3.0, kStructureAgrees);
}

constexpr std::array<NamedCheck, 14> kChecks{{
    {"za-person", &southAfricanPerson},
    {"za-tax", &southAfricanTax},
    {"za-vat", &southAfricanVat},
    {"ng-person", &nigerianPerson},
    {"ng-bank", &nigerianBank},
    {"ke-tax", &kenyanTax},
    {"gh-tax", &ghanaianTax},
    {"gh-person", &ghanaianPerson},
    {"ma-company", &moroccanCompany},
    {"tn-tax", &tunisianTax},
    {"mu-person", &mauritianPerson},
    {"tz-person", &tanzanianPerson},
    {"ug-person", &ugandanPerson},
    {"rw-person", &rwandanPerson},
}};

} // namespace

std::span<const NamedCheck> africanChecks() {
    return kChecks;
}

} // namespace gatehouse::dlp::ids
