// SPDX-License-Identifier: Apache-2.0
#include "dialects/base64.h"

#include <algorithm>

namespace gatehouse::dialects {

bool isBase64(std::string_view text) {
    constexpr std::size_t kShortest = 64;
    if (text.size() < kShortest) {
        return false;
    }
    for (int i = 0; i < 2 && text.ends_with('='); ++i) {
        text.remove_suffix(1);
    }
    return std::all_of(text.begin(), text.end(), [](char c) {
        return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '+' || c == '/' ||
               c == '-' || c == '_';
    });
}

} // namespace gatehouse::dialects
