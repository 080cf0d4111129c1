// SPDX-License-Identifier: Apache-2.0
#include "base/bytes.h"

#include <array>

namespace gatehouse {
namespace {

constexpr std::string_view kHex = "0123456789abcdef";
constexpr std::string_view kBase64 = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
constexpr std::string_view kBase64Url = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";

int hexValue(char c) {
    if (c >= '0' && c <= '9') {
        return c - '0';
    }
    const char lower = static_cast<char>(c | 0x20);
    return lower >= 'a' && lower <= 'f' ? lower - 'a' + 10 : -1;
}

std::string encode64(ByteView bytes, std::string_view alphabet, bool pad) {
    std::string out;
    out.reserve((bytes.size() + 2) / 3 * 4);
    for (std::size_t i = 0; i < bytes.size(); i += 3) {
        const std::size_t left = std::min<std::size_t>(3, bytes.size() - i);
        const std::uint32_t group = (std::uint32_t{bytes[i]} << 16U) |
                                    (left > 1 ? std::uint32_t{bytes[i + 1]} << 8U : 0U) |
                                    (left > 2 ? std::uint32_t{bytes[i + 2]} : 0U);
        out += alphabet[(group >> 18U) & 63U];
        out += alphabet[(group >> 12U) & 63U];
        if (left > 1) {
            out += alphabet[(group >> 6U) & 63U];
        }
        if (left > 2) {
            out += alphabet[group & 63U];
        }
        if (pad) {
            out.append(3 - left, '=');
        }
    }
    return out;
}

Result<Bytes> decode64(std::string_view text, std::string_view alphabet) {
    if (text.size() % 4 == 1) {
        return fail(ErrorKind::invalidInput, "base64: wrong length");
    }
    std::array<std::int8_t, 256> values{};
    values.fill(-1);
    for (std::size_t i = 0; i < alphabet.size(); ++i) {
        values[static_cast<std::uint8_t>(alphabet[i])] = static_cast<std::int8_t>(i);
    }
    Bytes out;
    out.reserve(text.size() * 3 / 4);
    std::uint32_t group = 0;
    unsigned bits = 0;
    for (const char c : text) {
        const std::int8_t value = values[static_cast<std::uint8_t>(c)];
        if (value < 0) {
            return fail(ErrorKind::invalidInput, "base64: character outside the alphabet");
        }
        group = (group << 6U) | static_cast<std::uint32_t>(value);
        bits += 6;
        if (bits >= 8) {
            bits -= 8;
            out.push_back(static_cast<std::uint8_t>((group >> bits) & 0xFFU));
        }
    }
    if ((group & ((1U << bits) - 1U)) != 0) {
        return fail(ErrorKind::invalidInput, "base64: stray bits at the end");
    }
    return out;
}

} // namespace

ByteView bytesOf(std::string_view text) {
    return {reinterpret_cast<const std::uint8_t*>(text.data()), text.size()};
}

std::string_view textOf(ByteView bytes) {
    return {reinterpret_cast<const char*>(bytes.data()), bytes.size()};
}

std::string hexEncode(ByteView bytes) {
    std::string out;
    out.reserve(bytes.size() * 2);
    for (const std::uint8_t byte : bytes) {
        out += kHex[byte >> 4U];
        out += kHex[byte & 15U];
    }
    return out;
}

Result<Bytes> hexDecode(std::string_view text) {
    if (text.size() % 2 != 0) {
        return fail(ErrorKind::invalidInput, "hex: odd length");
    }
    Bytes out;
    out.reserve(text.size() / 2);
    for (std::size_t i = 0; i < text.size(); i += 2) {
        const int high = hexValue(text[i]);
        const int low = hexValue(text[i + 1]);
        if (high < 0 || low < 0) {
            return fail(ErrorKind::invalidInput, "hex: character outside the alphabet");
        }
        out.push_back(static_cast<std::uint8_t>(high * 16 + low));
    }
    return out;
}

std::string base64Encode(ByteView bytes) {
    return encode64(bytes, kBase64, true);
}

Result<Bytes> base64Decode(std::string_view text) {
    if (text.size() % 4 != 0) {
        return fail(ErrorKind::invalidInput, "base64: length is not a multiple of four");
    }
    for (int i = 0; i < 2 && !text.empty() && text.back() == '='; ++i) {
        text.remove_suffix(1);
    }
    return decode64(text, kBase64);
}

std::string base64UrlEncode(ByteView bytes) {
    return encode64(bytes, kBase64Url, false);
}

Result<Bytes> base64UrlDecode(std::string_view text) {
    return decode64(text, kBase64Url);
}

} // namespace gatehouse
