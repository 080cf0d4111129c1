// SPDX-License-Identifier: Apache-2.0
#include <array>

#include "dlp/ids/arithmetic.h"
#include "dlp/ids/checks.h"

// Israel, Saudi Arabia, the Emirates, Kuwait, Bahrain, Qatar, Egypt, Iran.
namespace gatehouse::dlp::ids {
namespace {

// Mispar zehut: nine digits with Luhn.
IdVerdict israeliPerson(std::string_view compact) {
    return acceptedIf(isNumber(compact, 9) && passesLuhn(compact) && compact.substr(0, 4) != "0000", kMod10,
                      kDigitAgrees);
}

// Company numbers begin with 5.
IdVerdict israeliCompany(std::string_view compact) {
    return acceptedIf(isNumber(compact, 9) && compact[0] == '5' && passesLuhn(compact), kMod10 + 1.2, kDigitAgrees);
}

// National id (1…) and iqama (2…): Luhn.
IdVerdict saudiPerson(std::string_view compact) {
    return acceptedIf(isNumber(compact, 10) && (compact[0] == '1' || compact[0] == '2') && passesLuhn(compact),
                      kMod10 + 0.4, kDigitAgrees);
}

// VAT number of the Gulf states: fifteen digits that begin and end with 3 in Saudi Arabia.
IdVerdict saudiVat(std::string_view compact) {
    return acceptedIf(isNumber(compact, 15) && compact[0] == '3' && compact[14] == '3', 2.3, kStructureAgrees);
}

// Emirates ID: 784, year of birth, serial, Luhn.
IdVerdict emiratesPerson(std::string_view compact) {
    if (!isNumber(compact, 15) || compact.substr(0, 3) != "784") {
        return {};
    }
    const auto year = numberOf(compact.substr(3, 4));
    return acceptedIf(year >= 1900 && year <= 2030 && passesLuhn(compact), kMod10 + 5.0,
                      "prefix, year and check digit agree");
}

IdVerdict emiratesTax(std::string_view compact) {
    return acceptedIf(isNumber(compact, 15) && compact.substr(0, 2) == "10", 1.5, kStructureAgrees);
}

// National number of Egypt: century, YYMMDD, governorate, serial, check digit.
IdVerdict egyptianPerson(std::string_view compact) {
    if (!isNumber(compact, 14) || (compact[0] != '2' && compact[0] != '3')) {
        return {};
    }
    const int year = (compact[0] == '2' ? 1900 : 2000) + two(compact, 1);
    const int place = two(compact, 7);
    const bool hasPlace = (place >= 1 && place <= 4) || (place >= 11 && place <= 19) || (place >= 21 && place <= 29) ||
                          (place >= 31 && place <= 35) || place == 88;
    return acceptedIf(hasPlace && year <= 2030 && dateExists(year, two(compact, 3), two(compact, 5)), 1.2 + 2.5,
                      "date and governorate agree");
}

// Civil id of Kuwait: century, YYMMDD, serial, check digit.
IdVerdict kuwaitiPerson(std::string_view compact) {
    constexpr Weighted kCivil{12, {2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2}, 11, CheckRule::complement, kMod11};
    return acceptedIf(isNumber(compact, 12) && (compact[0] == '2' || compact[0] == '3') &&
                          isYymmdd(compact.substr(1)) && passes(kCivil, compact),
                      kMod11 + kDate + 1.5, kDateAgrees);
}

// CPR of Bahrain: YYMM, serial, check digit.
IdVerdict bahrainiPerson(std::string_view compact) {
    return acceptedIf(isNumber(compact, 9) && two(compact, 2) >= 1 && two(compact, 2) <= 12, 1.0, kStructureAgrees);
}

// QID: century, year of birth, country in ISO 3166-1 numeric, serial.
IdVerdict qatariPerson(std::string_view compact) {
    if (!isNumber(compact, 11) || (compact[0] != '2' && compact[0] != '3')) {
        return {};
    }
    const auto country = numberOf(compact.substr(3, 3));
    return acceptedIf(country >= 4 && country <= 894 && (compact[0] == '2' || two(compact, 1) <= 30), 1.5,
                      kStructureAgrees);
}

// National code of Iran: weights 10 … 2.
IdVerdict iranianPerson(std::string_view compact) {
    if (!isNumber(compact, 10)) {
        return {};
    }
    const int rest = weightedSum(compact, {10, 9, 8, 7, 6, 5, 4, 3, 2}) % 11;
    return acceptedIf((rest < 2 ? rest : 11 - rest) == digitAt(compact, 9), kMod11, kDigitAgrees);
}

constexpr std::array<NamedCheck, 11> kChecks{{
    {"il-person", &israeliPerson},
    {"il-company", &israeliCompany},
    {"sa-person", &saudiPerson},
    {"sa-vat", &saudiVat},
    {"ae-person", &emiratesPerson},
    {"ae-tax", &emiratesTax},
    {"eg-person", &egyptianPerson},
    {"kw-person", &kuwaitiPerson},
    {"bh-person", &bahrainiPerson},
    {"qa-person", &qatariPerson},
    {"ir-person", &iranianPerson},
}};

} // namespace

std::span<const NamedCheck> middleEastChecks() {
    return kChecks;
}

} // namespace gatehouse::dlp::ids
