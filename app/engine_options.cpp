// SPDX-License-Identifier: Apache-2.0
#include "engine_options.h"

namespace gatehouse::app {

dlp::EngineOptions engineOptionsOf(const policy::DetectorSettings& settings) {
    dlp::EngineOptions options;
    options.disabled = settings.disabled;
    options.enabled = settings.enabled;
    options.allowed = settings.allowed;
    options.allowedPatterns = settings.allowedPatterns;
    options.allowedHashes = settings.allowedHashes;
    options.sensitivity = settings.sensitivity;
    for (const auto& list : settings.words) {
        options.words.push_back({list.id, list.findingClass, list.words, list.isCaseSensitive});
    }
    for (const auto& pattern : settings.patterns) {
        options.patterns.push_back({pattern.id, pattern.pattern, pattern.findingClass, pattern.isCaseSensitive,
                                    pattern.context, pattern.needsContext});
    }
    return options;
}

} // namespace gatehouse::app
