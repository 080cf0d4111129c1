// SPDX-License-Identifier: Apache-2.0
#include "dlp/look_alike_numbers.h"

#include <algorithm>
#include <array>
#include <cstdint>

#include <fmt/format.h>

#include "base/crypto.h"
#include "dlp/validators.h"

namespace gatehouse::dlp {
namespace {

constexpr bool isLetterOrDigit(char c) {
    return isLetter(c) || isDigit(c);
}

constexpr bool isGrouping(char c) {
    return c == ' ' || c == '-' || c == '.' || c == '/';
}

std::string digitsOf(std::string_view text) {
    std::string digits;
    std::copy_if(text.begin(), text.end(), std::back_inserter(digits), isDigit);
    return digits;
}

char drawDigit(Dice& dice) {
    return static_cast<char>('0' + static_cast<int>(dice.draw(10)));
}

// `compact` written with the groups of `like`; both have as many letters and digits.
std::string writtenLike(std::string_view like, std::string_view compact) {
    std::string out(like);
    std::size_t next = 0;
    for (char& c : out) {
        if (isLetterOrDigit(c)) {
            c = compact[next++];
        }
    }
    return out;
}

// The x of a template become digits.
std::string filled(std::string_view pattern, Dice& dice) {
    std::string out(pattern);
    for (char& c : out) {
        c = c == 'x' ? drawDigit(dice) : c;
    }
    return out;
}

struct TestCards {
    std::string_view real;
    std::string_view test;
};
// The first digits of the numbers that the payment networks publish for tests.
constexpr std::array kTestCards{TestCards{"34", "378282"}, TestCards{"37", "378282"}, TestCards{"35", "353011"},
                                TestCards{"36", "305693"}, TestCards{"30", "305693"}, TestCards{"38", "305693"},
                                TestCards{"2", "555555"},  TestCards{"5", "555555"},  TestCards{"6", "601111"},
                                TestCards{"", "411111"}};

// ISO 13616 annex: letters count from 10, the first four characters go to the end.
std::size_t mod97(std::string_view iban) {
    std::size_t rest = 0;
    for (std::size_t i = 0; i < iban.size(); ++i) {
        const char c = iban[(i + 4) % iban.size()];
        rest = isDigit(c) ? rest * 10 + static_cast<std::size_t>(c - '0')
                          : rest * 100 + static_cast<std::size_t>(c - 'A' + 10);
        rest %= 97;
    }
    return rest;
}

struct FictionRange {
    std::string_view country; // calling code
    std::string_view number;  // with it
};
// Numbers that regulators keep free for fiction: NANPA (555-01xx), Ofcom, ACMA, Bundesnetzagentur, ARCEP, PTS.
constexpr std::array kFiction{FictionRange{"44", "441632960xxx"}, FictionRange{"61", "6125550xxxx"},
                              FictionRange{"49", "493023125xxx"}, FictionRange{"33", "3363998xxxx"},
                              FictionRange{"46", "468465004xx"}};
constexpr std::array<std::string_view, 24> kAreaCodes{"202", "206", "212", "213", "215", "303", "305", "312",
                                                      "313", "404", "412", "415", "503", "512", "602", "612",
                                                      "617", "702", "713", "801", "803", "808", "901", "916"};

std::string americanNumber(Dice& dice) {
    return std::string(kAreaCodes[dice.draw(kAreaCodes.size())]) + filled("55501xx", dice);
}

} // namespace

Dice::Dice() {
    fillRandom(reinterpret_cast<std::uint8_t*>(&m_state), sizeof m_state);
}

std::size_t Dice::draw(std::size_t count) {
    m_state += 0x9e3779b97f4a7c15ULL;
    std::uint64_t mixed = m_state;
    mixed = (mixed ^ (mixed >> 30)) * 0xbf58476d1ce4e5b9ULL;
    mixed = (mixed ^ (mixed >> 27)) * 0x94d049bb133111ebULL;
    return static_cast<std::size_t>((mixed ^ (mixed >> 31)) % count); // of 2^64: no bias that matters here
}

void scramble(std::string& text, std::size_t from, Dice& dice) {
    for (std::size_t i = from; i < text.size(); ++i) {
        char& c = text[i];
        if (isDigit(c)) {
            c = drawDigit(dice);
        } else if (isLetter(c)) {
            c = static_cast<char>((isUpper(c) ? 'A' : 'a') + static_cast<int>(dice.draw(26)));
        }
    }
}

std::optional<Invented> inventCard(const RealValue& real, Dice& dice) {
    const std::string digits = digitsOf(real.text);
    const bool isNumber =
        std::all_of(real.text.begin(), real.text.end(), [](char c) { return isDigit(c) || isGrouping(c); });
    if (!isNumber || digits.size() < 13 || digits.size() > 19) {
        return std::nullopt;
    }
    const auto* const row = std::find_if(kTestCards.begin(), kTestCards.end(), [&digits](const TestCards& cards) {
        return std::string_view(digits).substr(0, cards.real.size()) == cards.real;
    });
    std::string invented(row->test);
    while (invented.size() + 1 < digits.size()) {
        invented += drawDigit(dice);
    }
    for (char check = '0'; check <= '9'; ++check) {
        if (passesLuhn(invented + check)) {
            invented += check;
            break;
        }
    }
    return Invented{writtenLike(real.text, invented), Spelling::grouped};
}

// The country's own layout; the bank is one of zeros or X, which no country has given out.
std::optional<Invented> inventIban(const RealValue& real, Dice& dice) {
    constexpr std::size_t kBank = 4;
    std::string compact;
    for (const char c : real.text) {
        if (!isLetterOrDigit(c) && !isGrouping(c)) {
            return std::nullopt;
        }
        if (isLetterOrDigit(c)) {
            compact += isLetter(c) ? static_cast<char>(c & ~0x20) : c;
        }
    }
    if (compact.size() < 15 || compact.size() > 34 || !isLetter(compact[0]) || !isLetter(compact[1])) {
        return std::nullopt;
    }
    scramble(compact, 4 + kBank, dice);
    for (std::size_t i = 4; i < 4 + kBank; ++i) {
        compact[i] = isDigit(compact[i]) ? '0' : 'X';
    }
    compact[2] = compact[3] = '0';
    const std::size_t check = 98 - mod97(compact);
    compact[2] = static_cast<char>('0' + check / 10);
    compact[3] = static_cast<char>('0' + check % 10);
    return Invented{writtenLike(real.text, compact), Spelling::grouped};
}

std::optional<Invented> inventPhone(const RealValue& real, Dice& dice) {
    const std::string digits = digitsOf(real.text);
    if (digits.size() < 5 || std::any_of(real.text.begin(), real.text.end(), isLetter)) {
        return std::nullopt;
    }
    const bool isAmerican = digits.size() == 11 && digits[0] == '1';
    if (isAmerican || (digits.size() == 10 && digits[0] > '1' && real.text[0] != '+')) {
        return Invented{writtenLike(real.text, (isAmerican ? "1" : "") + americanNumber(dice)), Spelling::grouped};
    }
    const auto* const row = std::find_if(kFiction.begin(), kFiction.end(), [&digits](const FictionRange& range) {
        return std::string_view(digits).substr(0, 2) == range.country;
    });
    if (real.text[0] != '+' || row == kFiction.end()) {
        const std::string number = americanNumber(dice);
        return Invented{fmt::format("+1 {}-{}-{}", number.substr(0, 3), number.substr(3, 3), number.substr(6)),
                        Spelling::grouped};
    }
    const std::string number = filled(row->number, dice);
    return Invented{number.size() == digits.size() ? writtenLike(real.text, number)
                                                   : fmt::format("+{} {}", number.substr(0, 2), number.substr(2)),
                    Spelling::grouped};
}

// Areas from 900 on were never given out, and with groups below 50 they are no taxpayer's number either (20 CFR
// 422.103, IRM 3.13.40).
std::optional<Invented> inventSsn(const RealValue& real, Dice& dice) {
    if (digitsOf(real.text).size() != 9 ||
        !std::all_of(real.text.begin(), real.text.end(), [](char c) { return isDigit(c) || isGrouping(c); })) {
        return std::nullopt;
    }
    const std::string number =
        fmt::format("{}{:02}{:04}", 900 + dice.draw(100), 1 + dice.draw(49), 1 + dice.draw(9999));
    return Invented{writtenLike(real.text, number), Spelling::grouped};
}

// RFC 5737 and RFC 3849.
std::optional<Invented> inventIp(const RealValue& real, Dice& dice) {
    const std::size_t slash = std::min(real.text.find('/'), real.text.size());
    const std::string_view address = real.text.substr(0, slash);
    const std::string_view rest = real.text.substr(slash);
    if (!std::all_of(rest.begin(), rest.end(), [](char c) { return isDigit(c) || c == '/'; })) {
        return std::nullopt;
    }
    if (std::count(address.begin(), address.end(), '.') == 3 &&
        std::all_of(address.begin(), address.end(), [](char c) { return isDigit(c) || c == '.'; })) {
        constexpr std::array<std::string_view, 3> kNets{"192.0.2", "198.51.100", "203.0.113"};
        return Invented{fmt::format("{}.{}{}", kNets[dice.draw(kNets.size())], 1 + dice.draw(254), rest),
                        Spelling::exact};
    }
    const bool isSix =
        address.find(':') != std::string_view::npos && std::all_of(address.begin(), address.end(), [](char c) {
            return isDigit(c) || c == ':' || ((c | 0x20) >= 'a' && (c | 0x20) <= 'f');
        });
    if (!isSix) {
        return std::nullopt;
    }
    return Invented{fmt::format("2001:db8::{:x}:{:x}{}", 0x1000 + dice.draw(0xe000), 0x1000 + dice.draw(0xe000), rest),
                    Spelling::anyCase};
}

// RFC 9542 §2.1.2: 00-00-5E-00-53-00 to FF are for documentation.
std::optional<Invented> inventMac(const RealValue& real, Dice& dice) {
    const auto isHex = [](char c) { return isDigit(c) || ((c | 0x20) >= 'a' && (c | 0x20) <= 'f'); };
    const auto isPart = [&isHex](char c) { return isHex(c) || c == ':' || c == '-' || c == '.'; };
    if (std::count_if(real.text.begin(), real.text.end(), isHex) != 12 ||
        !std::all_of(real.text.begin(), real.text.end(), isPart)) {
        return std::nullopt;
    }
    const bool isSmall = std::any_of(real.text.begin(), real.text.end(), [](char c) { return c >= 'a' && c <= 'f'; });
    const std::size_t number = dice.draw(256);
    const std::string compact =
        isSmall ? fmt::format("00005e0053{:02x}", number) : fmt::format("00005E0053{:02X}", number);
    return Invented{writtenLike(real.text, compact), Spelling::anyCase};
}

// Identifiers have check digits, dates and assigned ranges inside: draws until their own check holds.
std::optional<Invented> inventIdentifier(const RealValue& real, const Confirms& confirms, Dice& dice) {
    constexpr std::size_t kTries = 40'000;  // two check digits and a date: some 2,500 on average
    constexpr std::ptrdiff_t kLongest = 24; // letters and digits; what is longer has checks that no draw meets: wallets
    const auto count = std::count_if(real.text.begin(), real.text.end(), isLetterOrDigit);
    const auto digits = std::count_if(real.text.begin(), real.text.end(), isDigit);
    const bool isNumber =
        std::all_of(real.text.begin(), real.text.end(), [](char c) { return isLetterOrDigit(c) || isGrouping(c); });
    if (!isNumber || count < 5 || count > kLongest || digits < 3) {
        return std::nullopt;
    }
    const bool isChecked = confirms(real.text);
    const bool keepsLetters = count - digits <= 2; // a country or a series
    std::string invented;
    for (std::size_t i = 0; i < kTries; ++i) {
        invented = real.text;
        std::size_t skip = 0;
        while (keepsLetters && skip < 2 && isLetter(invented[skip])) {
            ++skip;
        }
        scramble(invented, skip, dice);
        if (real.text[0] != '0' && invented[0] == '0') {
            continue;
        }
        if (invented != real.text && (!isChecked || confirms(invented))) {
            return Invented{std::move(invented), Spelling::grouped};
        }
    }
    return std::nullopt;
}

} // namespace gatehouse::dlp
