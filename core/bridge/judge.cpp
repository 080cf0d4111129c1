// SPDX-License-Identifier: Apache-2.0
#include "bridge/judge.h"

#include <algorithm>
#include <utility>

#include "base/bytes.h"
#include "base/crypto.h"
#include "bridge/sender.h"
#include "bridge/utf16.h"

namespace gatehouse::bridge {

namespace {

constexpr std::size_t kWaitingLimit = 64;
constexpr auto kPatience = std::chrono::minutes(5);
constexpr std::size_t kPlain = 0; // index of the plain text among the parts; HTML follows where it is kept

// Lengths go in as well, so that moving text between parts gives another hash.
std::string contentHash(const Interaction& interaction) {
    std::string all;
    for (const auto& part : interaction.parts) {
        all += std::to_string(part.text.size()) + ':' + part.text;
    }
    return sha256Hex(all);
}

governance::Approvals::Key keyOf(const Interaction& interaction, const policy::Decision& decision) {
    return {.person = interaction.person.name,
            .client = interaction.client,
            .destination = interaction.site,
            .rule = decision.rule,
            .contentHash = contentHash(interaction)};
}

bool redacts(const policy::Decision& decision) {
    return std::ranges::any_of(decision.findings,
                               [](const policy::FindingDecision& each) { return each.action == Action::redact; });
}

bool isBlank(const std::string& text) {
    return std::ranges::all_of(text, [](char c) { return static_cast<unsigned char>(c) <= ' '; });
}

} // namespace

Judge::Judge(governance::Governor& governor, const Clock& clock) : m_governor(governor), m_clock(clock) {}

Judge::~Judge() {
    for (const auto& [id, item] : m_waiting) {
        AuditRecord record = recordOf(item, RecordKind::outcome, nullptr);
        record.outcome = "client_gone";
        m_governor.recordOutcome(std::move(record));
    }
}

Judge::Case Judge::caseOf(Interaction interaction) {
    Case item;
    item.rules = m_governor.rules();
    item.since = m_clock.monotonic();
    item.destination.site = interaction.site;
    item.destination.trust = Trust::external;
    item.interaction = std::move(interaction);
    return item;
}

Task<ipc::VerdictReply> Judge::judge(Sender sender, ipc::VerdictRequest request) {
    dropExpired();
    Case item = caseOf(interactionOf(sender, request.host, request.channel));
    item.interaction.parts.push_back(partOf(request.text, PartKind::text));
    if (request.html) {
        item.interaction.parts.push_back(partOf(*request.html, PartKind::other));
    }
    co_return co_await consider(std::move(item), request.html.has_value());
}

Task<ipc::VerdictReply> Judge::judgeFile(Sender sender, ipc::FileBegin file, std::optional<std::string> text,
                                         std::optional<std::string> document) {
    dropExpired();
    Case item = caseOf(interactionOf(sender, file.host, Channel::upload));
    if (document) {
        item.interaction.parts.push_back(partOf(base64Encode(bytesOf(*document)), PartKind::opaque));
    } else if (text) {
        item.interaction.parts.push_back(partOf(*text, PartKind::text));
    } else {
        // What stands for bytes that nobody can read, in the record too.
        item.interaction.parts.push_back(
            partOf(file.mime + ", " + std::to_string(file.size) + " bytes", PartKind::opaque));
    }
    item.interaction.parts.push_back(partOf(file.name, PartKind::fileName));
    co_return co_await consider(std::move(item), false);
}

Task<ipc::VerdictReply> Judge::consider(Case item, bool hasHtml) {
    auto findings = co_await m_governor.inspect(item.rules, item.interaction, governance::Reach::elsewhere);
    if (!findings) {
        item.decision.label = Action::block;
        item.decision.isBlocked = true;
        co_return refuse(item, Action::block, RefusalReason::internalError);
    }
    // The HTML form only travels when nothing at all was found in it; the person sees and judges the plain text.
    const bool isHtmlClean = std::ranges::all_of(*findings, [](const Finding& each) { return each.part == kPlain; });
    item.keepsHtml = hasHtml && isHtmlClean;
    if (hasHtml && !item.keepsHtml) {
        item.interaction.parts.resize(1);
        std::erase_if(*findings, [](const Finding& each) { return each.part != kPlain; });
    }
    item.findings = std::move(*findings);
    item.decision = m_governor.decide(item.rules, item.interaction, item.destination, item.findings);
    co_return co_await proceed(std::move(item));
}

Task<ipc::VerdictReply> Judge::proceed(Case item) {
    if (item.decision.isBlocked || item.decision.label == Action::block) {
        const bool isFound = !item.findings.empty();
        co_return refuse(item, Action::block, isFound ? RefusalReason::dlpBlocked : RefusalReason::policyDenied);
    }
    if (item.decision.isLocalOnly || item.decision.label == Action::routeLocal) {
        co_return refuse(item, Action::routeLocal, RefusalReason::localOnly);
    }
    std::string justification;
    if (item.decision.needsJustification || item.decision.needsWarning) {
        auto key = keyOf(item.interaction, item.decision);
        const auto granted = m_governor.approvals().consume(key);
        if (!granted) {
            co_return hold(std::move(item), std::move(key));
        }
        justification = *granted;
    }
    co_return co_await release(std::move(item), std::move(justification));
}

Task<ipc::VerdictReply> Judge::release(Case item, std::string justification) {
    const bool isRedacting = redacts(item.decision);
    if (isRedacting && item.interaction.channel == Channel::upload) {
        co_return refuse(item, Action::block, RefusalReason::dlpBlocked);
    }
    governance::Transformed transformed(item.interaction.parts.size());
    if (isRedacting) {
        auto result = m_governor.transform(item.rules, item.interaction, item.findings, item.decision);
        if (!result || result->size() != item.interaction.parts.size() || !(*result)[kPlain]) {
            co_return refuse(item, Action::block, RefusalReason::internalError);
        }
        transformed = std::move(*result);
    }
    AuditRecord record = recordOf(item, RecordKind::intent, &transformed);
    record.justification = std::move(justification);
    if (auto committed = co_await m_governor.recordIntent(item.rules, record); !committed) {
        co_return refuse(item, Action::block, RefusalReason::auditFailed);
    }
    record.kind = RecordKind::outcome;
    record.outcome = "completed";
    m_governor.recordOutcome(std::move(record));

    ipc::VerdictReply reply = replyOf(item, item.decision.label);
    if (isRedacting) {
        reply.action = Action::redact;
        reply.spans = spansBetween(item.interaction.parts[kPlain].text, *transformed[kPlain]);
        reply.keepsHtml = false;
    } else if (reply.action != Action::log) {
        reply.action = Action::allow; // the gates were passed
    }
    co_return reply;
}

ipc::VerdictReply Judge::hold(Case item, governance::Approvals::Key key) {
    if (m_waiting.size() >= kWaitingLimit) {
        refuse(m_waiting.begin()->second, Action::block, RefusalReason::needsConfirmation);
        m_waiting.erase(m_waiting.begin());
    }
    ipc::VerdictReply reply = replyOf(item, item.decision.needsJustification ? Action::justify : Action::warn);
    m_governor.approvals().await(item.interaction.id, std::move(key));
    std::string id = item.interaction.id;
    m_waiting.insert_or_assign(std::move(id), std::move(item));
    return reply;
}

Task<ipc::VerdictReply> Judge::settle(ipc::AnswerRequest answer) {
    dropExpired();
    const auto found = m_waiting.find(answer.interaction);
    if (found == m_waiting.end()) {
        ipc::VerdictReply reply;
        reply.reason = refusalWord(RefusalReason::needsConfirmation);
        reply.interaction = answer.interaction;
        reply.message = "This question is no longer open. Try again to be asked again.";
        co_return reply;
    }
    const bool needsWords = found->second.decision.needsJustification;
    const auto reason = needsWords ? RefusalReason::needsJustification : RefusalReason::needsConfirmation;
    if (answer.isProceeding && needsWords && !answer.isRedacting && isBlank(answer.justification)) {
        co_return replyOf(found->second, Action::justify); // asked again; it goes on waiting
    }
    Case item = std::move(found->second);
    m_waiting.erase(found);
    if (answer.isProceeding && answer.isRedacting) {
        // Stricter than what was asked: nothing that was found goes out, so that no permission is needed.
        item.decision.label = Action::redact;
        for (auto& each : item.decision.findings) {
            each.action = Action::redact;
        }
        co_return co_await release(std::move(item), {});
    }
    if (!answer.isProceeding || !m_governor.approvals().grant(answer.interaction, std::move(answer.justification))) {
        co_return refuse(item, Action::block, reason);
    }
    const auto granted = m_governor.approvals().consume(keyOf(item.interaction, item.decision));
    if (!granted) {
        co_return refuse(item, Action::block, reason);
    }
    co_return co_await release(std::move(item), *granted);
}

void Judge::report(const Sender& sender, const ipc::EventReport& event) {
    AuditRecord record;
    record.kind = RecordKind::event;
    record.interaction = event.interaction;
    record.person = sender.person;
    record.process = sender.browser;
    record.client = "browser-" + sender.profile;
    record.channel = Channel::paste;
    record.surface = "page";
    record.site = event.host;
    record.outcome = event.what;
    record.reason = siteReason(event.host, event.count);
    m_governor.recordOutcome(std::move(record));
}

ipc::VerdictReply Judge::refuse(const Case& item, Action action, RefusalReason reason) {
    AuditRecord record = recordOf(item, RecordKind::outcome, nullptr);
    record.action = action;
    record.outcome = "refused";
    record.reason = refusalWord(reason);
    record.status = 0;
    m_governor.recordOutcome(std::move(record));
    ipc::VerdictReply reply = replyOf(item, action);
    reply.reason = refusalWord(reason);
    reply.keepsHtml = false;
    if (reason == RefusalReason::internalError) {
        reply.message = "Gatehouse could not check this text, so it was held back.";
    } else if (reason == RefusalReason::auditFailed) {
        reply.message = "Gatehouse could not write its record, so nothing was passed on. Tell your IT support.";
    }
    return reply;
}

ipc::VerdictReply Judge::replyOf(const Case& item, Action action) const {
    ipc::VerdictReply reply;
    reply.action = action;
    reply.interaction = item.interaction.id;
    reply.rule = item.decision.rule;
    reply.keepsHtml = item.keepsHtml;
    reply.message = m_governor.explain(item.findings, item.decision, item.interaction.channel);
    for (const auto& sum : summarise(item.findings)) {
        const std::string name = item.rules.engine ? item.rules.engine->detector(sum.detector).name : sum.detector;
        reply.findings.push_back({.detector = sum.detector,
                                  .name = name,
                                  .findingClass = std::string(findingClassWord(sum.findingClass)),
                                  .count = sum.count});
    }
    return reply;
}

AuditRecord Judge::recordOf(const Case& item, RecordKind kind, const governance::Transformed* transformed) const {
    AuditRecord record =
        m_governor.describe(item.rules, item.interaction, item.destination, item.findings, item.decision, transformed);
    record.kind = kind;
    const auto spent = std::chrono::duration_cast<std::chrono::microseconds>(m_clock.monotonic() - item.since);
    record.latencyMicros = static_cast<std::uint64_t>(std::max<std::chrono::microseconds::rep>(spent.count(), 0));
    return record;
}

void Judge::dropExpired() {
    const auto now = m_clock.monotonic();
    std::erase_if(m_waiting, [&](const auto& entry) {
        if (now - entry.second.since < kPatience) {
            return false;
        }
        const bool needsWords = entry.second.decision.needsJustification;
        refuse(entry.second, Action::block,
               needsWords ? RefusalReason::needsJustification : RefusalReason::needsConfirmation);
        return true;
    });
}

} // namespace gatehouse::bridge
