// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <array>

#include "dlp/ids/arithmetic.h"
#include "dlp/ids/checks.h"

// India, Pakistan, Sri Lanka.
namespace gatehouse::dlp::ids {
namespace {

bool isPalindrome(std::string_view text) {
    return std::equal(text.begin(), text.begin() + static_cast<std::ptrdiff_t>(text.size() / 2), text.rbegin());
}

// Aadhaar (UIDAI): first digit from 2, Verhoeff, no palindrome.
IdVerdict aadhaar(std::string_view compact) {
    return acceptedIf(isNumber(compact, 12) && compact[0] >= '2' && !isPalindrome(compact) && passesVerhoeff(compact),
                      kMod10 + 0.2, kDigitAgrees);
}

// Virtual id of an Aadhaar: sixteen digits with Verhoeff.
IdVerdict aadhaarVirtual(std::string_view compact) {
    return acceptedIf(isNumber(compact, 16) && compact[0] >= '2' && passesVerhoeff(compact), kMod10 + 0.2,
                      kDigitAgrees);
}

// Permanent account number: the fourth letter is the kind of holder, the digits are not all zero.
bool isPan(std::string_view text) {
    return text.size() == 10 && areLetters(text.substr(0, 5)) && areDigits(text.substr(5, 4)) && isLetter(text[9]) &&
           placeIn("ABCEFGHJKLPT", text[3]) >= 0 && text.substr(5, 4) != "0000";
}

IdVerdict pan(std::string_view compact) {
    return acceptedIf(isPan(compact), 1.0, "a kind of holder");
}

// Goods and services tax number: state, PAN, count, Z, a character by Luhn with radix 36.
IdVerdict gstin(std::string_view compact) {
    if (compact.size() != 15 || !areDigits(compact.substr(0, 2)) || !isPan(compact.substr(2, 10)) ||
        compact[13] != 'Z' || compact[12] == '0') {
        return {};
    }
    const int state = two(compact, 0);
    int sum = 0;
    for (std::size_t i = 0; i < 14; ++i) {
        const int value = base36(compact[i]) * (i % 2 == 0 ? 1 : 2);
        sum += value / 36 + value % 36;
    }
    const bool isState = (state >= 1 && state <= 38) || state == 96 || state == 97 || state == 99;
    return acceptedIf(isState && (36 - sum % 36) % 36 == base36(compact[14]), 3.6 + 2.0,
                      "check character and state agree");
}

// Elector's photo identity card: three letters, seven digits with Luhn.
IdVerdict voter(std::string_view compact) {
    return acceptedIf(compact.size() == 10 && areLetters(compact.substr(0, 3)) && isNumber(compact.substr(3), 7) &&
                          passesLuhn(compact.substr(3)),
                      kMod10, kDigitAgrees);
}

// Indian financial system code: bank, a zero, branch.
IdVerdict ifsc(std::string_view compact) {
    return acceptedIf(compact.size() == 11 && areLetters(compact.substr(0, 4)) && compact[4] == '0', 2.0,
                      kStructureAgrees);
}

bool isIndianState(std::string_view two) {
    constexpr std::string_view kStates =
        "AN AP AR AS BR CG CH DD DL DN GA GJ HP HR JH JK KA KL LA LD MH ML MN MP MZ NL OD "
        "OR PB PY RJ SK TN TR TS TG UK UA UP WB ";
    for (std::size_t i = 0; i + 2 < kStates.size(); i += 3) {
        if (kStates.substr(i, 2) == two) {
            return true;
        }
    }
    return false;
}

// Plates and driving licences begin with a state.
IdVerdict stateFirst(std::string_view compact) {
    return acceptedIf(isIndianState(compact.substr(0, 2)), 2.7, "a state's letters");
}

// Corporate identity number: listed or not, industry, state, year, kind, number.
IdVerdict company(std::string_view compact) {
    if (compact.size() != 21 || placeIn("LU", compact[0]) < 0 || !areDigits(compact.substr(1, 5)) ||
        !isIndianState(compact.substr(6, 2)) || !areDigits(compact.substr(8, 4))) {
        return {};
    }
    return acceptedIf(areLetters(compact.substr(12, 3)) && areDigits(compact.substr(15)), 6.0, kStructureAgrees);
}

// Health account (ABHA): fourteen digits.
IdVerdict health(std::string_view compact) {
    return acceptedIf(isNumber(compact, 14), 0.5, kStructureAgrees);
}

// CNIC: locality (its first digit is a province), family, sex.
IdVerdict pakistaniPerson(std::string_view compact) {
    return acceptedIf(isNumber(compact, 13) && compact[0] >= '1' && compact[0] <= '7' && compact[12] != '0' &&
                          compact[1] != '0',
                      0.8, "province and sex agree");
}

// NIC: year, day of the year (500 added for women), serial; a V or X behind the older form.
IdVerdict sriLankanPerson(std::string_view compact) {
    const bool isOld = compact.size() == 10;
    if ((!isOld && compact.size() != 12) || !areDigits(compact.substr(0, 9))) {
        return {};
    }
    const auto day = numberOf(compact.substr(isOld ? 2 : 4, 3)) % 500;
    const auto year = isOld ? 1950 : numberOf(compact.substr(0, 4));
    const bool hasDay = day >= 1 && day <= 366;
    return acceptedIf(hasDay && year >= 1900 && year <= 2020, isOld ? 2.5 : 2.5, kStructureAgrees);
}

constexpr std::array<NamedCheck, 11> kChecks{{
    {"in-aadhaar", &aadhaar},
    {"in-aadhaar-virtual", &aadhaarVirtual},
    {"in-pan", &pan},
    {"in-gstin", &gstin},
    {"in-voter", &voter},
    {"in-ifsc", &ifsc},
    {"in-state-first", &stateFirst},
    {"in-company", &company},
    {"in-health", &health},
    {"pk-person", &pakistaniPerson},
    {"lk-person", &sriLankanPerson},
}};

} // namespace

std::span<const NamedCheck> southAsianChecks() {
    return kChecks;
}

} // namespace gatehouse::dlp::ids
