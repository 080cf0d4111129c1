// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace gatehouse::dlp {

// A placeholder as a model may have mangled it, recognised at one place of a text.
struct FoundPlaceholder {
    std::size_t begin = 0; // with what is left of its brackets, quotes excluded
    std::size_t end = 0;
    std::string label; // upper case
    std::uint32_t number = 0;
};

// Reads a placeholder that begins exactly at `position` (at its brackets, or at its label when they were lost). The
// check characters must agree. nullopt otherwise.
std::optional<FoundPlaceholder> readPlaceholder(std::string_view text, std::size_t position);

// True for the characters that a placeholder can begin with.
bool mayBeginPlaceholder(char c);

// True when more text could turn what stands from `position` to the end into a placeholder.
bool mayBecomePlaceholder(std::string_view text, std::size_t position);

// The longest text that readPlaceholder takes.
inline constexpr std::size_t kMaxPlaceholder = 64;

// The two check characters of a label and number (Crockford base32 alphabet).
std::string placeholderCheck(std::string_view label, std::uint32_t number);

} // namespace gatehouse::dlp
