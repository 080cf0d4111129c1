// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

namespace gatehouse::dialects {

// A change of raw bytes in a JSON document that indexJson() accepted.
struct JsonEdit {
    std::size_t begin = 0;
    std::size_t end = 0; // begin == end inserts
    std::string bytes;   // JSON as it is to stand there
};

struct JsonRange {
    std::size_t begin = 0;
    std::size_t end = 0;
};

// Where the value begins whose key ends at `keyEnd`: without looking for its end, which may be far away.
std::size_t memberBegin(std::string_view document, std::size_t keyEnd);

// The byte range of the value of a member whose key token ends at `keyEnd`. The document must be valid JSON.
JsonRange memberValue(std::string_view document, std::size_t keyEnd);

// The byte range of the next element of an array, from behind its bracket or behind the element before; empty at its
// end.
JsonRange elementValue(std::string_view document, std::size_t at);

// Applies edits, which must not overlap; sorts them first. All other bytes stay as they are.
std::string applyEdits(std::string_view document, std::vector<JsonEdit> edits);

} // namespace gatehouse::dialects
