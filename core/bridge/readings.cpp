// SPDX-License-Identifier: Apache-2.0
#include "bridge/readings.h"

#include <string>
#include <utility>
#include <vector>

#include "bridge/utf16.h"

namespace gatehouse::bridge {

namespace {

Destination destinationOf(const Interaction& interaction) {
    Destination destination;
    destination.site = interaction.site;
    destination.trust = Trust::external;
    return destination;
}

// Secrets are always worth a word; of the rest, what policy would not let pass.
bool isWorthAMark(const Finding& finding, Action action) {
    const bool isSecret =
        finding.findingClass == FindingClass::secret || finding.findingClass == FindingClass::credential;
    return isSecret || action == Action::redact || action == Action::block;
}

std::vector<ipc::Mark> marksOf(const governance::Rules& rules, const std::string& text,
                               const std::vector<Finding>& findings) {
    std::vector<ipc::Mark> marks;
    std::size_t offset = 0;
    std::size_t units = 0;
    for (const Finding& finding : findings) {
        units += utf16Length(std::string_view(text).substr(offset, finding.begin - offset));
        const std::size_t length =
            utf16Length(std::string_view(text).substr(finding.begin, finding.end - finding.begin));
        const std::string name = rules.engine ? rules.engine->detector(finding.detector).name : finding.detector;
        marks.push_back({.begin = units, .end = units + length, .name = name});
        offset = finding.begin;
    }
    return marks;
}

} // namespace

Task<ipc::ReadingReply> Readings::read(Sender sender, ipc::ReadingRequest request) {
    ipc::ReadingReply reply;
    const governance::Rules rules = m_governor.rules();
    const auto answers = rules.policy ? rules.policy->browser().answers : policy::Answers::leave;
    if (answers == policy::Answers::leave) {
        co_return reply;
    }
    Interaction interaction = interactionOf(sender, request.host, Channel::network);
    interaction.direction = Direction::answer;
    if (answers == policy::Answers::restore) {
        restore(rules, interaction, request.placeholders, reply);
    }
    if (!request.text.empty()) {
        Part part = partOf(request.text, PartKind::text);
        part.role = "assistant";
        interaction.parts.push_back(std::move(part));
        reply.marks = co_await mark(rules, std::move(interaction));
    }
    co_return reply;
}

void Readings::restore(const governance::Rules& rules, const Interaction& interaction,
                       const std::vector<std::string>& placeholders, ipc::ReadingReply& reply) {
    for (const std::string& placeholder : placeholders) {
        const auto guard = m_governor.guardAnswer(rules, interaction, destinationOf(interaction), true);
        const auto step = guard ? guard->whole(placeholder, dlp::RestoreContext::text)
                                : Result<governance::AnswerGuard::Step>(fail(ErrorKind::unavailable, "no guard"));
        if (step && !step->isBlocked && !step->isChanged && step->text != placeholder) {
            reply.values.emplace_back(placeholder, step->text);
        }
    }
    if (!reply.values.empty()) {
        AuditRecord record = m_governor.describe(rules, interaction, destinationOf(interaction), {}, {}, nullptr);
        record.kind = RecordKind::event;
        record.outcome = "answer_restored";
        record.reason = siteReason(interaction.site, reply.values.size());
        m_governor.recordOutcome(std::move(record));
    }
}

Task<std::vector<ipc::Mark>> Readings::mark(governance::Rules rules, Interaction interaction) {
    const auto found = co_await m_governor.inspect(rules, interaction, governance::Reach::thisMachine);
    if (!found) {
        co_return std::vector<ipc::Mark>(); // nothing leaves here: what cannot be looked at is only not marked
    }
    const Destination destination = destinationOf(interaction);
    const policy::Decision decision = m_governor.decide(rules, interaction, destination, *found);
    std::vector<Finding> marked;
    for (std::size_t i = 0; i < found->size() && i < decision.findings.size(); ++i) {
        if (isWorthAMark((*found)[i], decision.findings[i].action)) {
            marked.push_back((*found)[i]);
        }
    }
    if (!marked.empty()) {
        AuditRecord record = m_governor.describe(rules, interaction, destination, *found, decision, nullptr);
        record.kind = RecordKind::event;
        record.outcome = "answer_flagged";
        record.reason = siteReason(interaction.site, marked.size());
        m_governor.recordOutcome(std::move(record));
    }
    co_return marksOf(rules, interaction.parts.front().text, marked);
}

} // namespace gatehouse::bridge
