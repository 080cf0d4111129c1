// SPDX-License-Identifier: Apache-2.0
#include "pipeline/stages.h"
#include "providers/vendors.h"

namespace gatehouse::pipeline {
namespace {

// The preview is part of the pipeline and cannot be declared away: it calls nobody.
std::optional<providers::Target> previewTarget(std::string_view model) {
    if (model != "preview" && model != "preview/local") {
        return std::nullopt;
    }
    providers::Target target;
    target.providerId = "preview";
    target.model = model;
    target.trust = model == "preview" ? Trust::external : Trust::local;
    target.kind = "preview";
    target.isPreview = true;
    return target;
}

Candidate candidateOf(providers::Target target) {
    Candidate candidate;
    candidate.destination = {target.providerId, target.model, target.region, {}, target.trust};
    candidate.target = std::move(target);
    return candidate;
}

} // namespace

Task<Step> resolve(Request& request) {
    if (auto preview = request.parsed.rpc ? std::nullopt : previewTarget(request.parsed.model)) {
        if (request.dialect.codec() == nullptr && !request.dialect.isAnsweredByEstimate()) {
            co_return refuse(RefusalReason::unknownModel, "The preview answers chats only.");
        }
        request.candidates.push_back(candidateOf(std::move(*preview)));
        co_return proceed();
    }
    if (request.parsed.rpc) {
        co_return resolveMcp(request);
    }
    bool isKnown = false;
    for (providers::Target& target : request.parts().router.candidates(*request.rules.policy, request.parsed.model)) {
        isKnown = true;
        Candidate candidate = candidateOf(std::move(target));
        candidate.outbound = providers::outboundDialect(providers::vendorOf(candidate.target.kind), request.dialect);
        if (candidate.outbound != nullptr || request.dialect.isAnsweredByEstimate()) {
            request.candidates.push_back(std::move(candidate));
        }
    }
    if (isKnown && request.candidates.empty()) {
        co_return refuse(RefusalReason::unknownModel,
                         "The provider of this model has nothing that answers this path (" +
                             std::string(request.dialect.name()) + ").");
    }
    if (request.candidates.empty()) {
        co_return refuse(
            RefusalReason::unknownModel,
            "No provider in policy and no local model server has this model. GET /v1/models lists those there are.");
    }
    co_return proceed();
}

} // namespace gatehouse::pipeline
