// SPDX-License-Identifier: Apache-2.0
#include <algorithm>

#include "pipeline/stages.h"

namespace gatehouse::pipeline {

Task<Step> select(Request& request) {
    request.selected.reset();
    if (!request.candidates.empty() && request.candidates.front().target.isPreview) {
        request.selected = 0;
        co_return proceed();
    }
    std::vector<providers::Target> targets;
    for (const Candidate& candidate : request.candidates) {
        targets.push_back(candidate.target);
    }
    const auto target = request.parts().router.select(targets);
    const auto found = target ? std::find(targets.begin(), targets.end(), *target) : targets.end();
    if (found == targets.end()) {
        co_return refuse(RefusalReason::upstreamFailed,
                         "The provider of this model failed several times and rests for a moment. Try again soon.");
    }
    request.selected = static_cast<std::size_t>(found - targets.begin());
    co_return proceed();
}

} // namespace gatehouse::pipeline
