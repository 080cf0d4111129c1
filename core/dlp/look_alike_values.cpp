// SPDX-License-Identifier: Apache-2.0
#include "dlp/look_alike_values.h"

#include <algorithm>
#include <array>
#include <cstdint>

#include <fmt/format.h>

#include "base/crypto.h"
#include "dlp/look_alike_names.h"
#include "dlp/look_alike_numbers.h"
#include "dlp/validators.h"

namespace gatehouse::dlp {
namespace {

// RFC 2606 §3 reserves the domains.
std::optional<Invented> inventEmail(const RealValue& real, Dice& dice) {
    if (real.text.find('@') == std::string_view::npos || real.text.find_first_of(" <>\"\n") != std::string_view::npos) {
        return std::nullopt;
    }
    constexpr std::array<std::string_view, 3> kDomains{"example.com", "example.org", "example.net"};
    std::string text = fmt::format("{}.{}{}@{}", kInventedFirstNames[dice.draw(kInventedFirstNames.size())],
                                   kInventedSurnames[dice.draw(kInventedSurnames.size())], 10 + dice.draw(90),
                                   kDomains[dice.draw(kDomains.size())]);
    std::transform(text.begin(), text.end(), text.begin(),
                   [](char c) { return isUpper(c) ? static_cast<char>(c | 0x20) : c; });
    return Invented{std::move(text), Spelling::anyCase};
}

bool isNameByte(char c) {
    return isLetter(c) || static_cast<unsigned char>(c) >= 0x80;
}

std::string cased(std::string_view name, std::string_view like) {
    const bool isShouted = like.size() > 1 &&
                           std::none_of(like.begin(), like.end(), [](char c) { return c >= 'a' && c <= 'z'; }) &&
                           isUpper(like[0]);
    const bool isSmall = like[0] >= 'a' && like[0] <= 'z';
    std::string out(name);
    for (std::size_t i = 0; i < out.size(); ++i) {
        if (isShouted) {
            out[i] = isLetter(out[i]) ? static_cast<char>(out[i] & ~0x20) : out[i];
        } else if (i == 0 && isSmall) {
            out[i] = static_cast<char>(out[i] | 0x20);
        }
    }
    return out;
}

// Word by word: initials stay initials, the last word is a surname, the others are given names.
std::optional<Invented> inventPerson(const RealValue& real, Dice& dice) {
    const std::string_view text = real.text;
    std::size_t last = text.size();
    while (last > 0 && !isNameByte(text[last - 1])) {
        --last;
    }
    std::string out;
    for (std::size_t i = 0; i < text.size();) {
        if (!isNameByte(text[i])) {
            if (text[i] != ' ' && text[i] != '.' && text[i] != ',' && text[i] != '-' && text[i] != '\'') {
                return std::nullopt;
            }
            out += text[i++];
            continue;
        }
        std::size_t end = i;
        while (end < text.size() && isNameByte(text[end])) {
            ++end;
        }
        const std::string_view word = text.substr(i, end - i);
        if (word.size() == 1) {
            out += static_cast<char>((isUpper(word[0]) ? 'A' : 'a') + static_cast<int>(dice.draw(26)));
        } else {
            const auto& names = end >= last ? kInventedSurnames : kInventedFirstNames;
            out += cased(names[dice.draw(names.size())], word);
        }
        i = end;
    }
    return Invented{std::move(out), Spelling::name};
}

struct DateField {
    std::string_view digits;
    char separator = '\0'; // behind it
};

std::string padded(std::size_t value, std::size_t width) {
    std::string text = fmt::format("{}", value);
    return text.size() < width ? std::string(width - text.size(), '0') + text : text;
}

// Three numbers: whichever order day and month have, the invented date exists in it.
std::optional<Invented> inventDate(const RealValue& real, Dice& dice) {
    std::array<DateField, 3> fields;
    std::size_t at = 0;
    for (std::size_t i = 0; i < fields.size(); ++i) {
        const std::size_t begin = at;
        while (at < real.text.size() && isDigit(real.text[at])) {
            ++at;
        }
        fields.at(i).digits = real.text.substr(begin, at - begin);
        const bool isLast = i + 1 == fields.size();
        if (fields.at(i).digits.empty() || fields.at(i).digits.size() > 4 || isLast != (at == real.text.size())) {
            return std::nullopt;
        }
        if (!isLast) {
            fields.at(i).separator = real.text[at++];
            if (std::string_view("-./").find(fields.at(i).separator) == std::string_view::npos) {
                return std::nullopt;
            }
        }
    }
    const std::size_t year = fields[0].digits.size() == 4 ? 0 : 2;
    std::string out;
    for (std::size_t i = 0; i < fields.size(); ++i) {
        const DateField& field = fields.at(i);
        if (i == year) {
            out += field.digits.size() == 4 ? padded(1940 + dice.draw(66), 4)
                                            : padded(dice.draw(100), field.digits.size());
        } else {
            out += padded(1 + dice.draw(field.digits.size() == 1 ? 9 : 12), field.digits.size());
        }
        out += field.separator == '\0' ? "" : std::string(1, field.separator);
    }
    return Invented{std::move(out), Spelling::exact};
}

bool isTokenChar(char c) {
    return isWord(c) || std::string_view("-.~+/=:@!#$%^&*").find(c) != std::string_view::npos;
}

// What a token begins with by its maker's convention: "sk_live_", "ghp_", "glpat-", "AKIA".
std::size_t headOf(const RealValue& real) {
    constexpr std::size_t kLongest = 12;
    const std::string_view value = real.text;
    if (real.findingClass != FindingClass::secret) {
        return 0;
    }
    std::size_t head = 0;
    for (std::size_t i = 1; i < std::min(kLongest, value.size()) && isWord(value[i - 1]); ++i) {
        head = value[i] == '_' || value[i] == '-' ? i + 1 : head;
    }
    const auto capitals =
        static_cast<std::size_t>(std::find_if_not(value.begin(), value.end(), isUpper) - value.begin());
    return head == 0 && capitals >= 4 ? 4 : head;
}

// Letter for letter and digit for digit; a token's own check value is not made again, so that nothing takes it for
// real.
std::optional<Invented> inventSecret(const RealValue& real, Dice& dice) {
    constexpr std::size_t kShortest = 8;
    constexpr std::size_t kLongest = 256;
    const auto isFree = [](char c) { return isLetter(c) || isDigit(c); };
    const std::size_t head = headOf(real);
    const auto open = std::count_if(real.text.begin() + static_cast<std::ptrdiff_t>(head), real.text.end(), isFree);
    if (open < static_cast<std::ptrdiff_t>(kShortest) || real.text.size() > kLongest ||
        real.text.find("://") != std::string_view::npos ||
        !std::all_of(real.text.begin(), real.text.end(), isTokenChar)) {
        return std::nullopt;
    }
    std::string out(real.text);
    scramble(out, head, dice);
    return Invented{std::move(out), Spelling::exact};
}

using Maker = std::optional<Invented> (*)(const RealValue&, Dice&);
struct Kind {
    std::string_view label;
    Maker make;
};
constexpr std::array kKinds{
    Kind{"CARD", inventCard}, Kind{"IBAN", inventIban}, Kind{"PHONE", inventPhone},   Kind{"EMAIL", inventEmail},
    Kind{"IP", inventIp},     Kind{"MAC", inventMac},   Kind{"PERSON", inventPerson}, Kind{"BIRTHDATE", inventDate},
};

} // namespace

std::optional<Invented> inventValue(const RealValue& real, const Confirms& confirms) {
    constexpr std::size_t kLongest = 256;
    if (real.text.empty() || real.text.size() > kLongest) {
        return std::nullopt;
    }
    Dice dice;
    if (real.detector == "pii.us.ssn") {
        return inventSsn(real, dice);
    }
    const auto* const kind =
        std::find_if(kKinds.begin(), kKinds.end(), [&real](const Kind& known) { return known.label == real.label; });
    if (kind != kKinds.end()) {
        return kind->make(real, dice);
    }
    switch (real.findingClass) {
    case FindingClass::pii:
    case FindingClass::pci:
    case FindingClass::phi:
    case FindingClass::financial:
        return inventIdentifier(real, confirms, dice);
    case FindingClass::secret:
    case FindingClass::credential:
        return inventSecret(real, dice);
    case FindingClass::sourceCode:
    case FindingClass::legal:
    case FindingClass::confidential:
    case FindingClass::injection:
    case FindingClass::exfiltration:
    case FindingClass::harmful:
    case FindingClass::unreadable:
    case FindingClass::custom:
        break;
    }
    return std::nullopt;
}

} // namespace gatehouse::dlp
