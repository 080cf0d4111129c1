// SPDX-License-Identifier: Apache-2.0
// Any bytes: what the strict pass accepts, the library's own parser accepts too and reads alike; splicing every string
// back by itself changes nothing that the DOM sees.
#include <cstdint>
#include <cstdlib>
#include <string_view>

#include "base/json.h"
#include "base/json_tree.h"

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
    const auto expected = nlohmann::ordered_json::parse(document, nullptr, false);
    if (!dom) { // a number outside the range of a double
        if (!expected.is_discarded()) {
            std::abort();
        }
        return 0;
    }
    const auto reading = readJson(document);
    if (!reading || reading->strings.size() != strings->size() || reading->tree.dump() != expected.dump()) {
        std::abort();
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
