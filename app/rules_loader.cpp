// SPDX-License-Identifier: Apache-2.0
#include "rules_loader.h"

#include <algorithm>

namespace gatehouse::app {
namespace {

bool isSame(const dlp::CustomWords& a, const dlp::CustomWords& b) {
    return a.id == b.id && a.findingClass == b.findingClass && a.words == b.words &&
           a.isCaseSensitive == b.isCaseSensitive;
}

bool isSame(const dlp::EngineOptions& a, const dlp::EngineOptions& b) {
    return a.disabled == b.disabled && a.allowed == b.allowed && a.minimum == b.minimum &&
           std::equal(a.words.begin(), a.words.end(), b.words.begin(), b.words.end(),
                      [](const auto& left, const auto& right) { return isSame(left, right); });
}

} // namespace

dlp::EngineOptions engineOptionsOf(const policy::PolicySet& policies) {
    dlp::EngineOptions options;
    options.disabled = policies.primary().detectors().disabled;
    options.allowed = policies.primary().detectors().allowed;
    for (const auto& layer : policies.layers()) {
        for (const auto& list : layer->detectors().words) {
            options.words.push_back({list.id, list.findingClass, list.words, list.isCaseSensitive});
        }
    }
    return options;
}

Result<std::shared_ptr<const governance::Rules>> makeRules(std::shared_ptr<const policy::PolicySet> policies,
                                                           const governance::Rules* previous) {
    const dlp::EngineOptions options = engineOptionsOf(*policies);
    auto rules = std::make_shared<governance::Rules>();
    if (previous != nullptr && previous->engine && isSame(options, engineOptionsOf(*previous->policy))) {
        rules->engine = previous->engine;
    } else {
        GH_TRY(rules->engine, dlp::Engine::compile(options));
    }
    rules->policy = std::move(policies);
    return std::shared_ptr<const governance::Rules>(std::move(rules));
}

} // namespace gatehouse::app
