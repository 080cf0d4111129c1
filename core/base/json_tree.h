// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string_view>
#include <vector>

#include "base/json.h"

namespace gatehouse {

// A document read once: every string and long number with its place, and the tree with its members in order.
struct JsonReading {
    std::vector<JsonString> strings;
    std::vector<JsonNumber> numbers;
    nlohmann::ordered_json tree;
};

// Checks, indexes and builds the tree in one pass. Errors as those of checkJson; invalidInput, too, for a number
// outside the range of a double.
[[nodiscard]] Result<JsonReading> readJson(std::string_view document, const JsonLimits& limits = {});

// The same without the index.
[[nodiscard]] Result<nlohmann::ordered_json> parseOrderedJson(std::string_view document, const JsonLimits& limits = {});

} // namespace gatehouse
