// SPDX-License-Identifier: Apache-2.0
#include "bridge/utf16.h"

#include <algorithm>

#include "base/utf8.h"

namespace gatehouse::bridge {

namespace {

bool isContinuation(char byte) {
    return (static_cast<unsigned char>(byte) & 0xC0U) == 0x80U;
}

} // namespace

std::size_t utf16Length(std::string_view text) {
    std::size_t units = 0;
    for (const char byte : text) {
        const auto value = static_cast<unsigned char>(byte);
        units += isContinuation(byte) ? 0U : value >= 0xF0U ? 2U : 1U;
    }
    return units;
}

std::vector<ipc::Span> spansBetween(std::string_view original, std::string_view changed) {
    if (original == changed) {
        return {};
    }
    const auto difference = std::ranges::mismatch(original, changed);
    // Before the difference both are the same bytes, so a boundary of one is a boundary of the other.
    const auto same = static_cast<std::size_t>(difference.in1 - original.begin());
    const std::size_t begin = utf8Boundary(same < original.size() ? original : changed, same);
    std::size_t tail = 0;
    while (tail < std::min(original.size(), changed.size()) - begin &&
           original[original.size() - 1 - tail] == changed[changed.size() - 1 - tail]) {
        ++tail;
    }
    // The common tail must start with a whole code point.
    while (tail > 0 && isContinuation(original[original.size() - tail])) {
        --tail;
    }
    const std::string_view removed = original.substr(begin, original.size() - tail - begin);
    const std::size_t first = utf16Length(original.substr(0, begin));
    return {{first, first + utf16Length(removed), std::string(changed.substr(begin, changed.size() - tail - begin))}};
}

} // namespace gatehouse::bridge
