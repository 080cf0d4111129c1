// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <map>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "governance/governor.h"
#include "support/manual_clock.h"

namespace gatehouse::test {

class ScriptedApprovals final : public governance::Approvals {
public:
    void await(const std::string& interaction, Key key) override { waiting[interaction] = std::move(key); }
    Result<> grant(const std::string& interaction, std::string justification) override {
        const auto found = waiting.find(interaction);
        if (found == waiting.end()) {
            return fail(ErrorKind::notFound, "unknown interaction");
        }
        granted[found->second.contentHash + found->second.destination] = std::move(justification);
        waiting.erase(found);
        return {};
    }
    std::optional<std::string> consume(const Key& key) override {
        const auto found = granted.find(key.contentHash + key.destination);
        if (found == granted.end()) {
            return std::nullopt;
        }
        std::string words = found->second;
        granted.erase(found);
        return words;
    }

    std::map<std::string, Key> waiting;
    std::map<std::string, std::string> granted;
};

// Knows one placeholder.
class ScriptedGuard final : public governance::AnswerGuard {
public:
    Result<Step> push(std::string_view /*channel*/, std::string_view /*text*/,
                      std::optional<dlp::RestoreContext> /*context*/) override {
        return Step();
    }
    Result<Step> finish(std::string_view /*channel*/) override { return Step(); }
    Result<Step> pushLast(std::string_view /*channel*/, std::string_view /*text*/,
                          std::optional<dlp::RestoreContext> /*context*/) override {
        return Step();
    }
    bool isQuiet(std::string_view /*text*/) const override { return false; }
    Result<Step> whole(std::string_view text, std::optional<dlp::RestoreContext> /*context*/) override {
        Step step;
        step.text = text == "[[WORD_1_A1]]" ? "the value" : std::string(text);
        return step;
    }
    Result<Step> unreadable(std::string /*why*/) override { return Step(); }
    const std::vector<Finding>& findings() const override { return m_findings; }
    const policy::Decision& decision() const override { return m_decision; }
    std::optional<std::string> sanitisedText() const override { return std::nullopt; }
    std::optional<std::string> originalText() const override { return std::nullopt; }

private:
    std::vector<Finding> m_findings;
    policy::Decision m_decision;
};

// A governor that finds the word SECRET and does with it what the test says. It keeps every record.
class ScriptedGovernor final : public governance::Governor {
public:
    Action action = Action::allow; // for each finding; without one the answer is allow
    bool asksFirst = false;        // a warning before a redaction
    bool failsInspect = false;
    bool failsTransform = false;
    bool failsIntent = false;
    std::vector<AuditRecord> intents;
    std::vector<AuditRecord> outcomes;
    std::vector<Interaction> seen;
    ScriptedApprovals answers;

    governance::Rules current; // without a policy nothing is told or restored
    governance::Rules rules() const override { return current; }

    Task<Result<std::vector<Finding>>> inspect(const governance::Rules& /*rules*/, const Interaction& interaction,
                                               governance::Reach /*reach*/) override {
        seen.push_back(interaction);
        std::vector<Finding> findings;
        for (std::size_t part = 0; part < interaction.parts.size(); ++part) {
            const std::string& text = interaction.parts[part].text;
            for (auto at = text.find(kWord); at != std::string::npos; at = text.find(kWord, at + 1)) {
                Finding finding;
                finding.detector = "custom.test.secret";
                finding.part = part;
                finding.begin = at;
                finding.end = at + kWord.size();
                findings.push_back(finding);
            }
        }
        if (failsInspect) {
            co_return fail(ErrorKind::internal, "scripted");
        }
        co_return findings;
    }

    policy::Decision decide(const governance::Rules& /*rules*/, const Interaction& /*interaction*/,
                            const Destination& /*destination*/, const std::vector<Finding>& findings) const override {
        policy::Decision decision;
        decision.rule = findings.empty() ? "default" : "scripted";
        if (findings.empty()) {
            return decision;
        }
        decision.label = action;
        decision.isBlocked = action == Action::block;
        decision.isLocalOnly = action == Action::routeLocal;
        decision.needsWarning = action == Action::warn || asksFirst;
        decision.needsJustification = action == Action::justify;
        decision.findings.assign(findings.size(), {action, "scripted"});
        return decision;
    }

    Result<governance::Transformed> transform(const governance::Rules& /*rules*/, const Interaction& interaction,
                                              const std::vector<Finding>& findings,
                                              const policy::Decision& /*decision*/) override {
        if (failsTransform) {
            return fail(ErrorKind::internal, "scripted");
        }
        governance::Transformed texts(interaction.parts.size());
        for (auto finding = findings.rbegin(); finding != findings.rend(); ++finding) {
            auto& text = texts[finding->part];
            text = text.value_or(interaction.parts[finding->part].text);
            text->replace(finding->begin, finding->end - finding->begin, "[[WORD_1_A1]]");
        }
        return texts;
    }

    AuditRecord describe(const governance::Rules& /*rules*/, const Interaction& interaction,
                         const Destination& destination, const std::vector<Finding>& findings,
                         const policy::Decision& decision,
                         const governance::Transformed* /*transformed*/) const override {
        AuditRecord record;
        record.interaction = interaction.id;
        record.channel = interaction.channel;
        record.site = interaction.site;
        record.destination = destination;
        record.action = decision.label;
        record.rule = decision.rule;
        record.findings = summarise(findings);
        return record;
    }

    Task<Result<>> recordIntent(const governance::Rules& /*rules*/, AuditRecord record) override {
        if (failsIntent) {
            co_return fail(ErrorKind::unavailable, "scripted");
        }
        intents.push_back(std::move(record));
        co_return Result<>();
    }
    void recordOutcome(AuditRecord record) override { outcomes.push_back(std::move(record)); }

    std::unique_ptr<governance::AnswerGuard> guardAnswer(const governance::Rules& /*rules*/,
                                                         const Interaction& /*prompt*/,
                                                         const Destination& /*destination*/,
                                                         bool /*restores*/) override {
        return std::make_unique<ScriptedGuard>();
    }
    governance::Approvals& approvals() override { return answers; }
    std::string explain(const std::vector<Finding>& findings, const policy::Decision& /*decision*/,
                        Channel /*channel*/) const override {
        return std::to_string(findings.size()) + " found";
    }

private:
    static constexpr std::string_view kWord = "SECRET";
};

} // namespace gatehouse::test
