// SPDX-License-Identifier: Apache-2.0
#include <array>
#include <string>

#include "dlp/ids/arithmetic.h"
#include "dlp/ids/checks.h"

// Denmark, Sweden, Norway, Finland, Iceland.
namespace gatehouse::dlp::ids {
namespace {

// CPR number: the seventh digit and the year give the century; mod 11, which is not binding for those since 2007.
IdVerdict danishPerson(std::string_view compact) {
    if (!isNumber(compact, 10)) {
        return {};
    }
    const int year = two(compact, 4);
    const int seventh = digitAt(compact, 6);
    const bool is1900 = seventh <= 3 || ((seventh == 4 || seventh == 9) && year >= 37);
    const bool is2000 = seventh >= 4 && year <= (seventh == 4 || seventh == 9 ? 36 : 57);
    const int century = is1900 ? 1900 : is2000 ? 2000 : 1800;
    if (!dateExists(century + year, two(compact, 2), two(compact, 0))) {
        return {};
    }
    const bool hasCheck = weightedSum(compact, {4, 3, 2, 7, 6, 5, 4, 3, 2, 1}) % 11 == 0;
    return hasCheck ? accepted(kMod11 + 2.5, kDateAgrees) : accepted(2.5, "a date that exists");
}

// CVR number.
IdVerdict danishCompany(std::string_view compact) {
    if (compact.substr(0, 2) == "DK") {
        compact.remove_prefix(2);
    }
    return acceptedIf(isNumber(compact, 8) && compact[0] != '0' &&
                          weightedSum(compact, {2, 7, 6, 5, 4, 3, 2, 1}) % 11 == 0,
                      kMod11, kDigitAgrees);
}

// Personnummer and samordningsnummer (60 added to the day); with or without the century.
IdVerdict swedishPerson(std::string_view compact) {
    if (compact.size() == 12) {
        if (compact.substr(0, 2) != "19" && compact.substr(0, 2) != "20") {
            return {};
        }
        compact.remove_prefix(2);
        return acceptedIf(swedishPerson(compact).isValid, kMod10 + kDate + 2.0, kDateAgrees);
    }
    if (!isNumber(compact, 10)) {
        return {};
    }
    const int day = two(compact, 4) > 60 ? two(compact, 4) - 60 : two(compact, 4);
    return acceptedIf(dateExists(2000 + two(compact, 0), two(compact, 2), day) && passesLuhn(compact), kMod10 + kDate,
                      kDateAgrees);
}

// Organisationsnummer: the third digit is at least two, which no month has.
IdVerdict swedishCompany(std::string_view compact) {
    return acceptedIf(isNumber(compact, 10) && compact[2] >= '2' && placeIn("1235678 9", compact[0]) >= 0 &&
                          passesLuhn(compact),
                      kMod10 + 0.3, kDigitAgrees);
}

IdVerdict swedishGiro(std::string_view compact) {
    return acceptedIf((compact.size() == 7 || compact.size() == 8) && isNumber(compact, compact.size()) &&
                          passesLuhn(compact),
                      kMod10, kDigitAgrees);
}

// Fødselsnummer and D-number (40 added to the day): two check digits. Synthetic persons have 40 or 80 added to the
// month.
IdVerdict norwegianPerson(std::string_view compact) {
    if (!isNumber(compact, 11)) {
        return {};
    }
    const int day = two(compact, 0) > 40 ? two(compact, 0) - 40 : two(compact, 0);
    const int month = two(compact, 2) % 40;
    const int year = two(compact, 4);
    const bool hasDate = dateExists(2000 + year, month, day) || dateExists(1900 + year, month, day);
    const bool hasChecks = weightedSum(compact, {3, 7, 6, 1, 8, 9, 4, 5, 2, 1}) % 11 == 0 &&
                           weightedSum(compact, {5, 4, 3, 2, 7, 6, 5, 4, 3, 2, 1}) % 11 == 0;
    return acceptedIf(hasDate && hasChecks, 2 * kMod11 + kDate,
                      two(compact, 2) > 40 ? "a synthetic person's number" : kDateAgrees);
}

constexpr Weighted kNoCompany{9, {3, 2, 7, 6, 5, 4, 3, 2}, 11, CheckRule::complement, kMod11};
constexpr Weighted kNoAccount{11, {5, 4, 3, 2, 7, 6, 5, 4, 3, 2}, 11, CheckRule::complement, kMod11};

IdVerdict norwegianCompany(std::string_view compact) {
    if (compact.substr(0, 2) == "NO") {
        compact.remove_prefix(2);
    }
    const bool isVat = compact.size() == 12 && compact.substr(9) == "MVA";
    compact = compact.substr(0, isVat ? 9 : compact.size());
    return acceptedIf(isNumber(compact, 9) && (compact[0] == '8' || compact[0] == '9') && passes(kNoCompany, compact),
                      kMod11 + (isVat ? 3.0 : 1.2), kDigitAgrees);
}

constexpr std::string_view kFinnish = "0123456789ABCDEFHJKLMNPRSTUVWXY";

// Henkilötunnus: birthday, the sign of the century, serial, a character by 31. Written with '-' the sign is a
// separator; serials from 900 are kept for tests.
IdVerdict finnishPerson(std::string_view compact) {
    if (compact.size() == 11) {
        if (placeIn("ABCDEFYXWVU", compact[6]) < 0 || !areDigits(compact.substr(7, 3))) {
            return {};
        }
    } else if (compact.size() != 10) {
        return {};
    }
    const std::string_view serial = compact.substr(compact.size() - 4, 3);
    if (!areDigits(compact.substr(0, 6)) || !areDigits(serial) || !isDdmmyy(compact) || numberOf(serial) < 2) {
        return {};
    }
    const std::string number = std::string(compact.substr(0, 6)) + std::string(serial);
    const bool isTest = serial[0] == '9';
    return acceptedIf(kFinnish[static_cast<std::size_t>(numberOf(number) % 31)] == compact.back(), 3.4 + kDate,
                      isTest ? "a test person's code" : "check character and date agree");
}

constexpr Weighted kFiCompany{8, {7, 9, 10, 5, 8, 4, 2}, 11, CheckRule::complement, kMod11};

IdVerdict finnishCompany(std::string_view compact) {
    if (compact.substr(0, 2) == "FI") {
        compact.remove_prefix(2);
    }
    return acceptedIf(isNumber(compact, 8) && passes(kFiCompany, compact), kMod11, kDigitAgrees);
}

// Kennitala: birthday (40 added to the day for companies), check digit in the ninth place, century in the tenth.
IdVerdict icelandicPerson(std::string_view compact) {
    if (!isNumber(compact, 10) || placeIn("90", compact[9]) < 0) {
        return {};
    }
    const int day = two(compact, 0) > 40 ? two(compact, 0) - 40 : two(compact, 0);
    const int century = compact[9] == '0' ? 2000 : 1900;
    return acceptedIf(dateExists(century + two(compact, 4), two(compact, 2), day) &&
                          weightedSum(compact, {3, 2, 7, 6, 5, 4, 3, 2, 1}) % 11 == 0,
                      kMod11 + kDate + 1.0, kDateAgrees);
}

constexpr std::array<NamedCheck, 11> kChecks{{
    {"dk-person", &danishPerson},
    {"dk-company", &danishCompany},
    {"se-person", &swedishPerson},
    {"se-company", &swedishCompany},
    {"se-giro", &swedishGiro},
    {"no-person", &norwegianPerson},
    {"no-company", &norwegianCompany},
    {"no-account", &weighted<kNoAccount>},
    {"fi-person", &finnishPerson},
    {"fi-company", &finnishCompany},
    {"is-person", &icelandicPerson},
}};

} // namespace

std::span<const NamedCheck> nordicChecks() {
    return kChecks;
}

} // namespace gatehouse::dlp::ids
