// SPDX-License-Identifier: Apache-2.0
#include "policy/parse.h"

namespace gatehouse::policy {

void parsePrices(Reader& root, Document& document) {
    if (root.find("prices") == nullptr) {
        return;
    }
    document.sections |= 1U << static_cast<unsigned>(Section::prices);
    for (const auto& [value, pointer] : root.array("prices")) {
        Reader reader(*value, pointer, root.faults());
        if (!reader.isObject()) {
            continue; // the reader has said so
        }
        reader.require("models", "say for which models: [\"provider/model\"]");
        reader.require("input", "US dollars for a million tokens");
        reader.require("output", "US dollars for a million tokens");
        ModelPrice price;
        for (Text& model : reader.list("models")) {
            if (model.text.find('/') == std::string::npos) {
                root.faults().add(model.pointer, "must be \"provider/model\"; both may have \"*\" in them");
            }
            price.models.push_back(std::move(model.text));
        }
        price.input = reader.amount("input").value_or(0);
        price.output = reader.amount("output").value_or(0);
        price.cachedInput = reader.amount("cached_input");
        price.cacheWrite = reader.amount("cache_write");
        reader.done();
        document.prices.push_back(std::move(price));
    }
}

} // namespace gatehouse::policy
