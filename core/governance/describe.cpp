// SPDX-License-Identifier: Apache-2.0
#include "governance/describe.h"

#include <algorithm>

#include "base/crypto.h"
#include "base/utf8.h"

namespace gatehouse::governance {
namespace {

bool isMessageText(const Part& part) {
    return part.kind == PartKind::text || part.kind == PartKind::system || part.kind == PartKind::toolResult ||
           part.kind == PartKind::toolCall;
}

std::string_view leavingText(const Interaction& interaction, const Transformed* texts, std::size_t index) {
    const bool isChanged = texts != nullptr && index < texts->size() && (*texts)[index].has_value();
    return isChanged ? std::string_view(*(*texts)[index]) : std::string_view(interaction.parts[index].text);
}

std::string hashOf(const Interaction& interaction, const Transformed* texts) {
    std::string all;
    for (std::size_t i = 0; i < interaction.parts.size(); ++i) {
        const std::string_view text = leavingText(interaction, texts, i);
        all += std::to_string(text.size());
        all += ':';
        all += text;
    }
    return sha256Hex(all);
}

// The message texts as they left, with what was found and not redacted masked: a record never holds a found value.
Transformed maskedTexts(const Rules& rules, const Interaction& interaction, const std::vector<Finding>& findings,
                        const policy::Decision& decision, const Transformed* transformed) {
    Transformed texts(interaction.parts.size());
    for (std::size_t i = 0; i < interaction.parts.size(); ++i) {
        const auto own = findingsOf(findings, i);
        const std::size_t first = own.empty() ? 0 : static_cast<std::size_t>(own.data() - findings.data());
        bool isRedacted = transformed != nullptr && i < transformed->size() && (*transformed)[i].has_value();
        for (std::size_t k = first; k < first + own.size(); ++k) {
            isRedacted = isRedacted && k < decision.findings.size() &&
                         (decision.findings[k].action == Action::redact || findings[k].begin == findings[k].end);
        }
        if (isRedacted) {
            texts[i] = (*transformed)[i];
        } else if (!own.empty() && rules.engine != nullptr) {
            texts[i] = maskFindings(*rules.engine, interaction.parts[i].text, own);
        }
    }
    return texts;
}

} // namespace

std::span<const Finding> findingsOf(const std::vector<Finding>& findings, std::size_t part) {
    const auto range = std::equal_range(findings.begin(), findings.end(), part, [](const auto& a, const auto& b) {
        const auto partOf = []<class T>(const T& value) {
            if constexpr (std::is_same_v<T, Finding>) {
                return value.part;
            } else {
                return value;
            }
        };
        return partOf(a) < partOf(b);
    });
    return {range.first, range.second};
}

std::string maskFindings(const dlp::Engine& engine, std::string_view text, std::span<const Finding> findings) {
    std::string out;
    std::size_t at = 0;
    for (const Finding& finding : findings) {
        if (finding.begin < at || finding.end > text.size() || finding.begin == finding.end) {
            continue;
        }
        out += text.substr(at, finding.begin - at);
        out += '[' + engine.detector(finding.detector).placeholder + ']';
        at = finding.end;
    }
    out += text.substr(at);
    return out;
}

std::string cutForRecord(std::string text) {
    if (text.size() > kMaxRecordText) {
        text.resize(utf8Boundary(text, kMaxRecordText));
        text += " […cut]";
    }
    return text;
}

std::string readableText(const Interaction& interaction, const Transformed* texts) {
    std::vector<std::size_t> shown;
    for (std::size_t i = 0; i < interaction.parts.size(); ++i) {
        const Part& part = interaction.parts[i];
        if (isMessageText(part) || part.pointer.empty()) {
            shown.push_back(i);
        }
    }
    std::string out;
    for (const std::size_t i : shown) {
        const Part& part = interaction.parts[i];
        out += out.empty() ? "" : "\n\n";
        if (shown.size() > 1 && !part.role.empty() && !part.pointer.empty()) {
            out += part.role + ": ";
        }
        out += leavingText(interaction, texts, i);
    }
    return out;
}

std::string contentHash(const Interaction& interaction) {
    return hashOf(interaction, nullptr);
}

AuditRecord describeInteraction(const Rules& rules, const Interaction& interaction, const Destination& destination,
                                const std::vector<Finding>& findings, const policy::Decision& decision,
                                const Transformed* transformed) {
    AuditRecord record;
    record.interaction = interaction.id;
    record.conversation = interaction.conversation;
    record.person = interaction.person;
    record.process = interaction.process;
    record.client = interaction.client;
    record.channel = interaction.channel;
    record.direction = interaction.direction;
    record.surface = interaction.surface;
    record.site = interaction.site;
    record.destination = destination;
    record.action = decision.label;
    record.rule = decision.rule;
    record.findings = summarise(findings);
    record.documents = documentsOf(findings);
    if (!interaction.parts.empty()) {
        record.originalHash = hashOf(interaction, nullptr);
        const bool isUnchanged =
            transformed != nullptr &&
            std::none_of(transformed->begin(), transformed->end(), [](const auto& text) { return text.has_value(); });
        record.sanitisedHash = transformed == nullptr ? std::string()
                               : isUnchanged          ? record.originalHash
                                                      : hashOf(interaction, transformed);
    }
    if (!decision.shadowRules.empty()) {
        record.reason = "shadow:";
        for (const std::string& rule : decision.shadowRules) {
            record.reason += record.reason.ends_with(':') ? rule : "," + rule;
        }
    }
    if (rules.policy == nullptr) {
        return record;
    }
    record.policyId = rules.policy->primary().id();
    record.policySerial = rules.policy->primary().serial();
    const policy::AuditContent content = rules.policy->audit().content;
    if (content != policy::AuditContent::none && !interaction.parts.empty()) {
        const Transformed masked = maskedTexts(rules, interaction, findings, decision, transformed);
        record.sanitisedText = cutForRecord(readableText(interaction, &masked));
    }
    if (content == policy::AuditContent::full && !interaction.parts.empty()) {
        record.originalText = cutForRecord(readableText(interaction, nullptr));
    }
    return record;
}

} // namespace gatehouse::governance
