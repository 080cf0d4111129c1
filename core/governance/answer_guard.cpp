// SPDX-License-Identifier: Apache-2.0
#include "governance/answer_guard.h"

#include <algorithm>
#include <map>

#include "governance/describe.h"
#include "governance/inspect_documents.h"

namespace gatehouse::governance {
namespace {

// Findings that are judged together; more in one channel are judged with this many before them.
constexpr std::size_t kJudgedTogether = 256;

struct ChannelState {
    std::unique_ptr<dlp::StreamScanner> scanner;
    std::unique_ptr<dlp::StreamRestorer> restorer; // null where nothing is restored
    dlp::RestoreContext context = dlp::RestoreContext::text;
    std::vector<Finding> findings; // the last kJudgedTogether
    std::size_t released = 0;      // bytes of the channel that the scanner gave
};

class ChannelGuard final : public AnswerGuard {
public:
    explicit ChannelGuard(AnswerGuardParts parts) : m_parts(std::move(parts)) {
        const policy::AuditContent content = m_parts.rules.policy->audit().content;
        m_keepsSanitised = content != policy::AuditContent::none;
        m_keepsOriginal = content == policy::AuditContent::full;
    }

    Result<Step> push(std::string_view channel, std::string_view text,
                      std::optional<dlp::RestoreContext> context) override {
        ChannelState& state = stateOf(channel, context);
        GH_TRY(auto step, state.scanner->push(text));
        return act(state, std::move(step.text), std::move(step.findings));
    }

    Result<Step> finish(std::string_view channel) override {
        const auto found = m_channels.find(channel);
        if (found == m_channels.end()) {
            return Step();
        }
        ChannelState state = std::move(found->second);
        m_channels.erase(found);
        GH_TRY(auto last, state.scanner->finish());
        return actLast(state, std::move(last));
    }

    Result<Step> pushLast(std::string_view channel, std::string_view text,
                          std::optional<dlp::RestoreContext> context) override {
        ChannelState state = std::move(stateOf(channel, context));
        m_channels.erase(m_channels.find(channel));
        GH_TRY(auto last, state.scanner->pushLast(text));
        return actLast(state, std::move(last));
    }

    [[nodiscard]] bool isQuiet(std::string_view text) const override { return m_parts.rules.engine->isQuiet(text); }

    Result<Step> whole(std::string_view text, std::optional<dlp::RestoreContext> context) override {
        auto findings = scanOnce(text);
        if (findings && findings->empty() && !context) {
            Step step;
            step.text = text;
            return step;
        }
        ChannelState state;
        state.context = context.value_or(dlp::RestoreContext::text);
        if (context && m_parts.restores) {
            state.restorer = makeRestorer(state.context);
        }
        m_isRunningText = false;
        auto step = findings ? act(state, std::string(text), std::move(*findings)) : std::unexpected(findings.error());
        if (step && state.restorer != nullptr && !step->isBlocked) {
            auto tail = state.restorer->finish();
            step = tail ? (step->text += *tail, std::move(step)) : std::unexpected(tail.error());
        }
        m_isRunningText = true;
        return step;
    }

    Result<Step> unreadable(std::string why) override {
        if (!m_unreadable) { // once for all of an answer
            ChannelState state;
            const Finding finding = unreadablePart(0, 0, std::move(why));
            m_findings.push_back(finding);
            m_unreadable = judge(state, finding);
        }
        Step step;
        step.isBlocked = *m_unreadable >= Action::redact; // there is nothing to redact in it
        step.decision = m_decision;
        return step;
    }

    [[nodiscard]] const std::vector<Finding>& findings() const override { return m_findings; }
    [[nodiscard]] const policy::Decision& decision() const override { return m_decision; }
    [[nodiscard]] std::optional<std::string> sanitisedText() const override {
        return m_keepsSanitised ? std::optional(cutForRecord(m_sanitised)) : std::nullopt;
    }
    [[nodiscard]] std::optional<std::string> originalText() const override {
        return m_keepsOriginal ? std::optional(cutForRecord(m_original)) : std::nullopt;
    }

private:
    Result<std::vector<Finding>> scanOnce(std::string_view text) {
        ScratchShelf::Loan loan(m_parts.shelf, m_parts.rules.engine);
        return m_parts.rules.engine->scan(text, loan.scratch());
    }

    std::unique_ptr<dlp::StreamRestorer> makeRestorer(dlp::RestoreContext context) const {
        return dlp::StreamRestorer::create(m_parts.answer.conversation, m_parts.vault, context, m_parts.lookAlikes);
    }

    ChannelState& stateOf(std::string_view channel, std::optional<dlp::RestoreContext> context) {
        const auto found = m_channels.find(channel);
        if (found != m_channels.end()) {
            return found->second;
        }
        ChannelState state;
        state.scanner = dlp::StreamScanner::create(m_parts.rules.engine);
        state.context = context.value_or(dlp::RestoreContext::text);
        if (context && m_parts.restores) {
            state.restorer = makeRestorer(state.context);
        }
        return m_channels.emplace(channel, std::move(state)).first->second;
    }

