// SPDX-License-Identifier: Apache-2.0
#include "policy/evaluate.h"

#include <algorithm>
#include <numeric>

#include "types/opinion.h"

namespace gatehouse::policy {
namespace {

constexpr std::string_view kDefault = "default";
constexpr std::string_view kSecondOpinion = "second_opinion"; // who decides where it was asked for and not given
constexpr std::string_view kSecondOpinionMissing =
    "The model on this computer that looks at such texts gave no answer in time. Try again later.";

// What one rule, or the default, says about one finding or about the interaction itself.
struct Verdict {
    Action action = Action::allow;
    const Rule* rule = nullptr;          // null: the default, or
    std::string_view setting = kDefault; // the setting that stands in for a rule
    [[nodiscard]] std::string_view ruleId() const { return rule == nullptr ? setting : std::string_view(rule->id); }
    [[nodiscard]] std::string_view message() const {
        return rule != nullptr             ? std::string_view(rule->message)
               : setting == kSecondOpinion ? kSecondOpinionMissing
                                           : std::string_view();
    }
};

class Judge final {
public:
    Judge(const Document& document, const Subject& subject, const std::vector<Finding>& findings)
        : m_document(document)
        , m_subject(subject)
        , m_findings(findings)
        , m_isAnswer(subject.interaction != nullptr && subject.interaction->direction == Direction::answer) {}

    Decision run() {
        if (!m_findings.empty()) {
            prepare();
            m_decision.findings.reserve(m_findings.size());
        }
        for (const Finding& finding : m_findings) {
            m_decision.findings.push_back({});
            FindingDecision& decided = m_decision.findings.back();
            const Verdict verdict = effective(findingVerdict(finding));
            decided.action = verdict.action;
            decided.rule = verdict.ruleId();
            decided.style = verdict.rule == nullptr ? RedactStyle::placeholder : verdict.rule->style;
            take(verdict);
        }
        Verdict whole = effective(wholeVerdict());
        if (whole.action == Action::redact) {
            whole.action = Action::allow; // there is nothing to redact but findings, and each was judged by itself
        }
        take(whole);
        return std::move(m_decision);
    }

private:
    // Which rules can hold at all here, and how often their own findings occur: asked once per evaluation.
    void prepare() {
        m_candidates.reserve(m_document.rules.size());
        for (const Rule& rule : m_document.rules) {
            if (!admitsSubject(rule.when, m_subject)) {
                continue;
            }
            if (rule.when.minCount > 0) {
                const auto count = static_cast<std::size_t>(
                    std::count_if(m_findings.begin(), m_findings.end(),
                                  [&](const Finding& finding) { return admitsFinding(rule.when, finding); }));
                if (count < rule.when.minCount || count > rule.when.maxCount) {
                    continue;
                }
            }
            if (rule.when.minLines > 0) {
                const auto sum = [&](std::size_t lines, const Finding& finding) {
                    return lines + (admitsFinding(rule.when, finding) ? finding.lines : 0);
                };
                if (std::accumulate(m_findings.begin(), m_findings.end(), std::size_t{0}, sum) < rule.when.minLines) {
                    continue;
                }
            }
            m_candidates.push_back(&rule);
        }
    }

    Verdict findingVerdict(const Finding& finding) {
        if (finding.detector == kNoOpinionDetector) {
            return noOpinionVerdict();
        }
        for (const Rule* const rule : m_candidates) {
            if (!admitsFinding(rule->when, finding)) {
                continue;
            }
            if (!rule->isShadow) {
                return {rule->action, rule};
            }
            noteShadow(*rule);
        }
        return fallback();
    }

    [[nodiscard]] Verdict noOpinionVerdict() const {
        return m_document.secondOpinion && leaves()
                   ? Verdict{m_document.secondOpinion->onFailure, nullptr, kSecondOpinion}
                   : Verdict{};
    }

    Verdict wholeVerdict() {
        for (const Rule& rule : m_document.rules) {
            if (rule.when.hasFindingConditions || !admitsSubject(rule.when, m_subject)) {
                continue;
            }
            if (!rule.isShadow) {
                return {rule.action, &rule};
            }
            noteShadow(rule);
        }
        return fallback();
    }

    // The default is about what leaves this machine for somewhere else.
    [[nodiscard]] Verdict fallback() const { return {leaves() ? m_document.fallback : Action::allow, nullptr}; }
    [[nodiscard]] bool leaves() const { return !m_isAnswer && m_subject.destination.trust != Trust::local; }

    // What is left of a verdict in monitor mode, and in an answer, where asking or going elsewhere comes too late.
    Verdict effective(Verdict verdict) {
        if (m_document.isMonitor && verdict.action > Action::log) {
            noteShadow(verdict.ruleId());
            verdict.action = Action::allow;
        }
        const bool isTooLate =
            verdict.action == Action::warn || verdict.action == Action::justify || verdict.action == Action::routeLocal;
        if (m_isAnswer && isTooLate) {
            verdict.action = Action::log;
        }
        return verdict;
    }

    void noteShadow(const Rule& rule) {
        if (rule.action > Action::allow) {
            noteShadow(rule.id);
        }
    }

    void noteShadow(std::string_view id) {
        auto& noted = m_decision.shadowRules;
        if (std::find(noted.begin(), noted.end(), id) == noted.end()) {
            noted.emplace_back(id);
        }
    }

    void take(const Verdict& verdict) {
        m_decision.isBlocked |= verdict.action == Action::block;
        m_decision.isLocalOnly |= verdict.action == Action::routeLocal;
        m_decision.needsWarning |= verdict.action == Action::warn;
        m_decision.needsJustification |= verdict.action == Action::justify;
        if (m_decision.rule.empty() || verdict.action > m_decision.label) {
            m_decision.label = verdict.action;
            m_decision.rule = verdict.ruleId();
            m_decision.message = verdict.message();
        }
    }

    const Document& m_document;
    const Subject& m_subject;
    const std::vector<Finding>& m_findings;
    bool m_isAnswer;
    std::vector<const Rule*> m_candidates;
    Decision m_decision;
};

// How far an action goes in changing the text of one finding.
int transformRank(Action action) {
    return action == Action::block ? 100 : action == Action::redact ? 99 : static_cast<int>(action);
}

} // namespace

Decision judge(const Document& document, const Subject& subject, const std::vector<Finding>& findings) {
    return Judge(document, subject, findings).run();
}

void compose(Decision& decision, Decision lower) {
    decision.isBlocked |= lower.isBlocked;
    decision.isLocalOnly |= lower.isLocalOnly;
    decision.needsWarning |= lower.needsWarning;
    decision.needsJustification |= lower.needsJustification;
    if (lower.label > decision.label) {
        decision.label = lower.label;
        decision.rule = std::move(lower.rule);
        decision.message = std::move(lower.message);
    }
    for (std::size_t i = 0; i < decision.findings.size() && i < lower.findings.size(); ++i) {
        FindingDecision& mine = decision.findings[i];
        FindingDecision& theirs = lower.findings[i];
        const int rank = transformRank(theirs.action) - transformRank(mine.action);
        if (rank > 0 || (rank == 0 && theirs.action == Action::redact && theirs.style > mine.style)) {
            mine = std::move(theirs);
        }
    }
    for (std::string& rule : lower.shadowRules) {
        auto& noted = decision.shadowRules;
        if (std::find(noted.begin(), noted.end(), rule) == noted.end()) {
            noted.push_back(std::move(rule));
        }
    }
}

} // namespace gatehouse::policy
