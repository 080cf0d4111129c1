// SPDX-License-Identifier: Apache-2.0
#include "governance/governor.h"

#include <algorithm>

#include "base/log.h"
#include "governance/answer_guard.h"
#include "governance/describe.h"
#include "governance/inspect.h"
#include "governance/inspect_documents.h"
#include "governance/scan_pool.h"
#include "governance/second_opinion.h"

namespace gatehouse::governance {
namespace {

// Above it, a scan goes to the pool: at some 1 GB/s a scan below it costs less than the two hand-overs.
constexpr std::size_t kInlineBytes = 32UL * 1024UL;
constexpr std::size_t kPoolThreads = 2;
constexpr std::size_t kDocumentThreads = 2; // they wait for helper processes; a scan of a text never waits for them

audit::Durability durabilityOf(policy::Durability durability) {
    return durability == policy::Durability::balanced ? audit::Durability::balanced : audit::Durability::strict;
}

// Placeholders begin with two opening brackets; anything without them needs no escaping.
bool mayLookLikePlaceholder(std::string_view text) {
    return text.find("[[") != std::string_view::npos;
}

// Stands where no local model can be asked.
class NoModel final : public LocalModel {
public:
    Task<Result<std::string>> ask(Question /*question*/) override {
        co_return fail(ErrorKind::unavailable, "no local model can be asked here");
    }
};

class RoomGovernor final : public Governor {
public:
    explicit RoomGovernor(GovernorParts parts)
        : m_parts(parts)
        , m_approvals(Approvals::create(parts.clock))
        , m_pool(ScanPool::create(kPoolThreads))
        , m_documentPool(ScanPool::create(kDocumentThreads))
        , m_opinions(parts.model != nullptr ? *parts.model : m_noModel, parts.clock) {}

    [[nodiscard]] Rules rules() const override { return *m_parts.rules.get(); }

    Task<Result<std::vector<Finding>>> inspect(const Rules& rules, const Interaction& interaction,
                                               Reach reach) override {
        GH_CO_TRY(std::vector<Finding> findings, co_await inspectByRules(rules, interaction));
        const bool isAsked = reach == Reach::elsewhere && rules.policy != nullptr &&
                             SecondOpinions::isWanted(*rules.policy, interaction);
        if (!isAsked) {
            co_return findings;
        }
        const std::vector<Finding> opinion = co_await m_opinions.hear(rules.policy, interaction);
        std::vector<Finding> all;
        for (std::size_t i = 0; i < interaction.parts.size(); ++i) {
            const auto own = findingsOf(findings, i);
            const auto told = findingsOf(opinion, i);
            std::vector<Finding> part(own.begin(), own.end());
            part = told.empty() ? std::move(part) : addOpinion(std::move(part), {told.begin(), told.end()});
            std::move(part.begin(), part.end(), std::back_inserter(all));
        }
        co_return all;
    }
    [[nodiscard]] policy::Decision decide(const Rules& rules, const Interaction& interaction,
                                          const Destination& destination,
                                          const std::vector<Finding>& findings) const override {
        const policy::Subject subject{&interaction, destination, m_parts.clock.wall()};
        return rules.policy->evaluate(subject, findings);
    }

    Result<Transformed> transform(const Rules& rules, const Interaction& interaction,
                                  const std::vector<Finding>& findings, const policy::Decision& decision) override {
        if (decision.findings.size() != findings.size()) {
            return fail(ErrorKind::internal, "transform: one decision per finding expected");
        }
        Transformed texts(interaction.parts.size());
        std::optional<dlp::LookAlikes> lookAlikes;
        if (usesLookAlikes(rules)) {
            GH_TRY(lookAlikes, dlp::LookAlikes::load(interaction.conversation, m_parts.vault));
            for (const Part& part : interaction.parts) {
                lookAlikes->avoid(part.text);
            }
        }
        for (std::size_t i = 0; i < interaction.parts.size(); ++i) {
            GH_TRY(texts[i],
                   transformPart(rules, interaction, i, findings, decision, lookAlikes ? &*lookAlikes : nullptr));
        }
        return texts;
    }

    [[nodiscard]] AuditRecord describe(const Rules& rules, const Interaction& interaction,
                                       const Destination& destination, const std::vector<Finding>& findings,
                                       const policy::Decision& decision,
                                       const Transformed* transformed) const override {
        return describeInteraction(rules, interaction, destination, findings, decision, transformed);
    }

    Task<Result<>> recordIntent(const Rules& rules, AuditRecord record) override {
        record.kind = RecordKind::intent;
        auto committed =
            co_await m_parts.audit.commit(std::move(record), durabilityOf(rules.policy->audit().durability));
        if (committed) {
            co_return Result<>();
        }
        co_return std::unexpected(committed.error());
    }

    void recordOutcome(AuditRecord record) override {
        // A full queue is counted and recorded by the writer itself.
        if (const auto queued = m_parts.audit.enqueue(std::move(record)); !queued) {
            logWarning("governance", "an outcome was not recorded: {}", errorKindWord(queued.error().kind));
        }
    }

