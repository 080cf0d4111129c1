// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <array>
#include <string>

#include "dlp/ids/arithmetic.h"
#include "dlp/ids/checks.h"

// The United States and Canada.
namespace gatehouse::dlp::ids {
namespace {

// Individual taxpayer identification number: 9xx, groups that the IRS issues.
IdVerdict itin(std::string_view compact) {
    if (!isNumber(compact, 9) || compact[0] != '9') {
        return {};
    }
    const int group = two(compact, 3);
    const bool isIssued = (group >= 50 && group <= 65) || (group >= 70 && group <= 88) ||
                          (group >= 90 && group <= 92) || (group >= 94 && group <= 99);
    return acceptedIf(isIssued && compact.substr(0, 8) != "98765432", 3.1, "ranges that are issued");
}

// Adoption taxpayer identification number: 9xx-93-xxxx.
IdVerdict atin(std::string_view compact) {
    return acceptedIf(isNumber(compact, 9) && compact[0] == '9' && compact.substr(3, 2) == "93", 5.0,
                      "ranges that are issued");
}

// Employer identification number: prefixes of the campuses (IRS).
IdVerdict ein(std::string_view compact) {
    constexpr std::array<int, 17> kUnused{0, 7, 8, 9, 17, 18, 19, 28, 29, 49, 69, 70, 78, 79, 89, 96, 97};
    if (!isNumber(compact, 9)) {
        return {};
    }
    const int prefix = two(compact, 0);
    return acceptedIf(std::find(kUnused.begin(), kUnused.end(), prefix) == kUnused.end() && compact != "123456789", 0.3,
                      "a prefix that is issued");
}

IdVerdict ptin(std::string_view compact) {
    return acceptedIf(compact.size() == 9 && compact[0] == 'P' && isNumber(compact.substr(1), 8), 2.5, "prefix agrees");
}

// ABA routing number: districts of the Federal Reserve, weights 3 7 1.
IdVerdict routing(std::string_view compact) {
    if (!isNumber(compact, 9)) {
        return {};
    }
    const int first = two(compact, 0);
    const bool isDistrict =
        (first >= 1 && first <= 12) || (first >= 21 && first <= 32) || (first >= 61 && first <= 72) || first == 80;
    return acceptedIf(isDistrict && cycledSum(compact, {3, 7, 1}) % 10 == 0 && compact != "123456780", kMod10 + 0.9,
                      "district and check digit agree");
}

// DEA registration: kind of registrant, initial of the surname or 9, six digits, check digit.
IdVerdict dea(std::string_view compact) {
    if (compact.size() != 9 || placeIn("ABCDEFGHJKLMPRSTUX", compact[0]) < 0 ||
        (!isLetter(compact[1]) && compact[1] != '9') || !isNumber(compact.substr(2), 7)) {
        return {};
    }
    const std::string_view digits = compact.substr(2);
    return acceptedIf(weightedSum(digits, {1, 2, 1, 2, 1, 2}) % 10 == digitAt(digits, 6), kMod10 + 0.4, kDigitAgrees);
}

// Medicare beneficiary identifier (CMS): places of letters and digits, without S L O I B Z.
IdVerdict mbi(std::string_view compact) {
    constexpr std::string_view kPlaces = "1AMNAMNAANN"; // 1: 1–9, A: letter, N: digit, M: either
    constexpr std::string_view kLetters = "ACDEFGHJKMNPQRTUVWXY";
    if (compact.size() != 11 || compact[0] == '0') {
        return {};
    }
    for (std::size_t i = 0; i < 11; ++i) {
        const bool isLetterHere = placeIn(kLetters, compact[i]) >= 0;
        const bool isDigitHere = isDigit(compact[i]);
        const char place = kPlaces[i];
        if ((place == 'A' && !isLetterHere) || ((place == 'N' || place == '1') && !isDigitHere) ||
            (!isLetterHere && !isDigitHere)) {
            return {};
        }
    }
    return accepted(1.5, "places of letters agree");
}

// CLIA number of a laboratory: ten characters with a D in the third place.
IdVerdict clia(std::string_view compact) {
    return acceptedIf(compact.size() == 10 && compact[2] == 'D', 3.2, "place of the letter agrees");
}

// The former health insurance claim number: a social security number with a code of the beneficiary.
IdVerdict claim(std::string_view compact) {
    if (compact.size() < 10 || !isNumber(compact.substr(0, 9), 9) || !isLetter(compact[9])) {
        return {};
    }
    const std::string_view area = compact.substr(0, 3);
    return acceptedIf(placeIn("ABCDEFHJKMTW", compact[9]) >= 0 && area != "000" && area != "666" && area < "900", 1.3,
                      "code of the beneficiary agrees");
}

// Case number of USCIS: a service centre and ten digits.
IdVerdict receipt(std::string_view compact) {
    constexpr std::array<std::string_view, 10> kCentres{"EAC", "VSC", "WAC", "CSC", "LIN",
                                                        "NSC", "SRC", "TSC", "IOE", "MSC"};
    const bool isCentre = std::any_of(kCentres.begin(), kCentres.end(),
                                      [compact](std::string_view centre) { return compact.substr(0, 3) == centre; });
    const bool isOther =
        compact.substr(0, 3) == "NBC" || compact.substr(0, 3) == "YSC" || compact.substr(0, 3) == "MCT";
    return acceptedIf(compact.size() == 13 && (isCentre || isOther), 5.5, "a service centre's letters");
}

// Unique entity id of SAM.gov: twelve characters without I and O, not beginning with 0.
IdVerdict entity(std::string_view compact) {
    const auto digits = std::count_if(compact.begin(), compact.end(), isDigit);
    return acceptedIf(compact.size() == 12 && compact[0] != '0' &&
                          compact.find_first_of("IO") == std::string_view::npos && digits >= 2 && digits <= 10,
                      0.6, "alphabet agrees");
}

// Social insurance number: Luhn; 0 and 8 are not issued as first digit.
IdVerdict sin(std::string_view compact) {
    return acceptedIf(isNumber(compact, 9) && placeIn("08", compact[0]) < 0 && passesLuhn(compact), kMod10 + 0.2,
                      kDigitAgrees);
}

// Business number: Luhn; with the program account RC, RP, RT …
IdVerdict canadianBusiness(std::string_view compact) {
    if (isNumber(compact, 9)) {
        return acceptedIf(passesLuhn(compact), kMod10, kDigitAgrees);
    }
    return acceptedIf(compact.size() == 15 && isNumber(compact.substr(0, 9), 9) && compact[9] == 'R' &&
                          placeIn("CMPRTZ", compact[10]) >= 0 && areDigits(compact.substr(11)) &&
                          passesLuhn(compact.substr(0, 9)),
                      kMod10 + 4.0, "check digit and program agree");
}

// Personal health number of British Columbia: 9, eight weighted digits, check digit.
IdVerdict columbianHealth(std::string_view compact) {
    constexpr Weighted kPhn{10, {0, 2, 4, 8, 5, 10, 9, 7, 3}, 11, CheckRule::complement, kMod11};
    return acceptedIf(isNumber(compact, 10) && compact[0] == '9' && passes(kPhn, compact), kMod11 + 2.0, kDigitAgrees);
}

// Ontario health card: Luhn, a version of up to two letters.
IdVerdict ontarianHealth(std::string_view compact) {
    const bool hasVersion = compact.size() == 12 && areLetters(compact.substr(10));
    const std::string_view number = compact.substr(0, 10);
    return acceptedIf((compact.size() == 10 || hasVersion) && isNumber(number, 10) && number[0] != '0' &&
                          passesLuhn(number),
                      kMod10 + (hasVersion ? 1.5 : 0), kDigitAgrees);
}

// Health insurance of Québec: name, YYMMDD with 50 added to the month for women, two digits.
IdVerdict quebecHealth(std::string_view compact) {
    if (compact.size() != 12 || !areLetters(compact.substr(0, 4)) || !areDigits(compact.substr(4))) {
        return {};
    }
    const int month = two(compact, 6) % 50;
    return acceptedIf(two(compact, 6) <= 62 && dateExists(2000 + two(compact, 4), month, two(compact, 8)), 3.2,
                      "a date that exists");
}

// Enterprise number of Québec: 11, 22, 33 or 88, nine digits and a check digit.
IdVerdict quebecEnterprise(std::string_view compact) {
    const std::string_view first = compact.substr(0, 2);
    return acceptedIf(isNumber(compact, 10) && (first == "11" || first == "22" || first == "33" || first == "88"), 2.5,
                      "prefix agrees");
}

constexpr std::array<NamedCheck, 17> kChecks{{
    {"us-itin", &itin},
    {"us-atin", &atin},
    {"us-ein", &ein},
    {"us-ptin", &ptin},
    {"us-routing", &routing},
    {"us-dea", &dea},
    {"us-mbi", &mbi},
    {"us-clia", &clia},
    {"us-claim", &claim},
    {"us-receipt", &receipt},
    {"us-entity", &entity},
    {"ca-insurance", &sin},
    {"ca-business", &canadianBusiness},
    {"ca-bc-health", &columbianHealth},
    {"ca-on-health", &ontarianHealth},
    {"ca-qc-health", &quebecHealth},
    {"ca-qc-enterprise", &quebecEnterprise},
}};

} // namespace

std::span<const NamedCheck> northAmericanChecks() {
    return kChecks;
}

} // namespace gatehouse::dlp::ids
