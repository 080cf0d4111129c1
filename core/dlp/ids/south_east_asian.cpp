// SPDX-License-Identifier: Apache-2.0
#include <array>

#include "dlp/ids/arithmetic.h"
#include "dlp/ids/checks.h"

// Singapore, Malaysia, Thailand, Indonesia, the Philippines, Vietnam.
namespace gatehouse::dlp::ids {
namespace {

// NRIC and FIN: letters by the series; T and G count four more, M three.
IdVerdict singaporePerson(std::string_view compact) {
    if (compact.size() != 9 || !isNumber(compact.substr(1, 7), 7)) {
        return {};
    }
    const char series = compact[0];
    const int shift = series == 'T' || series == 'G' ? 4 : series == 'M' ? 3 : 0;
    const auto rest = static_cast<std::size_t>((weightedSum(compact.substr(1), {2, 7, 6, 5, 4, 3, 2}) + shift) % 11);
    const std::string_view letters = series == 'S' || series == 'T'   ? "JZIHGFEDCBA"
                                     : series == 'F' || series == 'G' ? "XWUTRQPNMLK"
                                     : series == 'M'                  ? "XWUTRQPNJLK"
                                                                      : "";
    return acceptedIf(!letters.empty() && letters[rest] == compact[8], kMod11 + 2.4, "series and check letter agree");
}

// Unique entity number: businesses (8 digits and a letter), companies (year and five), others (letters inside).
IdVerdict singaporeEntity(std::string_view compact) {
    if (compact.size() == 9) {
        constexpr std::string_view kLetters = "XMKECAWLJDB";
        return acceptedIf(
            isNumber(compact.substr(0, 8), 8) &&
                kLetters[static_cast<std::size_t>(weightedSum(compact, {10, 4, 9, 3, 8, 2, 7, 1}) % 11)] == compact[8],
            3.2, "check letter agrees");
    }
    if (compact.size() != 10) {
        return {};
    }
    if (areDigits(compact.substr(0, 9))) {
        constexpr std::string_view kLetters = "ZKCMDNERGWH";
        const auto year = numberOf(compact.substr(0, 4));
        return acceptedIf(
            year >= 1900 && year <= 2030 &&
                kLetters[static_cast<std::size_t>(weightedSum(compact, {10, 8, 6, 4, 9, 7, 5, 3, 1}) % 11)] ==
                    compact[9],
            4.5, "check letter and year agree");
    }
    constexpr std::string_view kAlphabet = "ABCDEFGHJKLMNPQRSTUVWX0123456789";
    int sum = 0;
    std::size_t place = 0;
    for (const int weight : {4, 3, 5, 3, 10, 2, 2, 5, 7}) {
        sum += placeIn(kAlphabet, compact[place++]) * weight;
    }
    const auto check = static_cast<std::size_t>(((sum - 5) % 11 + 11) % 11);
    return acceptedIf(placeIn("RST", compact[0]) >= 0 && areDigits(compact.substr(1, 2)) &&
                          areLetters(compact.substr(3, 2)) && areDigits(compact.substr(5, 4)) &&
                          kAlphabet[check] == compact[9],
                      4.5, "check letter agrees");
}

// MyKad: YYMMDD, place of birth, serial.
IdVerdict malaysianPerson(std::string_view compact) {
    if (!isNumber(compact, 12) || !isYymmdd(compact)) {
        return {};
    }
    const int place = two(compact, 6);
    const bool isPlace = (place >= 1 && place <= 16) || (place >= 21 && place <= 68) || (place >= 71 && place <= 79) ||
                         place == 82 || place == 83 || (place >= 84 && place <= 93) || place == 98 || place == 99;
    return acceptedIf(isPlace, 2.2, "date and place of birth agree");
}

// Citizen number of Thailand, also the tax number.
IdVerdict thaiPerson(std::string_view compact) {
    constexpr Weighted kThai{13, {13, 12, 11, 10, 9, 8, 7, 6, 5, 4, 3, 2}, 11, CheckRule::complementUnits, kMod11};
    return acceptedIf(isNumber(compact, 13) && compact[0] != '9' && passes(kThai, compact), kMod11, kDigitAgrees);
}

// NIK: province, regency, district, DDMMYY (40 added to the day for women), serial.
IdVerdict indonesianPerson(std::string_view compact) {
    if (!isNumber(compact, 16) || compact.substr(12) == "0000") {
        return {};
    }
    const int province = two(compact, 0);
    const int day = two(compact, 6) > 40 ? two(compact, 6) - 40 : two(compact, 6);
    return acceptedIf(province >= 11 && province <= 97 && two(compact, 2) > 0 && two(compact, 4) > 0 &&
                          dateExists(2000 + two(compact, 10), two(compact, 8), day),
                      2.6, "province and date agree");
}

// NPWP: nine digits with Luhn, office, branch; sixteen digits are a NIK or the older number behind a zero.
IdVerdict indonesianTax(std::string_view compact) {
    if (compact.size() == 16) {
        if (compact[0] != '0') {
            return indonesianPerson(compact);
        }
        compact.remove_prefix(1);
    }
    return acceptedIf(isNumber(compact, 15) && passesLuhn(compact.substr(0, 9)), kMod10, kDigitAgrees);
}

// Tax code of Vietnam: province, serial, check digit; branches have three digits more.
IdVerdict vietnameseTax(std::string_view compact) {
    if (compact.size() != 10 && compact.size() != 13) {
        return {};
    }
    const std::string_view base = compact.substr(0, 10);
    return acceptedIf(isNumber(base, 10) && areDigits(compact) && base.substr(2, 7) != "0000000" &&
                          10 - weightedSum(base, {31, 29, 23, 19, 17, 13, 7, 5, 3}) % 11 == digitAt(base, 9),
                      kMod11, kDigitAgrees);
}

// Citizen identity of Vietnam: province 001–096, sex and century, year, serial.
IdVerdict vietnamesePerson(std::string_view compact) {
    if (!isNumber(compact, 12) || compact[0] != '0') {
        return {};
    }
    const auto province = numberOf(compact.substr(0, 3));
    const bool hasYear = compact[3] <= '1' || (compact[3] <= '3' && two(compact, 4) <= 30);
    return acceptedIf(province >= 1 && province <= 96 && hasYear, 2.6, "province and century agree");
}

// Driving licence and other cards of the Philippines: a letter of the office, then digits.
IdVerdict philippineLicence(std::string_view compact) {
    return acceptedIf(compact.size() == 11 && isLetter(compact[0]) && areDigits(compact.substr(1)), 1.0,
                      kStructureAgrees);
}

constexpr std::array<NamedCheck, 9> kChecks{{
    {"sg-person", &singaporePerson},
    {"sg-entity", &singaporeEntity},
    {"my-person", &malaysianPerson},
    {"th-person", &thaiPerson},
    {"id-person", &indonesianPerson},
    {"id-tax", &indonesianTax},
    {"vn-tax", &vietnameseTax},
    {"vn-person", &vietnamesePerson},
    {"ph-licence", &philippineLicence},
}};

} // namespace

std::span<const NamedCheck> southEastAsianChecks() {
    return kChecks;
}

} // namespace gatehouse::dlp::ids
