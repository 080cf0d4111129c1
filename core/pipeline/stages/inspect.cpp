// SPDX-License-Identifier: Apache-2.0
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
    GH_CO_TRY(request.findings, co_await request.parts().governor.inspect(request.rules, request.interaction));
    withholdModelName(request);
    co_return proceed();
}

} // namespace gatehouse::pipeline
