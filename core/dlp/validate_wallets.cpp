// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <array>
#include <cstdint>
#include <string>

#include "base/crypto.h"
#include "dlp/ids/keccak.h"
#include "dlp/validators.h"

// Addresses of crypto currencies.
namespace gatehouse::dlp {
namespace {

constexpr std::string_view kBase58 = "123456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz";
constexpr std::string_view kBech32 = "qpzry9x8gf2tvdw0s3jn54khce6mua7l";
using Address = std::array<std::uint8_t, 25>;

bool isBounded(std::string_view text, Span hit) {
    return !isWord(before(text, hit.begin)) && !isWord(at(text, hit.end));
}

// 25 bytes out of base 58, false when they do not fit.
bool decodeBase58(std::string_view value, Address& address) {
    address.fill(0);
    for (const char c : value) {
        const std::size_t digit = kBase58.find(c);
        if (digit == std::string_view::npos) {
            return false;
        }
        auto carry = static_cast<unsigned>(digit);
        for (std::size_t i = address.size(); i-- > 0;) {
            carry += address[i] * 58U;
            address[i] = static_cast<std::uint8_t>(carry & 0xFFU);
            carry >>= 8U;
        }
        if (carry != 0) {
            return false;
        }
    }
    return true;
}

std::uint32_t bech32Step(std::uint32_t value, std::uint32_t digit) {
    constexpr std::array<std::uint32_t, 5> kGenerator{0x3b6a57b2, 0x26508e6d, 0x1ea119fa, 0x3d4233dd, 0x2a1462b3};
    const std::uint32_t top = value >> 25U;
    value = ((value & 0x1ffffffU) << 5U) ^ digit;
    for (std::size_t i = 0; i < kGenerator.size(); ++i) {
        value ^= ((top >> i) & 1U) != 0 ? kGenerator[i] : 0U;
    }
    return value;
}

} // namespace

// Base58Check: version, 20 bytes, four bytes of a double SHA-256. Bitcoin (1, 3), Litecoin (L, M), Dogecoin (D), Tron
// (T).
void validateBase58Address(std::string_view text, Span hit, std::vector<Candidate>& out) {
    Address address;
    if (!isBounded(text, hit) || !decodeBase58(text.substr(hit.begin, hit.end - hit.begin), address)) {
        return;
    }
    const Sha256Digest once = sha256({address.data(), 21});
    const Sha256Digest twice = sha256({once.data(), once.size()});
    if (std::equal(twice.begin(), twice.begin() + 4, address.begin() + 21)) {
        out.push_back({hit, 4.0, true, "its checksum agrees"});
    }
}

// BIP 173 and BIP 350: the polynomial over prefix and data leaves 1 (bech32) or 0x2bc830a3 (bech32m).
void validateBech32Address(std::string_view text, Span hit, std::vector<Candidate>& out) {
    const std::string_view value = text.substr(hit.begin, hit.end - hit.begin);
    const std::size_t separator = value.find('1');
    if (!isBounded(text, hit) || separator == std::string_view::npos) {
        return;
    }
    std::uint32_t sum = 1;
    const auto lower = [](char c) { return isUpper(c) ? static_cast<char>(c | 0x20) : c; };
    for (std::size_t i = 0; i < separator; ++i) {
        sum = bech32Step(sum, static_cast<std::uint32_t>(lower(value[i])) >> 5U);
    }
    sum = bech32Step(sum, 0);
    for (std::size_t i = 0; i < separator; ++i) {
        sum = bech32Step(sum, static_cast<std::uint32_t>(lower(value[i])) & 31U);
    }
    for (std::size_t i = separator + 1; i < value.size(); ++i) {
        const std::size_t digit = kBech32.find(lower(value[i]));
        if (digit == std::string_view::npos) {
            return;
        }
        sum = bech32Step(sum, static_cast<std::uint32_t>(digit));
    }
    if (sum == 1 || sum == 0x2bc830a3) {
        out.push_back({hit, 4.0, true, "its checksum agrees"});
    }
}

// ERC-55: capitals where the hash of the lower-case digits is high. Without capitals nothing can be checked.
void validateEthereumAddress(std::string_view text, Span hit, std::vector<Candidate>& out) {
    const std::string_view digits = text.substr(hit.begin + 2, hit.end - hit.begin - 2);
    if (!isBounded(text, hit) || digits.size() != 40 || digits.find_first_not_of(digits[0]) == std::string_view::npos) {
        return;
    }
    std::string lower(digits);
    std::transform(lower.begin(), lower.end(), lower.begin(),
                   [](char c) { return isUpper(c) ? static_cast<char>(c | 0x20) : c; });
    const bool hasUpper = lower != digits;
    const bool hasLower = std::any_of(digits.begin(), digits.end(), [](char c) { return c >= 'a' && c <= 'f'; });
    if (!hasUpper || !hasLower) {
        out.push_back({hit, 0, false, "forty hexadecimal digits"});
        return;
    }
    const auto hash = ids::keccak256(lower);
    for (std::size_t i = 0; i < 40; ++i) {
        const unsigned nibble = i % 2 == 0 ? hash[i / 2] >> 4U : hash[i / 2] & 15U;
        if (!isDigit(digits[i]) && isUpper(digits[i]) != (nibble >= 8)) {
            return;
        }
    }
    out.push_back({hit, 4.0, true, "its capitals agree"});
}

} // namespace gatehouse::dlp
