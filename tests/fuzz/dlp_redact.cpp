// SPDX-License-Identifier: Apache-2.0
// Any bytes: what redact makes of them, restore gives back exactly, in one piece and cut anywhere.
#include <cstdint>
#include <cstdlib>
#include <string>
#include <string_view>

#include "dlp/engine.h"
#include "dlp/file_vault.h"
#include "dlp/redact.h"

using namespace gatehouse;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    static const auto engine = *dlp::Engine::compile({});
    static const auto scratch = engine->makeScratch();
    const std::string_view text(reinterpret_cast<const char*>(data), size);
    const auto findings = engine->scan(text, *scratch);
    if (!findings) {
        return 0;
    }
    dlp::MemoryVault vault;
    std::vector<std::string> labels;
    for (const Finding& finding : *findings) {
        labels.push_back(engine->detector(finding.detector).placeholder);
    }
    const auto redacted = dlp::redact(text, *findings, labels, "c", vault);
    if (!redacted) {
        std::abort();
    }
    const auto whole = dlp::restore(*redacted, "c", vault);
    const std::size_t split = size == 0 ? 0 : data[0] % (redacted->size() + 1);
    const auto stream = dlp::StreamRestorer::create("c", vault, dlp::RestoreContext::text);
    std::string pieces = *stream->push(std::string_view(*redacted).substr(0, split));
    pieces += *stream->push(std::string_view(*redacted).substr(split));
    pieces += *stream->finish();
    if (!whole || pieces != *whole) {
        std::abort();
    }
    return 0;
}