    std::unique_ptr<AnswerGuard> guardAnswer(const Rules& rules, const Interaction& prompt,
                                             const Destination& destination, bool restores) override {
        Interaction answer = prompt;
        answer.parts.clear();
        answer.direction = Direction::answer;
        std::shared_ptr<const dlp::LookAlikes> lookAlikes;
        if (usesLookAlikes(rules)) {
            auto known = dlp::LookAlikes::load(prompt.conversation, m_parts.vault);
            lookAlikes = known ? std::make_shared<const dlp::LookAlikes>(std::move(*known)) : nullptr;
        }
        return makeAnswerGuard({rules, std::move(answer), destination, restores, m_parts.vault, m_shelf, m_parts.clock,
                                std::move(lookAlikes)});
    }

    [[nodiscard]] Approvals& approvals() override { return *m_approvals; }

    [[nodiscard]] std::string explain(const std::vector<Finding>& findings, const policy::Decision& decision,
                                      Channel channel) const override {
        return explainDecision(m_parts.rules.get()->engine.get(), findings, decision, channel);
    }

private:
    Task<Result<std::vector<Finding>>> inspectByRules(const Rules& rules, const Interaction& interaction) {
        if (rules.engine == nullptr) {
            co_return fail(ErrorKind::unavailable, "inspect: no engine");
        }
        if (m_parts.extractor != nullptr && hasAttachment(interaction.parts)) {
            co_return co_await m_documentPool->scan(rules.engine, interaction.parts, m_shelf, m_parts.extractor);
        }
        std::size_t bytes = 0;
        for (const Part& part : interaction.parts) {
            bytes += part.text.size();
        }
        if (bytes >= kInlineBytes) {
            co_return co_await m_pool->scan(rules.engine, interaction.parts, m_shelf, nullptr);
        }
        ScratchShelf::Loan loan(m_shelf, rules.engine);
        co_return inspectParts(*rules.engine, loan.scratch(), interaction.parts);
    }

    // Whether a rule redacts with look-alikes: only then is a conversation's list of them looked up. Found out once for
    // each policy.
    bool usesLookAlikes(const Rules& rules) {
        if (rules.policy == nullptr || rules.policy == m_judgedPolicy) {
            return rules.policy != nullptr && m_usesLookAlikes;
        }
        const auto isOne = [](const policy::RuleInfo& rule) {
            return rule.action == Action::redact && rule.style == RedactStyle::lookAlike;
        };
        const auto& layers = rules.policy->layers();
        m_usesLookAlikes = std::any_of(layers.begin(), layers.end(), [&isOne](const auto& layer) {
            const std::vector<policy::RuleInfo> all = layer->rules();
            return std::any_of(all.begin(), all.end(), isOne);
        });
        m_judgedPolicy = rules.policy;
        return m_usesLookAlikes;
    }

    Result<std::optional<std::string>> transformPart(const Rules& rules, const Interaction& interaction,
                                                     std::size_t index, const std::vector<Finding>& findings,
                                                     const policy::Decision& decision, dlp::LookAlikes* lookAlikes) {
        const Part& part = interaction.parts[index];
        std::vector<Finding> redacted;
        std::vector<std::string> labels;
        std::vector<RedactStyle> styles;
        const auto own = findingsOf(findings, index);
        for (const Finding& finding : own) {
            const auto at = static_cast<std::size_t>(&finding - findings.data());
            if (decision.findings[at].action == Action::redact && finding.begin < finding.end) {
                redacted.push_back(finding);
                labels.push_back(rules.engine->detector(finding.detector).placeholder);
                styles.push_back(decision.findings[at].style);
            }
        }
        const bool isFixed = part.isImmutable || part.kind == PartKind::opaque;
        if (isFixed && !redacted.empty()) {
            return fail(ErrorKind::denied, "a finding lies in a part that must not be changed");
        }
        const bool hasLookAlikes = lookAlikes != nullptr && !lookAlikes->isEmpty();
        if (redacted.empty() && (isFixed || (!hasLookAlikes && !mayLookLikePlaceholder(part.text)))) {
            return std::nullopt;
        }
        GH_TRY(std::string text, dlp::redact(part.text, redacted, labels, interaction.conversation, m_parts.vault,
                                             styles, lookAlikes, rules.engine.get()));
        return text == part.text ? std::nullopt : std::optional(std::move(text));
    }

    GovernorParts m_parts;
    std::unique_ptr<Approvals> m_approvals;
    ScratchShelf m_shelf;
    std::shared_ptr<const policy::PolicySet> m_judgedPolicy;
    bool m_usesLookAlikes = false;
    std::unique_ptr<ScanPool> m_pool; // last: joined before the shelf goes
    std::unique_ptr<ScanPool> m_documentPool;
    NoModel m_noModel;
    SecondOpinions m_opinions;
};

} // namespace

std::unique_ptr<Governor> makeGovernor(GovernorParts parts) {
    return std::make_unique<RoomGovernor>(parts);
}

} // namespace gatehouse::governance
