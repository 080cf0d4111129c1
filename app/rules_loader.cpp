// SPDX-License-Identifier: Apache-2.0
#include "rules_loader.h"

#include "engine_options.h"

namespace gatehouse::app {

Result<std::shared_ptr<const governance::Rules>> makeRules(std::shared_ptr<const policy::PolicySet> policies,
                                                           const governance::Rules* previous,
                                                           const std::vector<std::string>& folders) {
    auto rules = std::make_shared<governance::Rules>();
    if (previous != nullptr && previous->engine && policies->detectors() == previous->policy->detectors()) {
        rules->engine = previous->engine;
    } else {
        GH_TRY(const dlp::EngineOptions options, engineOptionsOf(policies->detectors(), folders));
        GH_TRY(rules->engine, dlp::Engine::compile(options));
    }
    rules->policy = std::move(policies);
    return std::shared_ptr<const governance::Rules>(std::move(rules));
}

} // namespace gatehouse::app
