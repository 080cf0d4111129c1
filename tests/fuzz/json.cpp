// SPDX-License-Identifier: Apache-2.0
// Any bytes: what the strict pre-pass accepts, the DOM accepts too and reads alike; splicing every string back by
// itself changes nothing that the DOM sees.
#include <cstdint>
#include <cstdlib>
#include <string_view>

#include "base/json.h"

using namespace gatehouse;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    const std::string_view document(reinterpret_cast<const char*>(data), size);
    const auto strings = indexJson(document);
    const auto dom = parseJson(document);
    if (!strings) {
        if (dom) {
            std::abort();
        }
        return 0;
    }
    if (!dom) {
        return 0; // a number outside the range of a double
    }
    std::vector<JsonReplacement> same;
    for (const JsonString& token : *strings) {
        same.push_back({token.begin, token.end, token.text});
        if (!token.isKey && dom->at(Json::json_pointer(token.pointer)) != token.text) {
            std::abort();
        }
    }
    if (Json::parse(spliceJson(document, same), nullptr, false) != *dom) {
        std::abort();
    }
    return 0;
}
