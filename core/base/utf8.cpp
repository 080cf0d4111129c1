// SPDX-License-Identifier: Apache-2.0
#include "base/utf8.h"

#include <cstdint>

namespace gatehouse {
namespace {

constexpr bool isContinuation(std::uint8_t byte) {
    return (byte & 0xC0U) == 0x80U;
}

} // namespace

CodePoint decodeUtf8(std::string_view text, std::size_t position) {
    const auto byteAt = [&](std::size_t i) { return static_cast<std::uint8_t>(text[i]); };
    if (position >= text.size()) {
        return {};
    }
    const std::uint8_t first = byteAt(position);
    if (first < 0x80) {
        return {first, 1};
    }
    const std::size_t size = first >= 0xF0 ? 4 : first >= 0xE0 ? 3 : 2;
    if (first < 0xC2 || first > 0xF4 || text.size() - position < size) {
        return {};
    }
    char32_t value = first & (size == 2 ? 0x1FU : size == 3 ? 0x0FU : 0x07U);
    for (std::size_t i = 1; i < size; ++i) {
        if (!isContinuation(byteAt(position + i))) {
            return {};
        }
        value = (value << 6U) | (byteAt(position + i) & 0x3FU);
    }
    const bool overlong = (size == 3 && value < 0x800) || (size == 4 && value < 0x10000);
    const bool surrogate = value >= 0xD800 && value <= 0xDFFF;
    if (overlong || surrogate || value > 0x10FFFF) {
        return {};
    }
    return {value, size};
}

bool isUtf8(std::string_view text) {
    for (std::size_t i = 0; i < text.size();) {
        if (static_cast<std::uint8_t>(text[i]) < 0x80) {
            ++i;
            continue;
        }
        const CodePoint point = decodeUtf8(text, i);
        if (point.size == 0) {
            return false;
        }
        i += point.size;
    }
    return true;
}

std::size_t utf8Boundary(std::string_view text, std::size_t position) {
    if (position >= text.size()) {
        return text.size();
    }
    while (position > 0 && isContinuation(static_cast<std::uint8_t>(text[position]))) {
        --position;
    }
    return position;
}

void appendUtf8(std::string& out, char32_t point) {
    const auto byte = [&out](char32_t value) { out += static_cast<char>(value); };
    if (point < 0x80) {
        byte(point);
    } else if (point < 0x800) {
        byte(0xC0 | (point >> 6U));
        byte(0x80 | (point & 0x3FU));
    } else if (point < 0x10000) {
        byte(0xE0 | (point >> 12U));
        byte(0x80 | ((point >> 6U) & 0x3FU));
        byte(0x80 | (point & 0x3FU));
    } else {
        byte(0xF0 | (point >> 18U));
        byte(0x80 | ((point >> 12U) & 0x3FU));
        byte(0x80 | ((point >> 6U) & 0x3FU));
        byte(0x80 | (point & 0x3FU));
    }
}

} // namespace gatehouse
