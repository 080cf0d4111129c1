// SPDX-License-Identifier: Apache-2.0
#include "dlp/ids/arithmetic.h"

#include <algorithm>
#include <chrono>
#include <numeric>

namespace gatehouse::dlp::ids {

bool areDigits(std::string_view text) {
    return std::all_of(text.begin(), text.end(), isDigit);
}

bool areLetters(std::string_view text) {
    return std::all_of(text.begin(), text.end(), isLetter);
}

bool isNumber(std::string_view text, std::size_t size) {
    return text.size() == size && areDigits(text) && text.find_first_not_of(text[0]) != std::string_view::npos;
}

long long numberOf(std::string_view digits) {
    return std::accumulate(digits.begin(), digits.end(), 0LL,
                           [](long long value, char c) { return value * 10 + (c - '0'); });
}

unsigned modulo(std::string_view digits, unsigned modulus) {
    return std::accumulate(digits.begin(), digits.end(), 0U, [modulus](unsigned value, char c) {
        return (value * 10 + static_cast<unsigned>(c - '0')) % modulus;
    });
}

int weightedSum(std::string_view text, std::initializer_list<int> weights) {
    int sum = 0;
    std::size_t i = 0;
    for (const int weight : weights) {
        sum += base36(text[i++]) * weight;
    }
    return sum;
}

int cycledSum(std::string_view text, std::initializer_list<int> weights) {
    int sum = 0;
    for (std::size_t i = 0; i < text.size(); ++i) {
        sum += base36(text[i]) * *(weights.begin() + i % weights.size());
    }
    return sum;
}

int crossSum(std::string_view digits, std::initializer_list<int> weights) {
    int sum = 0;
    for (std::size_t i = 0; i < digits.size(); ++i) {
        const int product = digitAt(digits, i) * *(weights.begin() + i % weights.size());
        sum += product / 10 + product % 10;
    }
    return sum;
}

int icaoCheck(std::string_view text) {
    constexpr std::array kWeights{7, 3, 1};
    int sum = 0;
    for (std::size_t i = 0; i < text.size(); ++i) {
        sum += (text[i] == '<' ? 0 : base36(text[i])) * kWeights[i % 3];
    }
    return sum % 10;
}

namespace {

using Row10 = std::array<unsigned char, 10>;

// The dihedral group D5 and the permutation of J. Verhoeff, "Error detecting decimal codes" (1969).
constexpr std::array<Row10, 10> kDihedral{{{0, 1, 2, 3, 4, 5, 6, 7, 8, 9},
                                           {1, 2, 3, 4, 0, 6, 7, 8, 9, 5},
                                           {2, 3, 4, 0, 1, 7, 8, 9, 5, 6},
                                           {3, 4, 0, 1, 2, 8, 9, 5, 6, 7},
                                           {4, 0, 1, 2, 3, 9, 5, 6, 7, 8},
                                           {5, 9, 8, 7, 6, 0, 4, 3, 2, 1},
                                           {6, 5, 9, 8, 7, 1, 0, 4, 3, 2},
                                           {7, 6, 5, 9, 8, 2, 1, 0, 4, 3},
                                           {8, 7, 6, 5, 9, 3, 2, 1, 0, 4},
                                           {9, 8, 7, 6, 5, 4, 3, 2, 1, 0}}};
constexpr Row10 kVerhoeff{1, 5, 7, 6, 2, 8, 3, 0, 9, 4};

// The quasigroup of H. M. Damm's dissertation (2004).
constexpr std::array<Row10, 10> kDamm{{{0, 3, 1, 7, 5, 9, 8, 6, 4, 2},
                                       {7, 0, 9, 2, 1, 5, 4, 8, 6, 3},
                                       {4, 2, 0, 6, 8, 7, 1, 3, 5, 9},
                                       {1, 7, 5, 0, 9, 8, 3, 4, 2, 6},
                                       {6, 1, 2, 3, 0, 4, 5, 9, 7, 8},
                                       {3, 6, 7, 4, 2, 0, 9, 5, 8, 1},
                                       {5, 8, 6, 9, 7, 2, 0, 1, 3, 4},
                                       {8, 9, 4, 5, 3, 6, 2, 0, 1, 7},
                                       {9, 4, 3, 8, 6, 1, 7, 2, 0, 5},
                                       {2, 5, 8, 1, 4, 3, 6, 7, 9, 0}}};

} // namespace

bool passesVerhoeff(std::string_view digits) {
    std::size_t state = 0;
    for (std::size_t i = 0; i < digits.size(); ++i) {
        std::size_t digit = static_cast<std::size_t>(digitAt(digits, digits.size() - 1 - i));
        for (std::size_t turns = i % 8; turns > 0; --turns) {
            digit = kVerhoeff[digit];
        }
        state = kDihedral[state][digit];
    }
    return state == 0;
}

bool passesDamm(std::string_view digits) {
    std::size_t state = 0;
    for (std::size_t i = 0; i < digits.size(); ++i) {
        state = kDamm[state][static_cast<std::size_t>(digitAt(digits, i))];
    }
    return state == 0;
}

bool passesMod11Radix10(std::string_view digits) {
    int product = 5;
    for (std::size_t i = 0; i < digits.size(); ++i) {
        product = ((product == 0 ? 10 : product) * 2 % 11 + digitAt(digits, i)) % 10;
    }
    return product == 1;
}

bool passesMod37Radix36(std::string_view text) {
    int product = 18;
    for (const char c : text) {
        product = ((product == 0 ? 36 : product) * 2 % 37 + base36(c)) % 36;
    }
    return product == 1;
}

bool passesMod11Radix2(std::string_view text) {
    int check = 0;
    for (std::size_t i = 0; i + 1 < text.size(); ++i) {
        check = (check + digitAt(text, i)) * 2 % 11;
    }
    const int last = text.back() == 'X' ? 10 : digitAt(text, text.size() - 1);
    return (check + last) % 11 == 1;
}

unsigned mod97(std::string_view text) {
    unsigned value = 0;
    for (const char c : text) {
        const auto part = static_cast<unsigned>(base36(c));
        value = (value * (part > 9 ? 100 : 10) + part) % 97;
    }
    return value;
}

bool passesEan(std::string_view digits) {
    int sum = 0;
    for (std::size_t i = 0; i < digits.size(); ++i) {
        sum += digitAt(digits, digits.size() - 1 - i) * (i % 2 == 0 ? 1 : 3);
    }
    return sum % 10 == 0;
}

bool dateExists(int year, int month, int day) {
    if (month < 1 || day < 1) {
        return false;
    }
    return std::chrono::year_month_day{std::chrono::year{year}, std::chrono::month{static_cast<unsigned>(month)},
                                       std::chrono::day{static_cast<unsigned>(day)}}
        .ok();
}

bool isYymmdd(std::string_view digits) {
    return dateExists(2000 + two(digits, 0), two(digits, 2), two(digits, 4));
}

bool isDdmmyy(std::string_view digits) {
    return dateExists(2000 + two(digits, 4), two(digits, 2), two(digits, 0));
}

bool isYyyymmdd(std::string_view digits) {
    const int year = two(digits, 0) * 100 + two(digits, 2);
    return year >= 1900 && year <= 2030 && dateExists(year, two(digits, 4), two(digits, 6));
}

bool passes(const Weighted& scheme, std::string_view digits) {
    int sum = 0;
    for (std::size_t i = 0; i + 1 < digits.size(); ++i) {
        sum += digitAt(digits, i) * scheme.weights[i];
    }
    const int remainder = ((sum % scheme.modulus) + scheme.modulus) % scheme.modulus;
    const int complement = (scheme.modulus - remainder) % scheme.modulus;
    const int check = digitAt(digits, digits.size() - 1);
    switch (scheme.rule) {
    case CheckRule::remainder:
        return check == remainder;
    case CheckRule::remainderOrZero:
        return check == remainder % 10;
    case CheckRule::complement:
        return check == complement;
    case CheckRule::complementOrZero:
        return check == complement % 10;
    case CheckRule::complementUnits:
        return check == (scheme.modulus - remainder) % 10;
    case CheckRule::complementOrOneZero:
        return check == (remainder <= 1 ? 0 : scheme.modulus - remainder);
    }
    return false;
}

} // namespace gatehouse::dlp::ids