    // The end of a channel: what its restorer held back comes too.
    Result<Step> actLast(ChannelState& state, dlp::StreamScanner::Step last) {
        GH_TRY(Step step, act(state, std::move(last.text), std::move(last.findings)));
        if (state.restorer != nullptr && !step.isBlocked) {
            GH_TRY(const std::string tail, state.restorer->finish());
            give(step, tail);
        }
        step.decision = m_decision;
        return step;
    }

    // Judges the findings one by one and gives the text between them; stops in front of the first that blocks.
    Result<Step> act(ChannelState& state, std::string text, std::vector<Finding> findings) {
        Step step;
        const std::size_t base = state.released;
        state.released += text.size();
        std::size_t at = 0;
        for (Finding& finding : findings) {
            const std::size_t begin = std::min(finding.begin - base, text.size());
            const std::size_t end = std::min(finding.end - base, text.size());
            if (m_parts.lookAlikes != nullptr &&
                m_parts.lookAlikes->covers(std::string_view(text).substr(begin, end - begin))) {
                continue;
            }
            const Action action = judge(state, finding);
            step.findings.push_back(finding);
            m_findings.push_back(finding);
            if (action < Action::redact && action != Action::block) {
                record(m_sanitised, m_keepsSanitised, maskAt(text, at, begin, finding));
                GH_CHECK(restore(state, step, std::string_view(text).substr(at, end - at)));
                at = end;
                continue;
            }
            record(m_sanitised, m_keepsSanitised, maskAt(text, at, begin, finding));
            GH_CHECK(restore(state, step, std::string_view(text).substr(at, begin - at)));
            GH_CHECK(flush(state, step));
            if (action == Action::block) {
                step.isBlocked = true;
                step.decision = m_decision;
                return step;
            }
            give(step, label(finding));
            step.isChanged = true;
            at = end;
        }
        record(m_sanitised, m_keepsSanitised, std::string_view(text).substr(at));
        GH_CHECK(restore(state, step, std::string_view(text).substr(at)));
        return step;
    }

    [[nodiscard]] std::string label(const Finding& finding) const {
        return '[' + m_parts.rules.engine->detector(finding.detector).placeholder + ']';
    }

    [[nodiscard]] std::string maskAt(std::string_view text, std::size_t at, std::size_t begin,
                                     const Finding& finding) const {
        return std::string(text.substr(at, begin - at)) + label(finding);
    }

    Action judge(ChannelState& state, const Finding& finding) {
        if (state.findings.size() >= kJudgedTogether) {
            state.findings.erase(state.findings.begin());
        }
        state.findings.push_back(finding);
        const policy::Subject subject{&m_parts.answer, m_parts.destination, m_parts.clock.wall()};
        policy::Decision decision = m_parts.rules.policy->evaluate(subject, state.findings);
        const Action own = decision.findings.empty() ? Action::block : decision.findings.back().action;
        const bool isBlocked = decision.isBlocked;
        if (m_decision.rule.empty() || decision.label > m_decision.label) {
            m_decision = std::move(decision);
            m_decision.findings.clear();
        }
        return isBlocked ? Action::block : own;
    }

    // What comes before a redaction is complete: the restorer must not wait for more.
    Result<> flush(ChannelState& state, Step& step) {
        if (state.restorer == nullptr) {
            return {};
        }
        GH_TRY(const std::string tail, state.restorer->finish());
        give(step, tail);
        state.restorer = makeRestorer(state.context);
        return {};
    }

    Result<> restore(ChannelState& state, Step& step, std::string_view text) {
        if (state.restorer == nullptr) {
            give(step, text);
            return {};
        }
        GH_TRY(const std::string restored, state.restorer->push(text));
        give(step, restored);
        return {};
    }

    void give(Step& step, std::string_view text) {
        step.text += text;
        record(m_original, m_keepsOriginal, text);
    }

    void record(std::string& kept, bool isKept, std::string_view text) const {
        if (isKept && m_isRunningText && kept.size() <= kMaxRecordText) {
            kept += text;
        }
    }

    AnswerGuardParts m_parts;
    bool m_keepsSanitised = false;
    bool m_keepsOriginal = false;
    bool m_isRunningText = true; // ids and keys stay out of the record's texts
    std::map<std::string, ChannelState, std::less<>> m_channels;
    std::vector<Finding> m_findings;
    std::optional<Action> m_unreadable; // what policy says of a picture or a recording in this answer
    policy::Decision m_decision;
    std::string m_sanitised;
    std::string m_original;
};

} // namespace

std::unique_ptr<AnswerGuard> makeAnswerGuard(AnswerGuardParts parts) {
    return std::make_unique<ChannelGuard>(std::move(parts));
}

} // namespace gatehouse::governance
