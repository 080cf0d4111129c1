// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <array>
#include <string>

#include "dlp/ids/arithmetic.h"
#include "dlp/ids/checks.h"

// Australia and New Zealand.
namespace gatehouse::dlp::ids {
namespace {

// Tax file number: nine digits, eight in older ones.
IdVerdict australianTax(std::string_view compact) {
    if (isNumber(compact, 8)) {
        return acceptedIf(weightedSum(compact, {10, 7, 8, 4, 6, 3, 5, 1}) % 11 == 0 ||
                              weightedSum(compact, {1, 4, 3, 7, 5, 8, 6, 9}) % 11 == 0,
                          kMod11 - 0.7, kDigitAgrees);
    }
    return acceptedIf(isNumber(compact, 9) && weightedSum(compact, {1, 4, 3, 7, 5, 8, 6, 9, 10}) % 11 == 0, kMod11,
                      kDigitAgrees);
}

// Australian business number: one less in the first place, mod 89.
IdVerdict australianBusiness(std::string_view compact) {
    constexpr std::ptrdiff_t kMostZeros = 7; // a round number is none
    return acceptedIf(isNumber(compact, 11) && compact[0] != '0' &&
                          std::count(compact.begin(), compact.end(), '0') <= kMostZeros &&
                          (weightedSum(compact, {10, 1, 3, 5, 7, 9, 11, 13, 15, 17, 19}) - 10) % 89 == 0,
                      4.4, kDigitsAgree);
}

constexpr Weighted kAuCompany{9, {8, 7, 6, 5, 4, 3, 2, 1}, 10, CheckRule::complement, kMod10};

// Medicare card: eight digits from 2 to 6, check digit, issue, and perhaps the person's place on the card.
IdVerdict australianMedicare(std::string_view compact) {
    if (compact.size() != 10 && compact.size() != 11) {
        return {};
    }
    return acceptedIf(isNumber(compact, compact.size()) && compact[0] >= '2' && compact[0] <= '6' &&
                          compact[9] != '0' &&
                          weightedSum(compact, {1, 3, 7, 9, 1, 3, 7, 9}) % 10 == digitAt(compact, 8),
                      kMod10 + 0.7, kDigitAgrees);
}

// Individual healthcare identifier: 800360 and Luhn.
IdVerdict australianHealth(std::string_view compact) {
    return acceptedIf(isNumber(compact, 16) && compact.substr(0, 5) == "80036" && passesLuhn(compact), kMod10 + 5.0,
                      "prefix and check digit agree");
}

IdVerdict australianPassport(std::string_view compact) {
    return acceptedIf(!compact.empty() && placeIn("PNREDLUMX", compact[0]) >= 0, 0.6, "a letter that is issued");
}

// IRD number: eight or nine digits, a second pass of weights when the first leaves 10.
IdVerdict newZealandTax(std::string_view compact) {
    if ((compact.size() != 8 && compact.size() != 9) || !isNumber(compact, compact.size())) {
        return {};
    }
    const std::string number = std::string(9 - compact.size(), '0') + std::string(compact);
    const long long value = numberOf(number);
    int check = (11 - weightedSum(number, {3, 2, 7, 6, 5, 4, 3, 2}) % 11) % 11;
    if (check == 10) {
        check = (11 - weightedSum(number, {7, 4, 3, 2, 5, 2, 7, 6}) % 11) % 11;
    }
    return acceptedIf(value > 10000000 && value < 200000000 && check == digitAt(number, 8), kMod11, kDigitAgrees);
}

// National health index (HISO 10046): three letters without I and O; four digits by 11, or since 2026 two digits and
// two letters by 24 (by 23 in its first draft).
IdVerdict newZealandHealth(std::string_view compact) {
    constexpr std::string_view kAlphabet = "ABCDEFGHJKLMNPQRSTUVWXYZ";
    if (compact.size() != 7) {
        return {};
    }
    int sum = 0;
    for (std::size_t i = 0; i < 6; ++i) {
        const int value = isDigit(compact[i]) ? digitAt(compact, i) : placeIn(kAlphabet, compact[i]) + 1;
        const bool isPlaced = i < 3 ? isLetter(compact[i]) : i < 5 ? isDigit(compact[i]) : true;
        if (!isPlaced || (isLetter(compact[i]) && value == 0)) {
            return {};
        }
        sum += value * (7 - static_cast<int>(i));
    }
    if (isLetter(compact[5])) {
        const int letter = placeIn(kAlphabet, compact[6]) + 1;
        return acceptedIf(letter > 0 && (letter == 24 - sum % 24 || letter == 23 - sum % 23), kMod11,
                          "check letter agrees");
    }
    const int rest = sum % 11;
    return acceptedIf(rest != 0 && isDigit(compact[6]) && (11 - rest) % 10 == digitAt(compact, 6), kMod11 + 0.2,
                      kDigitAgrees);
}

// Bank account: the algorithm depends on the bank (Inland Revenue's specification of resident withholding tax).
bool passesNewZealandBank(int bank, std::string_view branch, std::string_view base, std::string_view suffix) {
    if (bank == 8) {
        return weightedSum(base, {7, 6, 5, 4, 3, 2, 1}) % 11 == 0;
    }
    if (bank == 25 || bank == 33) {
        return weightedSum(base, {1, 7, 3, 1, 7, 3, 1}) % 10 == 0;
    }
    if (bank == 26 || bank == 28 || bank == 29) {
        constexpr std::array kWeights{1, 3, 7};
        const std::string digits = std::string(base) + std::string(suffix);
        int sum = 0;
        for (std::size_t i = 0; i < digits.size(); ++i) {
            const int product = digitAt(digits, i) * kWeights[i % 3];
            sum += product == 0 ? 0 : (product - 1) % 9 + 1;
        }
        return sum % 10 == 0;
    }
    if (numberOf(base) >= 990000) {
        return weightedSum(base, {0, 10, 5, 8, 4, 2, 1}) % 11 == 0;
    }
    return (weightedSum(branch, {6, 3, 7, 9}) + weightedSum(base, {0, 10, 5, 8, 4, 2, 1})) % 11 == 0;
}

IdVerdict newZealandAccount(std::string_view compact) {
    if ((compact.size() != 15 && compact.size() != 16) || !isNumber(compact, compact.size())) {
        return {};
    }
    const int bank = two(compact, 0);
    const bool isBank = bank >= 1 && bank <= 38 && bank != 7 && bank != 9 && bank != 31 && bank != 32;
    const std::string suffix = (compact.size() == 15 ? "0" : "") + std::string(compact.substr(13));
    return acceptedIf(isBank && passesNewZealandBank(bank, compact.substr(2, 4), compact.substr(6, 7), suffix),
                      kMod11 + 0.7, "bank and check digit agree");
}

// New Zealand business number: a GTIN that begins with 9429.
IdVerdict newZealandBusiness(std::string_view compact) {
    return acceptedIf(isNumber(compact, 13) && compact.substr(0, 4) == "9429" && passesEan(compact), kMod10 + 4.0,
                      "prefix and check digit agree");
}

constexpr std::array<NamedCheck, 10> kChecks{{
    {"au-tax", &australianTax},
    {"au-business", &australianBusiness},
    {"au-company", &weighted<kAuCompany>},
    {"au-medicare", &australianMedicare},
    {"au-health", &australianHealth},
    {"au-passport", &australianPassport},
    {"nz-tax", &newZealandTax},
    {"nz-health", &newZealandHealth},
    {"nz-account", &newZealandAccount},
    {"nz-business", &newZealandBusiness},
}};

} // namespace

std::span<const NamedCheck> oceanianChecks() {
    return kChecks;
}

} // namespace gatehouse::dlp::ids
