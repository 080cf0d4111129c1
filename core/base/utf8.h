// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

namespace gatehouse {

// UTF-8 as RFC 3629 defines it: no overlong forms, no surrogates, nothing above U+10FFFF.
bool isUtf8(std::string_view text);

// One decoded code point and the number of bytes that it took; size 0 means that the bytes there are not UTF-8.
struct CodePoint {
    char32_t value = 0;
    std::size_t size = 0;
};
CodePoint decodeUtf8(std::string_view text, std::size_t position);

// Appends the code point, which is none of the surrogates.
void appendUtf8(std::string& out, char32_t point);

// The largest position ≤ `position` that does not lie inside a code point.
std::size_t utf8Boundary(std::string_view text, std::size_t position);

} // namespace gatehouse
