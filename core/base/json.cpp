// SPDX-License-Identifier: Apache-2.0
#include "base/json.h"

#include <algorithm>
#include <cstddef>

#include <fmt/format.h>

#include "base/json_sinks.h"

namespace gatehouse {
namespace {

constexpr std::size_t kUsualStrings = 32; // of a request or an answer

void locate(std::string_view document, std::size_t offset, JsonFault& fault) {
    fault.offset = std::min(offset, document.size());
    const std::string_view before = document.substr(0, fault.offset);
    fault.line = 1 + static_cast<std::size_t>(std::count(before.begin(), before.end(), '\n'));
    const std::size_t newline = before.rfind('\n');
    fault.column = fault.offset - (newline == std::string_view::npos ? 0 : newline + 1) + 1;
}

// Where the document is wrong stands in `fault`, if that is given.
template <typename Sink>
Result<> scan(std::string_view document, const JsonLimits& limits, Sink& sink, JsonFault* fault) {
    JsonScanner<Sink> scanner(document, limits, sink);
    Result<> result = scanner.run();
    if (!result && fault != nullptr) {
        locate(document, scanner.position(), *fault);
    }
    return result;
}

} // namespace

Result<> checkJson(std::string_view document, const JsonLimits& limits, JsonFault* fault) {
    JsonCheck check;
    return scan(document, limits, check, fault);
}

Result<std::vector<JsonString>> indexJson(std::string_view document, const JsonLimits& limits, JsonFault* fault,
                                          std::vector<JsonNumber>* numbers) {
    std::vector<JsonString> strings;
    strings.reserve(kUsualStrings);
    JsonIndex index(strings, numbers);
    GH_CHECK(scan(document, limits, index, fault));
    return strings;
}

Result<Json> parseJson(std::string_view document, const JsonLimits& limits, JsonFault* fault) {
    JsonTree<Json> tree;
    GH_CHECK(scan(document, limits, tree, fault));
    return tree.take();
}

Result<nlohmann::ordered_json> parseOrderedJson(std::string_view document, const JsonLimits& limits) {
    JsonTree<nlohmann::ordered_json> tree;
    GH_CHECK(scan(document, limits, tree, nullptr));
    return tree.take();
}

Result<JsonReading> readJson(std::string_view document, const JsonLimits& limits) {
    JsonReading reading;
    reading.strings.reserve(kUsualStrings);
    JsonIndexedTree both(reading.strings, reading.numbers);
    GH_CHECK(scan(document, limits, both, nullptr));
    reading.tree = both.take();
    return reading;
}

std::string quoteJson(std::string_view text) {
    std::string out = "\"";
    out.reserve(text.size() + 2);
    for (std::size_t i = 0; i < text.size(); ++i) {
        const auto byte = static_cast<unsigned char>(text[i]);
        if (byte == '"' || byte == '\\') {
            out += '\\';
            out += text[i];
        } else if (byte == '\n') {
            out += "\\n";
        } else if (byte == '\r') {
            out += "\\r";
        } else if (byte == '\t') {
            out += "\\t";
        } else if (byte < 0x20) {
            out += fmt::format("\\u{:04x}", byte);
        } else if (text.substr(i, 3) == "\xE2\x80\xA8" || text.substr(i, 3) == "\xE2\x80\xA9") {
            out += text[i + 2] == '\xA8' ? "\\u2028" : "\\u2029";
            i += 2;
        } else {
            out += text[i];
        }
    }
    out += '"';
    return out;
}

std::string spliceJson(std::string_view document, std::span<const JsonReplacement> replacements) {
    std::string out;
    out.reserve(document.size());
    std::size_t at = 0;
    for (const JsonReplacement& replacement : replacements) {
        out.append(document, at, replacement.begin - at);
        out += quoteJson(replacement.text);
        at = replacement.end;
    }
    out.append(document, at);
    return out;
}

std::string dumpJson(const Json& value) {
    return value.dump(-1, ' ', false, Json::error_handler_t::replace);
}

} // namespace gatehouse
