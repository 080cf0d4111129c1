// SPDX-License-Identifier: Apache-2.0
// Any bytes: scanning ends, findings are ordered and inside the text, and a stream cut anywhere gives the same text
// back.
#include <cstdint>
#include <cstdlib>
#include <string_view>

#include "dlp/engine.h"

using namespace gatehouse;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    static const auto engine = *dlp::Engine::compile({});
    static const auto scratch = engine->makeScratch();
    const std::string_view text(reinterpret_cast<const char*>(data), size);
    if (const auto findings = engine->scan(text, *scratch)) {
        std::size_t end = 0;
        for (const Finding& finding : *findings) {
            if (finding.begin < end || finding.end > text.size() || finding.begin >= finding.end) {
                std::abort();
            }
            end = finding.end;
        }
    }
    const std::size_t split = size == 0 ? 0 : data[0] % (size + 1);
    const auto scanner = dlp::StreamScanner::create(engine);
    std::string out;
    for (const std::string_view chunk : {text.substr(0, split), text.substr(split)}) {
        const auto step = scanner->push(chunk);
        if (!step) {
            return 0; // too many candidates
        }
        out += step->text;
    }
    if (const auto last = scanner->finish(); last && out + last->text != text) {
        std::abort();
    }
    return 0;
}
