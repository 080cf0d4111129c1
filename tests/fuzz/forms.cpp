// SPDX-License-Identifier: Apache-2.0
// Any bytes as a form: what is read comes out again with the same fields, whatever its boundary, and every byte of it
// is in a part or in a head that is known.
#include <algorithm>
#include <cstdint>
#include <string>
#include <string_view>

#include "chosen_dialect.h"
#include "dialects/multipart.h"

using namespace gatehouse;
using namespace gatehouse::dialects;

namespace {

bool isSame(const Part& a, const Part& b) {
    return a.kind == b.kind && a.pointer == b.pointer && a.text == b.text;
}

void readAs(const Dialect& dialect, std::string_view body) {
    Asked asked;
    asked.boundary = "b";
    const auto request = dialect.parse(body, {}, asked);
    if (!request) {
        return;
    }
    const std::vector<std::optional<std::string>> nothing(request->parts.size());
    const auto composed = dialect.compose(body, *request, nothing, request->model);
    if (!composed) {
        return; // no boundary was free
    }
    const auto boundary = formBoundary(formMediaType(*composed));
    fuzz::require(boundary.has_value());
    asked.boundary = *boundary;
    const auto again = dialect.parse(*composed, {}, asked);
    fuzz::require(again.has_value() && again->parts.size() == request->parts.size());
    fuzz::require(std::equal(request->parts.begin(), request->parts.end(), again->parts.begin(), isSame));
}

} // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    const std::string_view bytes(reinterpret_cast<const char*>(data), size);
    const auto boundary = formBoundary(bytes.substr(0, 120));
    fuzz::require(!boundary || boundary->size() <= 70);
    readAs(openAiImageEdits(), bytes);
    readAs(openAiTranscriptions(), bytes);
    for (const bool isWhole : {true, false}) {
        const auto event = openAiTranscriptions().read(bytes, isWhole);
        fuzz::require(!event || checkJson(event->document).has_value());
    }
    return 0;
}
