// SPDX-License-Identifier: Apache-2.0
#include <array>

#include "dlp/ids/arithmetic.h"
#include "dlp/ids/checks.h"

// China, Hong Kong, Macao, Taiwan, Japan, Korea.
namespace gatehouse::dlp::ids {
namespace {

// Resident identity (GB 11643): region, YYYYMMDD, serial, ISO 7064 mod 11-2.
IdVerdict chineseResident(std::string_view compact) {
    if (compact.size() != 18 || !areDigits(compact.substr(0, 17)) || (!isDigit(compact[17]) && compact[17] != 'X')) {
        return {};
    }
    const int province = two(compact, 0);
    const bool isProvince = (province >= 11 && province <= 15) || (province >= 21 && province <= 23) ||
                            (province >= 31 && province <= 37) || (province >= 41 && province <= 46) ||
                            (province >= 50 && province <= 54) || (province >= 61 && province <= 65) ||
                            province == 71 || province == 81 || province == 82 || province == 83;
    return acceptedIf(isProvince && isYyyymmdd(compact.substr(6)) && passesMod11Radix2(compact),
                      kMod11 + kFullDate + 1.5, "check digit, date and province agree");
}

// Unified social credit code (GB 32100): mod 31 with powers of three.
IdVerdict chineseCompany(std::string_view compact) {
    constexpr std::string_view kAlphabet = "0123456789ABCDEFGHJKLMNPQRTUWXY";
    if (compact.size() != 18 || placeIn("123456789ANY", compact[0]) < 0 || !areDigits(compact.substr(2, 6))) {
        return {};
    }
    int sum = 0;
    int weight = 1;
    for (std::size_t i = 0; i < 17; ++i) {
        const int value = placeIn(kAlphabet, compact[i]);
        if (value < 0) {
            return {};
        }
        sum += value * weight;
        weight = weight * 3 % 31;
    }
    return acceptedIf(kAlphabet[static_cast<std::size_t>((31 - sum % 31) % 31)] == compact[17],
                      areDigits(compact) ? 1.5 : 4.4, "check character agrees");
}

IdVerdict chinesePassport(std::string_view compact) {
    return acceptedIf(compact.size() == 9 && placeIn("EGPSD", compact[0]) >= 0, 0.8, "a letter that is issued");
}

// Hong Kong identity card: one or two letters, six digits, a digit or A; a space counts 36.
IdVerdict hongKongPerson(std::string_view compact) {
    if (compact.size() != 8 && compact.size() != 9) {
        return {};
    }
    const std::size_t letters = compact.size() - 7;
    if (!areLetters(compact.substr(0, letters)) || !isNumber(compact.substr(letters, 6), 6)) {
        return {};
    }
    int sum = letters == 1 ? 36 * 9 + base36(compact[0]) * 8 : base36(compact[0]) * 9 + base36(compact[1]) * 8;
    sum += weightedSum(compact.substr(letters), {7, 6, 5, 4, 3, 2});
    const int check = (11 - sum % 11) % 11;
    return acceptedIf(compact.back() == (check == 10 ? 'A' : static_cast<char>('0' + check)), kMod11, kDigitAgrees);
}

// Macao resident identity card: begins with 1, 5 or 7.
IdVerdict macanesePerson(std::string_view compact) {
    return acceptedIf(isNumber(compact, 8) && placeIn("157", compact[0]) >= 0, 1.2, kStructureAgrees);
}

// Letters of Taiwan's ids stand for 10–35 in this order.
constexpr std::string_view kTaiwanLetters = "ABCDEFGHJKLMNPQRSTUVXYWZIO";

// National id (second digit 1 or 2), and the resident numbers of foreigners: 8 or 9, or a letter until 2020.
IdVerdict taiwanesePerson(std::string_view compact) {
    if (compact.size() != 10 || placeIn(kTaiwanLetters, compact[0]) < 0 || !areDigits(compact.substr(2))) {
        return {};
    }
    const int first = placeIn(kTaiwanLetters, compact[0]) + 10;
    const bool isOldResident = placeIn("ABCD", compact[1]) >= 0;
    if (!isOldResident && placeIn("1289", compact[1]) < 0) {
        return {};
    }
    const int second = isOldResident ? (placeIn(kTaiwanLetters, compact[1]) + 10) % 10 : digitAt(compact, 1);
    const int sum = first / 10 + first % 10 * 9 + second * 8 + weightedSum(compact.substr(2), {7, 6, 5, 4, 3, 2, 1, 1});
    return acceptedIf(sum % 10 == 0, kMod10 + 0.9, kDigitAgrees);
}

// Unified business number: cross sums; divisible by five since 2023, a seventh digit 7 may count one less.
IdVerdict taiwaneseCompany(std::string_view compact) {
    if (!isNumber(compact, 8)) {
        return {};
    }
    const int sum = crossSum(compact, {1, 2, 1, 2, 1, 2, 4, 1});
    return acceptedIf(sum % 5 == 0 || (compact[6] == '7' && (sum + 1) % 5 == 0), 1.5, kDigitAgrees);
}

// My Number (individual number): weights by the ministry's order of 2014.
IdVerdict japanesePerson(std::string_view compact) {
    constexpr Weighted kMyNumber{12, {6, 5, 4, 3, 2, 7, 6, 5, 4, 3, 2}, 11, CheckRule::complementOrOneZero, kMod11};
    return acceptedIf(isNumber(compact, 12) && passes(kMyNumber, compact), kMod11, kDigitAgrees);
}

// Corporate number: the first digit checks the twelve others by nine.
IdVerdict japaneseCompany(std::string_view compact) {
    if (!isNumber(compact, 13) || compact[0] == '0') {
        return {};
    }
    int sum = 0;
    for (std::size_t i = 0; i < 12; ++i) {
        sum += digitAt(compact, 12 - i) * (i % 2 == 0 ? 1 : 2);
    }
    return acceptedIf(9 - sum % 9 == digitAt(compact, 0), 2.2, kDigitAgrees);
}

// Resident record code: eleven digits.
IdVerdict japaneseRecord(std::string_view compact) {
    constexpr Weighted kRecord{11, {6, 5, 4, 3, 2, 7, 6, 5, 4, 3}, 11, CheckRule::complementOrOneZero, kMod11};
    return acceptedIf(isNumber(compact, 11) && passes(kRecord, compact), kMod11, kDigitAgrees);
}

// Residence card: two letters, eight digits, two letters.
IdVerdict japaneseResidence(std::string_view compact) {
    return acceptedIf(compact.size() == 12 && areDigits(compact.substr(2, 8)), 2.5, kStructureAgrees);
}

// Resident registration number: YYMMDD, sex and century; those since October 2020 have no check digit.
IdVerdict koreanPerson(std::string_view compact) {
    if (!isNumber(compact, 13) || !isYymmdd(compact)) {
        return {};
    }
    const int sex = digitAt(compact, 6);
    const int century = sex == 9 || sex == 0 ? 1800 : sex == 1 || sex == 2 || sex == 5 || sex == 6 ? 1900 : 2000;
    if (century < 1900 || !dateExists(century + two(compact, 0), two(compact, 2), two(compact, 4))) {
        return {};
    }
    const int sum = weightedSum(compact, {2, 3, 4, 5, 6, 7, 8, 9, 2, 3, 4, 5});
    const int shift = sex >= 5 ? 2 : 0; // foreigners
    const bool hasCheck = ((11 - sum % 11) % 10 + shift) % 10 == digitAt(compact, 12);
    return hasCheck ? accepted(kMod11 + 2.8, kDateAgrees) : accepted(2.8, "date and sex agree");
}

// Business registration number.
IdVerdict koreanBusiness(std::string_view compact) {
    if (!isNumber(compact, 10) || compact.substr(0, 3) < "101" || compact.substr(3, 2) == "00") {
        return {};
    }
    const int sum = weightedSum(compact, {1, 3, 7, 1, 3, 7, 1, 3, 5}) + digitAt(compact, 8) * 5 / 10;
    return acceptedIf((10 - sum % 10) % 10 == digitAt(compact, 9), kMod10, kDigitAgrees);
}

// Corporate registration number: one and two in turn.
IdVerdict koreanCompany(std::string_view compact) {
    return acceptedIf(isNumber(compact, 13) &&
                          (10 - cycledSum(compact.substr(0, 12), {1, 2}) % 10) % 10 == digitAt(compact, 12),
                      kMod10, kDigitAgrees);
}

// Driving licence: region 11–28, year, serial, two digits.
IdVerdict koreanLicence(std::string_view compact) {
    return acceptedIf(isNumber(compact, 12) && two(compact, 0) >= 11 && two(compact, 0) <= 28, 1.5,
                      "a region's number");
}

constexpr std::array<NamedCheck, 15> kChecks{{
    {"cn-resident", &chineseResident},
    {"cn-company", &chineseCompany},
    {"cn-passport", &chinesePassport},
    {"hk-person", &hongKongPerson},
    {"mo-person", &macanesePerson},
    {"tw-person", &taiwanesePerson},
    {"tw-company", &taiwaneseCompany},
    {"jp-person", &japanesePerson},
    {"jp-company", &japaneseCompany},
    {"jp-record", &japaneseRecord},
    {"jp-residence", &japaneseResidence},
    {"kr-person", &koreanPerson},
    {"kr-business", &koreanBusiness},
    {"kr-company", &koreanCompany},
    {"kr-licence", &koreanLicence},
}};

} // namespace

std::span<const NamedCheck> eastAsianChecks() {
    return kChecks;
}

} // namespace gatehouse::dlp::ids
