// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/json.h"
#include "dialects/chat.h"

// Reading foreign JSON without surprises: what is missing or of another type is empty.
namespace gatehouse::dialects {

using Segments = std::vector<std::string>;

// Checks (base/json.h), then builds the DOM with its keys in order. invalidInput when it is not an object.
[[nodiscard]] Result<OrderedJson> parseOrdered(std::string_view document);

const OrderedJson& memberOf(const OrderedJson& value, std::string_view name);
const OrderedJson& elementOf(const OrderedJson& value, std::string_view index);
std::uint64_t countAt(const OrderedJson& object, std::string_view name);
std::string textAt(const OrderedJson& object, std::string_view name);
bool flagAt(const OrderedJson& object, std::string_view name);
std::optional<double> numberAt(const OrderedJson& object, std::string_view name);
std::optional<std::uint64_t> wholeNumberAt(const OrderedJson& object, std::string_view name);

// Compact; invalid UTF-8 becomes U+FFFD.
std::string dump(const OrderedJson& value);

// The JSON that a text holds, where it is an object; otherwise {"raw_arguments": text}: broken arguments of a weak
// model are told as they are. An empty text is {}.
OrderedJson argumentsOf(std::string_view text);

// A base64 data URI taken apart: {media type, data}. nullopt for anything else.
struct DataUri {
    std::string mediaType;
    std::string data;
};
std::optional<DataUri> splitDataUri(std::string_view url);

// The media type that base64 bytes of a picture begin with; "image/png" when they tell nothing.
std::string_view imageTypeOf(std::string_view base64);

// A name that may stand in a header: letters, digits, "_", "-", "." of at most 64; others become "(other)".
void addUntranslated(std::vector<std::string>& names, std::string_view name);

} // namespace gatehouse::dialects
