// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <string_view>

namespace gatehouse {

// The text with `instead` for every control character: what clients sent must neither drive a terminal nor begin a line
// of its own.
inline std::string printable(std::string_view text, char instead = '?') {
    std::string out(text);
    for (char& c : out) {
        if (static_cast<unsigned char>(c) < 0x20 || c == 0x7F) {
            c = instead;
        }
    }
    return out;
}

} // namespace gatehouse
