// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include <nlohmann/json.hpp>

#include "base/result.h"

// Strict JSON (RFC 8259) for bytes from outside. A linear pre-pass refuses what parsers disagree about (duplicate keys,
// invalid UTF-8, lone surrogates, a second document, NUL) and what exhausts memory or stacks, before any DOM is built.
// What it indexed is what is sent: documents are changed by splicing string tokens, all other bytes stay as they came.
namespace gatehouse {

using Json = nlohmann::json;

struct JsonLimits {
    std::size_t maxBytes = 8UL * 1024UL * 1024UL;
    std::size_t maxDepth = 64;                     // levels of arrays and objects
    std::size_t maxNodes = 200'000;                // values and keys
    std::size_t maxString = 4UL * 1024UL * 1024UL; // decoded bytes of one string
};

// One string token, key or value, in document order.
struct JsonString {
    std::string pointer; // RFC 6901 pointer of the value; for a key: of the member that it names
    bool isKey = false;
    std::size_t begin = 0; // byte range of the token in the document, quotes included
    std::size_t end = 0;
    std::string text; // decoded UTF-8
};

// One number of as many digits as an identifier has, or more.
struct JsonNumber {
    static constexpr std::size_t kMinDigits = 7;
    std::string pointer;   // RFC 6901
    std::size_t begin = 0; // byte range of the token in the document
    std::size_t end = 0;
};

struct JsonReplacement {
    std::size_t begin = 0; // a token's range, as in JsonString
    std::size_t end = 0;
    std::string text; // the new decoded text; spliced in as a quoted JSON string
};

// Where a document is wrong, for messages to its author. Lines and columns count from 1, columns in bytes.
struct JsonFault {
    std::size_t offset = 0;
    std::size_t line = 1;
    std::size_t column = 1;
};

// Checks the whole document. invalidInput or limit otherwise; `what` names the fault and its offset, never the text.
[[nodiscard]] Result<> checkJson(std::string_view document, const JsonLimits& limits = {}, JsonFault* fault = nullptr);

// Checks, and returns every string token in document order; appends the long numbers to `numbers` where that is given.
[[nodiscard]] Result<std::vector<JsonString>> indexJson(std::string_view document, const JsonLimits& limits = {},
                                                        JsonFault* fault = nullptr,
                                                        std::vector<JsonNumber>* numbers = nullptr);

// Checks, then builds the DOM. Safe to copy and dump on a 256 KiB stack, because depth is capped at 64 by default.
[[nodiscard]] Result<Json> parseJson(std::string_view document, const JsonLimits& limits = {},
                                     JsonFault* fault = nullptr);

// The text as a JSON string token with its quotes; escapes only what must be (", \, controls) plus U+2028/2029.
std::string quoteJson(std::string_view text);

// Replaces tokens; `replacements` must be ordered and must not overlap. All other bytes are copied unchanged.
std::string spliceJson(std::string_view document, std::span<const JsonReplacement> replacements);

// Compact serialisation that cannot throw: invalid UTF-8 becomes U+FFFD.
std::string dumpJson(const Json& value);

} // namespace gatehouse
