// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <cstddef>
#include <initializer_list>
#include <string_view>

#include "dlp/ids/ids.h"
#include "dlp/validators.h"

// The arithmetic that identifiers share. All functions are pure and linear; those that take digits expect digits alone
// unless they say otherwise.
namespace gatehouse::dlp::ids {

// ln(1 / share of random values that pass).
inline constexpr double kMod10 = 2.3;
inline constexpr double kMod11 = 2.4;
inline constexpr double kMod23 = 3.1;
inline constexpr double kMod97 = 4.6;
inline constexpr double kDate = 1.5;     // numbers that begin like a date are common: less than chance says
inline constexpr double kFullDate = 2.0; // with a year of four digits
inline constexpr std::string_view kDigitAgrees = "check digit agrees";
inline constexpr std::string_view kDigitsAgree = "check digits agree";
inline constexpr std::string_view kDateAgrees = "check digit and date agree";
inline constexpr std::string_view kStructureAgrees = "structure agrees";

constexpr IdVerdict accepted(double strength, std::string_view why) {
    return {true, strength, why};
}
constexpr IdVerdict acceptedIf(bool isValid, double strength, std::string_view why) {
    return isValid ? accepted(strength, why) : IdVerdict{};
}

// Exactly `size` digits, not all of them the same: such values are placeholders everywhere.
bool isNumber(std::string_view text, std::size_t size);
bool areDigits(std::string_view text);
bool areLetters(std::string_view text);
constexpr int digitAt(std::string_view digits, std::size_t position) {
    return digits[position] - '0';
}
// The number that up to 18 digits write.
long long numberOf(std::string_view digits);
constexpr int two(std::string_view digits, std::size_t position) {
    return digitAt(digits, position) * 10 + digitAt(digits, position + 1);
}
// A number of any length modulo `modulus` (at most 10^8).
unsigned modulo(std::string_view digits, unsigned modulus);
// 0–9 for digits, 10–35 for letters.
constexpr int base36(char c) {
    return c >= '0' && c <= '9' ? c - '0' : c - 'A' + 10;
}
// Where `c` stands in `alphabet`, or −1.
constexpr int placeIn(std::string_view alphabet, char c) {
    const std::size_t place = alphabet.find(c);
    return place == std::string_view::npos ? -1 : static_cast<int>(place);
}

// The sum of the first digits (letters as A = 10 …) times the weights; `text` has at least as many characters.
int weightedSum(std::string_view text, std::initializer_list<int> weights);
// The same with the weights repeated over the whole of `text`.
int cycledSum(std::string_view text, std::initializer_list<int> weights);
// The sum of the digits of the products.
int crossSum(std::string_view digits, std::initializer_list<int> weights);
// ICAO 9303 part 3: weights 7 3 1, letters A = 10 …, '<' = 0; the remainder by ten.
int icaoCheck(std::string_view text);

bool passesVerhoeff(std::string_view digits);
bool passesDamm(std::string_view digits);
// ISO/IEC 7064.
bool passesMod11Radix10(std::string_view digits);
bool passesMod37Radix36(std::string_view text);
bool passesMod11Radix2(std::string_view text); // the last may be X
// The remainder by 97 with letters as two digits.
unsigned mod97(std::string_view text);
// GTIN, EAN: weights 3 and 1 from the right.
bool passesEan(std::string_view digits);

bool dateExists(int year, int month, int day);
// Six digits as a day that exists in some century: YYMMDD and DDMMYY.
bool isYymmdd(std::string_view digits);
bool isDdmmyy(std::string_view digits);
// Eight digits YYYYMMDD from 1900 to 2030.
bool isYyyymmdd(std::string_view digits);

// What the check digit is, given the remainder of the weighted sum of the digits in front of it.
enum class CheckRule {
    remainder,           // the remainder; 10 is not issued
    remainderOrZero,     // the remainder, 10 written 0
    complement,          // modulus − remainder, 0 for remainder 0; 10 is not issued
    complementOrZero,    // the same with 10 written 0
    complementUnits,     // the units of modulus − remainder
    complementOrOneZero, // modulus − remainder, 0 for remainders 0 and 1
};

// Identifiers of one length whose last digit follows from the weights of the others.
struct Weighted {
    std::size_t size = 0;
    std::array<int, 20> weights{};
    int modulus = 11;
    CheckRule rule = CheckRule::remainder;
    double strength = kMod11;
};
bool passes(const Weighted& scheme, std::string_view digits);

template <const Weighted& scheme>
IdVerdict weighted(std::string_view compact) {
    return acceptedIf(isNumber(compact, scheme.size) && passes(scheme, compact), scheme.strength, kDigitAgrees);
}

// Digits of one length with Luhn's check digit.
template <std::size_t size>
IdVerdict luhn(std::string_view compact) {
    return acceptedIf(isNumber(compact, size) && passesLuhn(compact), kMod10, kDigitAgrees);
}

} // namespace gatehouse::dlp::ids
