// SPDX-License-Identifier: Apache-2.0
#include <algorithm>

#include "pipeline/stages.h"

namespace gatehouse::pipeline {
namespace {

// Why a candidate may not be asked; nullopt when it may.
std::optional<RefusalReason> objection(const Request& request, const Candidate& candidate) {
    if (candidate.decision.isBlocked) {
        return request.findings.empty() ? RefusalReason::policyDenied : RefusalReason::dlpBlocked;
    }
    if (candidate.decision.isLocalOnly && candidate.destination.trust != Trust::local) {
        return RefusalReason::localOnly;
    }
    if (request.parsed.hasReferences && candidate.destination.trust == Trust::external) {
        return RefusalReason::referenceDenied;
    }
    return std::nullopt;
}

// What the person must do first; nullopt when nothing. A warning stops only where a person can be asked: an SDK call
// goes on and is told in a header.
std::optional<RefusalReason> gateOf(const Request& request, const policy::Decision& decision) {
    if (decision.needsJustification) {
        return RefusalReason::needsJustification;
    }
    if (decision.needsWarning && request.interaction.channel == Channel::chat) {
        return RefusalReason::needsConfirmation;
    }
    return std::nullopt;
}

governance::Approvals::Key approvalKey(const Request& request, const Candidate& candidate) {
    return {request.interaction.person.name, request.client.id,
            candidate.destination.provider + "/" + candidate.destination.model, candidate.decision.rule,
            governance::contentHash(request.interaction)};
}

Step refuseFor(Request& request, RefusalReason reason, const Candidate& candidate) {
    std::string message =
        reason == RefusalReason::referenceDenied
            ? "This was not sent: it refers to something that the provider would fetch (a URL, a file id or a stored "
              "conversation), and what is fetched cannot be inspected. Send the content itself."
            : request.parts().governor.explain(request.findings, candidate.decision, request.interaction.channel);
    request.lastJudged = candidate;
    return refuse(reason, std::move(message), candidate.decision.rule);
}

} // namespace

Task<Step> decide(Request& request) {
    std::vector<Candidate> allowed;
    std::optional<std::pair<RefusalReason, Candidate>> firstObjection;
    for (Candidate& candidate : request.candidates) {
        candidate.decision = request.parts().governor.decide(request.rules, request.interaction, candidate.destination,
                                                             request.findings);
        const auto reason = objection(request, candidate);
        if (!reason) {
            allowed.push_back(std::move(candidate));
        } else if (!firstObjection) {
            firstObjection.emplace(*reason, std::move(candidate));
        }
    }
    request.candidates = std::move(allowed);
    if (request.candidates.empty()) {
        co_return refuseFor(request, firstObjection->first, firstObjection->second);
    }
    // The first candidate's gate is asked; others that have one of their own are no silent way around it.
    const Candidate first = request.candidates.front();
    if (const auto gate = gateOf(request, first.decision)) {
        const auto key = approvalKey(request, first);
        auto reason = request.parts().governor.approvals().consume(key);
        if (!reason) {
            request.parts().governor.approvals().await(request.interaction.id, key);
            co_return refuseFor(request, *gate, first);
        }
        request.justification = std::move(*reason);
        request.candidates.resize(1);
        co_return proceed();
    }
    std::erase_if(request.candidates,
                  [&](const Candidate& candidate) { return gateOf(request, candidate.decision).has_value(); });
    co_return proceed();
}

} // namespace gatehouse::pipeline
