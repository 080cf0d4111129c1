// SPDX-License-Identifier: Apache-2.0
#include <algorithm>

#include "pipeline/stages.h"

namespace gatehouse::pipeline {

namespace {

// What was found in the asked model's name must not show in records and headers, which name the model.
void withholdModelName(Request& request) {
    for (const Finding& finding : request.findings) {
        if (request.interaction.parts.at(finding.part).pointer == "/model" ||
            (request.parsed.rpc && request.interaction.parts.at(finding.part).isImmutable)) {
            for (Candidate& candidate : request.candidates) {
                candidate.destination.model = "(withheld)";
            }
            return;
        }
    }
}

} // namespace

Task<Step> inspect(Request& request) {
    const bool isLocal =
        std::all_of(request.candidates.begin(), request.candidates.end(),
                    [](const Candidate& candidate) { return candidate.destination.trust == Trust::local; });
    const auto reach = isLocal ? governance::Reach::thisMachine : governance::Reach::elsewhere;
    GH_CO_TRY(request.findings, co_await request.parts().governor.inspect(request.rules, request.interaction, reach));
    withholdModelName(request);
    co_return proceed();
}

} // namespace gatehouse::pipeline
