// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <unordered_map>

namespace gatehouse::policy {

struct Place {
    std::size_t key = 0;   // offset of the member's name; for array elements and the root that of the value
    std::size_t value = 0; // offset of the value's first byte
};

// Where each value of a document stands, by JSON pointer (RFC 6901). The document must have passed checkJson(): the
// walk relies on its form and on its cap on depth.
std::unordered_map<std::string, Place> placesOf(std::string_view document);

// A pointer's next token: "~" and "/" escaped.
std::string pointerTo(std::string_view parent, std::string_view token);

} // namespace gatehouse::policy
