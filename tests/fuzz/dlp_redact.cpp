// SPDX-License-Identifier: Apache-2.0
// Any bytes: what redact makes of them, with placeholders or with look-alikes, restore gives back exactly, in one piece
// and cut anywhere. Only what stands in a URL stays as it is.
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
    const bool isLookAlike = size % 2 == 1;
    dlp::MemoryVault vault;
    std::vector<std::string> labels;
    for (const Finding& finding : *findings) {
        labels.push_back(engine->detector(finding.detector).placeholder);
    }
    const std::vector<RedactStyle> styles(findings->size(),
                                          isLookAlike ? RedactStyle::lookAlike : RedactStyle::placeholder);
    auto known = *dlp::LookAlikes::load("c", vault);
    const auto redacted = dlp::redact(text, *findings, labels, "c", vault, styles, &known, engine.get());
    if (!redacted) {
        std::abort();
    }
    const auto whole = dlp::restore(*redacted, "c", vault);
    const std::size_t split = size == 0 ? 0 : data[0] % (redacted->size() + 1);
    const auto shared = std::make_shared<const dlp::LookAlikes>(*dlp::LookAlikes::load("c", vault));
    const auto stream = dlp::StreamRestorer::create("c", vault, dlp::RestoreContext::text, shared);
    std::string pieces = *stream->push(std::string_view(*redacted).substr(0, split));
    pieces += *stream->push(std::string_view(*redacted).substr(split));
    pieces += *stream->finish();
    if (!whole || pieces != *whole) {
        std::abort();
    }
    const bool hasUrl = text.find("://") != std::string_view::npos || text.find("](") != std::string_view::npos;
    if (!hasUrl && *whole != text) {
        std::abort();
    }
    return 0;
}
