// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <array>

#include "dlp/ids/arithmetic.h"
#include "dlp/ids/checks.h"

// Telephones, vehicles, network cards, cards of the European Union, researchers.
namespace gatehouse::dlp::ids {
namespace {

// IMEI (3GPP TS 23.003): reporting body, fourteen digits, Luhn.
IdVerdict imei(std::string_view compact) {
    constexpr std::array<std::string_view, 8> kBodies{"01", "35", "86", "44", "45", "49", "52", "99"};
    if (!isNumber(compact, 15) || !passesLuhn(compact)) {
        return {};
    }
    const bool isKnown = std::find(kBodies.begin(), kBodies.end(), compact.substr(0, 2)) != kBodies.end();
    return accepted(kMod10 + (isKnown ? 1.5 : -0.5), isKnown ? "reporting body and check digit agree" : kDigitAgrees);
}

// ICCID (ITU-T E.118): 89, country, Luhn; some issuers leave the check digit out.
IdVerdict iccid(std::string_view compact) {
    if (compact.substr(0, 2) != "89") {
        return {};
    }
    return acceptedIf((compact.size() == 19 || compact.size() == 20) && isNumber(compact, compact.size()) &&
                          passesLuhn(compact),
                      kMod10 + 4.0, "prefix and check digit agree");
}

// IMSI: mobile country codes run from 2 to 7 in the first place, and 9.
IdVerdict imsi(std::string_view compact) {
    return acceptedIf((compact.size() == 14 || compact.size() == 15) && isNumber(compact, compact.size()) &&
                          placeIn("234567", compact[0]) >= 0,
                      0.5, "a country code");
}

bool isHex(std::string_view text) {
    return std::all_of(text.begin(), text.end(), [](char c) { return isDigit(c) || (c >= 'A' && c <= 'F'); });
}

// MEID: fourteen hexadecimal digits from A0.
IdVerdict meid(std::string_view compact) {
    return acceptedIf(compact.size() == 14 && isHex(compact) && compact[0] >= 'A', 1.5, kStructureAgrees);
}

// EUI-48: not all zeros or ones, no multicast.
IdVerdict mac(std::string_view compact) {
    if ((compact.size() != 12 && compact.size() != 16) || !isHex(compact)) {
        return {};
    }
    const bool isFlat = compact.find_first_not_of(compact[0]) == std::string_view::npos;
    const bool isMulticast = base36(compact[1]) % 2 == 1;
    return acceptedIf(!isFlat && !isMulticast, 3.0, "hexadecimal and no multicast");
}

// VIN (ISO 3779): no I O Q; the check digit in the ninth place binds in North America (49 CFR 565).
IdVerdict vin(std::string_view compact) {
    constexpr std::string_view kValues = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ";
    constexpr std::array<int, 26> kLetters{1, 2, 3, 4, 5, 6, 7, 8, 0, 1, 2, 3, 4,
                                           5, 0, 7, 0, 9, 2, 3, 4, 5, 6, 7, 8, 9};
    constexpr std::array kWeights{8, 7, 6, 5, 4, 3, 2, 10, 0, 9, 8, 7, 6, 5, 4, 3, 2};
    const auto digits = std::count_if(compact.begin(), compact.end(), isDigit);
    if (compact.size() != 17 || compact.find_first_of("IOQ") != std::string_view::npos || digits < 4 || digits > 15 ||
        !areDigits(compact.substr(13)) || placeIn("0UZ", compact[9]) >= 0) {
        return {};
    }
    int sum = 0;
    for (std::size_t i = 0; i < 17; ++i) {
        const int value = placeIn(kValues, compact[i]);
        sum += (value < 10 ? value : kLetters[static_cast<std::size_t>(value - 10)]) * kWeights[i];
    }
    const int check = sum % 11;
    const bool hasCheck = compact[8] == (check == 10 ? 'X' : static_cast<char>('0' + check));
    return hasCheck ? accepted(kMod11 + 2.2, kDigitAgrees) : accepted(0.6, "alphabet and serial agree");
}

// ORCID and ISNI: ISO 7064 mod 11-2.
IdVerdict orcid(std::string_view compact) {
    return acceptedIf(compact.size() == 16 && areDigits(compact.substr(0, 15)) &&
                          (isDigit(compact[15]) || compact[15] == 'X') && passesMod11Radix2(compact),
                      kMod11 + (compact.substr(0, 4) == "0000" ? 5.0 : 0), kDigitAgrees);
}

// European health insurance card: 80 (health), country in ISO 3166-1 numeric, institution and serial.
IdVerdict healthCard(std::string_view compact) {
    const std::string_view region = compact.substr(0, 5);
    return acceptedIf(isNumber(compact, 20) && compact.substr(0, 2) == "80" && region != "80000", 2.5, "prefix agrees");
}

// IMO numbers of ships: weights 7 … 2.
IdVerdict ship(std::string_view compact) {
    if (compact.substr(0, 3) == "IMO") {
        compact.remove_prefix(3);
    }
    return acceptedIf(isNumber(compact, 7) && weightedSum(compact, {7, 6, 5, 4, 3, 2}) % 10 == digitAt(compact, 6),
                      kMod10, kDigitAgrees);
}

// Freight containers (ISO 6346): owner, U J Z, serial, letters skip multiples of eleven, powers of two.
IdVerdict container(std::string_view compact) {
    constexpr std::string_view kAlphabet = "0123456789A BCDEFGHIJK LMNOPQRSTU VWXYZ";
    if (compact.size() != 11 || placeIn("UJZ", compact[3]) < 0 || !areDigits(compact.substr(4)) ||
        !areLetters(compact.substr(0, 4))) {
        return {};
    }
    int sum = 0;
    for (std::size_t i = 0; i < 10; ++i) {
        sum += placeIn(kAlphabet, compact[i]) << i;
    }
    return acceptedIf(sum % 11 % 10 == digitAt(compact, 10), kMod11 + 2.1, kDigitAgrees);
}

// Numbers of passports and cards that follow no public scheme.
IdVerdict passport(std::string_view compact) {
    const auto digits = std::count_if(compact.begin(), compact.end(), isDigit);
    return acceptedIf(digits >= 5 && !compact.empty() &&
                          compact.find_first_not_of(compact.back()) != std::string_view::npos,
                      0.4, "a passport's length");
}

constexpr std::array<NamedCheck, 11> kChecks{{
    {"imei", &imei},
    {"iccid", &iccid},
    {"imsi", &imsi},
    {"meid", &meid},
    {"mac", &mac},
    {"vin", &vin},
    {"orcid", &orcid},
    {"health-card", &healthCard},
    {"ship", &ship},
    {"container", &container},
    {"passport", &passport},
}};

} // namespace

std::span<const NamedCheck> deviceChecks() {
    return kChecks;
}

} // namespace gatehouse::dlp::ids
