// SPDX-License-Identifier: Apache-2.0
#include <array>
#include <string>

#include "dlp/ids/arithmetic.h"
#include "dlp/ids/checks.h"

// Value added tax numbers with their prefix, where they are no other number of the same country.
namespace gatehouse::dlp::ids {
namespace {

bool takePrefix(std::string_view& compact, std::string_view prefix) {
    const bool hasPrefix = compact.substr(0, prefix.size()) == prefix;
    if (hasPrefix) {
        compact.remove_prefix(prefix.size());
    }
    return hasPrefix;
}

// USt-IdNr.: ISO 7064 mod 11,10.
IdVerdict german(std::string_view compact) {
    return acceptedIf(takePrefix(compact, "DE") && isNumber(compact, 9) && compact[0] != '0' &&
                          passesMod11Radix10(compact),
                      kMod10, kDigitAgrees);
}

// UID: ATU and eight digits, Luhn's sum plus four.
IdVerdict austrian(std::string_view compact) {
    return acceptedIf(takePrefix(compact, "ATU") && isNumber(compact, 8) &&
                          (16 - (crossSum(compact.substr(0, 7), {1, 2})) % 10) % 10 == digitAt(compact, 7),
                      kMod10 + 1.0, kDigitAgrees);
}

bool isFrenchKey(std::string_view key, std::string_view siren) {
    constexpr std::string_view kAlphabet = "0123456789ABCDEFGHJKLMNPQRSTUVWXYZ";
    if (areDigits(key)) {
        return static_cast<unsigned>(two(key, 0)) == (12 + 3 * modulo(siren, 97)) % 97;
    }
    const int first = placeIn(kAlphabet, key[0]);
    const int second = placeIn(kAlphabet, key[1]);
    const int check = first < 10 ? first * 24 + second - 10 : first * 34 + second - 100;
    return first >= 0 && second >= 0 && (static_cast<int>(modulo(siren, 11)) + 1 + check / 11) % 11 == check % 11;
}

// A key of two characters and a SIREN.
IdVerdict french(std::string_view compact) {
    return acceptedIf(takePrefix(compact, "FR") && compact.size() == 11 && isNumber(compact.substr(2), 9) &&
                          passesLuhn(compact.substr(2)) && isFrenchKey(compact.substr(0, 2), compact.substr(2)),
                      kMod97 + kMod10, kDigitsAgree);
}

// Eight digits, the last two are the first six modulo 89.
IdVerdict luxembourgish(std::string_view compact) {
    return acceptedIf(takePrefix(compact, "LU") && isNumber(compact, 8) &&
                          static_cast<int>(modulo(compact.substr(0, 6), 89)) == two(compact, 6),
                      4.5, kDigitsAgree);
}

// A citizen service number with B and two digits, or since 2020 a number of its own with mod 97 over all characters.
IdVerdict dutch(std::string_view compact) {
    const std::string_view whole = compact;
    if (!takePrefix(compact, "NL") || compact.size() != 12 || compact[9] != 'B' || !areDigits(compact.substr(0, 9)) ||
        !areDigits(compact.substr(10)) || compact.substr(10) == "00") {
        return {};
    }
    const bool isOld =
        weightedSum(compact, {9, 8, 7, 6, 5, 4, 3, 2, -1}) % 11 == 0 && isNumber(compact.substr(0, 9), 9);
    return acceptedIf(isOld || mod97(whole) == 1, kMod11 + 2.0, kDigitsAgree);
}

// An organisation number and 01.
IdVerdict swedish(std::string_view compact) {
    return acceptedIf(takePrefix(compact, "SE") && isNumber(compact, 12) && compact.substr(10) != "00" &&
                          passesLuhn(compact.substr(0, 10)),
                      kMod10 + 1.5, kDigitAgrees);
}

// The mini one stop shop: EU and nine digits.
IdVerdict oneStopShop(std::string_view compact) {
    return acceptedIf((takePrefix(compact, "EU") || takePrefix(compact, "IM")) &&
                          (compact.size() == 9 || compact.size() == 10) && isNumber(compact, compact.size()),
                      0.5, kStructureAgrees);
}

constexpr std::array<NamedCheck, 7> kChecks{{
    {"de-vat", &german},
    {"at-vat", &austrian},
    {"fr-vat", &french},
    {"lu-vat", &luxembourgish},
    {"nl-vat", &dutch},
    {"se-vat", &swedish},
    {"eu-one-stop-shop", &oneStopShop},
}};

} // namespace

std::span<const NamedCheck> vatChecks() {
    return kChecks;
}

} // namespace gatehouse::dlp::ids
