// SPDX-License-Identifier: Apache-2.0
#include <map>

#include "pipeline/stages.h"

namespace gatehouse::pipeline {
namespace {

// Which findings are redacted: candidates that agree on it share their texts.
std::vector<bool> redactions(const policy::Decision& decision) {
    std::vector<bool> mask;
    mask.reserve(decision.findings.size());
    for (const policy::FindingDecision& each : decision.findings) {
        mask.push_back(each.action == Action::redact);
    }
    return mask;
}

} // namespace

Task<Step> transform(Request& request) {
    std::map<std::vector<bool>, std::shared_ptr<const governance::Transformed>> known;
    std::vector<Candidate> changed;
    for (Candidate& candidate : request.candidates) {
        auto& texts = known[redactions(candidate.decision)];
        if (texts == nullptr) {
            auto made = request.parts().governor.transform(request.rules, request.interaction, request.findings,
                                                           candidate.decision);
            if (!made && made.error().kind == ErrorKind::denied) {
                request.lastJudged = candidate;
                continue;
            }
            if (!made) {
                co_return refuse(RefusalReason::auditFailed,
                                 "The store that keeps what placeholders stand for does not "
                                 "answer, so nothing was sent. `gatehousectl doctor` says why.");
            }
            texts = std::make_shared<const governance::Transformed>(std::move(*made));
        }
        candidate.texts = texts;
        changed.push_back(std::move(candidate));
    }
    request.candidates = std::move(changed);
    if (request.candidates.empty()) {
        co_return refuse(RefusalReason::dlpBlocked,
                         "This was not sent: something sensitive lies in a part that must not be changed (signed or "
                         "encrypted reasoning, or an attachment).",
                         request.lastJudged->decision.rule);
    }
    co_return proceed();
}

} // namespace gatehouse::pipeline
