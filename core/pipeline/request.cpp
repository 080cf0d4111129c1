// SPDX-License-Identifier: Apache-2.0
#include "pipeline/request.h"

#include <algorithm>

#include "base/crypto.h"
#include "providers/vendors.h"

namespace gatehouse::pipeline {
namespace {

// Refusals of callers without a valid token that are recorded per minute: the audit must not be filled from outside.
constexpr std::size_t kStrangersPerMinute = 60;
constexpr std::size_t kEndedKept = 512;

bool mayRecordStranger(Shared& shared) {
    const MonotonicTime now = shared.parts.clock.monotonic();
    if (now - shared.strangersSince >= std::chrono::minutes(1)) {
        shared.strangersSince = now;
        shared.refusedStrangers = 0;
    }
    return ++shared.refusedStrangers <= kStrangersPerMinute;
}

std::uint64_t microseconds(std::chrono::steady_clock::duration duration) {
    const auto count = std::chrono::duration_cast<std::chrono::microseconds>(duration).count();
    return static_cast<std::uint64_t>(std::max<decltype(count)>(count, 0));
}

} // namespace

Request::Request(Shared& sharedParts, RequestHead requestHead, Endpoint wanted, const dialects::Dialect& clientDialect,
                 dialects::Asked urlAsked)
    : shared(sharedParts)
    , head(std::move(requestHead))
    , endpoint(wanted)
    , dialect(clientDialect)
    , asked(std::move(urlAsked))
    , started(sharedParts.parts.clock.monotonic())
    , m_isSilent(wanted != Endpoint::infer) {
    interaction.id = newId();
    interaction.surface = dialect.name();
    interaction.person = parts().person;
}

Request::~Request() {
    if (!m_isSilent) {
        recordOutcome("client_gone", isIntentWritten ? "" : "before anything was sent", 0);
    }
}

std::size_t Request::bodyLimit() const {
    constexpr std::size_t kShowBody = 4096;
    return endpoint == Endpoint::infer ? parts().governor.rules().policy->limits().bodyBytes
                                       : (endpoint == Endpoint::showModel ? kShowBody : 0);
}

const Candidate* Request::chosen() const {
    if (selected && *selected < candidates.size()) {
        return &candidates[*selected];
    }
    if (!candidates.empty()) {
        return &candidates.front();
    }
    return lastJudged ? &*lastJudged : nullptr;
}

policy::Decision Request::decision() const {
    policy::Decision decision = chosen() == nullptr ? policy::Decision() : chosen()->decision;
    if (guard != nullptr && guard->decision().label > decision.label) {
        decision.label = guard->decision().label;
        decision.rule = guard->decision().rule;
    }
    return decision;
}

AuditRecord Request::describe() const {
    const Candidate* candidate = chosen();
    const policy::Decision decided = candidate == nullptr ? policy::Decision() : candidate->decision;
    AuditRecord record =
        parts().governor.describe(rules, interaction, candidate == nullptr ? Destination() : candidate->destination,
                                  findings, decided, candidate == nullptr ? nullptr : candidate->texts.get());
    record.justification = justification;
    record.attempts = attempts;
    return record;
}

void Request::noteAnswered() {
    if (m_answered) {
        return;
    }
    m_answered = parts().clock.monotonic();
    shared.ended.push_back(interaction.id);
    if (shared.ended.size() > kEndedKept) {
        shared.ended.pop_front();
    }
}

void Request::recordOutcome(std::string_view outcome, std::string_view reason, int status) {
    if (m_isRecorded) {
        return;
    }
    m_isRecorded = true;
    if (hasClientLeft) {
        outcome = "client_gone";
        reason = isIntentWritten ? "" : "before anything was sent";
        status = 0;
    }
    if (client.id.empty() && !mayRecordStranger(shared)) {
        return;
    }
    noteAnswered();
    AuditRecord record = describe();
    record.kind = RecordKind::outcome;
    record.outcome = outcome;
    record.status = status;
    if (!reason.empty() || !notice.empty()) {
        record.reason = reason.empty() ? notice : std::string(reason);
    }
    if (isIntentWritten) { // it holds the prompt; the outcome's texts are the answer's
        record.sanitisedText = guard == nullptr ? std::nullopt : guard->sanitisedText();
        record.originalText = guard == nullptr ? std::nullopt : guard->originalText();
    }
    if (guard != nullptr && !guard->findings().empty()) {
        std::vector<Finding> all = findings;
        all.insert(all.end(), guard->findings().begin(), guard->findings().end());
        record.findings = summarise(all);
        record.action = stricter(record.action, guard->decision().label);
    }
    record.usage = usage.value_or(Usage());
    record.costUsd = cost();
    const auto spent = *m_answered - started;
    record.latencyMicros = microseconds(spent);
    record.overheadMicros = microseconds(spent - waited);
    parts().governor.recordOutcome(std::move(record));
}

Cost Request::cost() const {
    const Candidate* candidate = chosen();
    if (parts().prices == nullptr || candidate == nullptr || !usage) {
        return std::nullopt;
    }
    if (candidate->target.isPreview) {
        return 0.0;
    }
    const limits::PricedCall call{providers::pricedAs(candidate->target), candidate->destination.provider,
                                  candidate->destination.model, candidate->destination.trust};
    return parts().prices->cost(*rules.policy, call, *usage);
}

Step proceed() {
    return std::optional<Refusal>();
}

Step refuse(RefusalReason reason, std::string message, std::string rule) {
    return std::optional(Refusal{reason, std::move(message), std::move(rule), {}});
}

} // namespace gatehouse::pipeline
