// SPDX-License-Identifier: Apache-2.0
#include "governance/second_opinion.h"

#include <algorithm>

#include "base/crypto.h"
#include "dlp/second_opinion.h"
#include "governance/inspect_documents.h"

namespace gatehouse::governance {
namespace {

constexpr std::size_t kMostQuestions = 12; // of one interaction
constexpr std::size_t kMostKept = 1024;
constexpr std::ptrdiff_t kFewestBlanks = 4; // below, a text says nothing that only a reader would notice

// Texts that somebody reads: not keys, names and identifiers. A page's HTML form says what its plain text says.
bool isAskedAbout(const Part& part) {
    const bool isText = part.kind == PartKind::text || part.kind == PartKind::system ||
                        part.kind == PartKind::toolCall || part.kind == PartKind::toolResult ||
                        (part.kind == PartKind::other && !part.pointer.empty());
    return isText && !isAttachment(part) && std::count_if(part.text.begin(), part.text.end(), [](char c) {
                                                return c == ' ' || c == '\n';
                                            }) >= kFewestBlanks;
}

bool isNamed(const std::vector<std::string>& patterns, std::string_view detector) {
    return std::any_of(patterns.begin(), patterns.end(), [detector](std::string_view pattern) {
        return pattern == detector ||
               (pattern.ends_with(".*") && detector.starts_with(pattern.substr(0, pattern.size() - 1)));
    });
}

Finding noOpinion(std::size_t part, std::string why) {
    Finding finding;
    finding.detector = kNoOpinionDetector;
    finding.findingClass = FindingClass::unreadable;
    finding.part = part;
    finding.confidence = 1;
    finding.level = Level::high;
    finding.why = std::move(why);
    return finding;
}

} // namespace

struct SecondOpinions::Round {
    std::shared_ptr<const policy::PolicySet> policy;
    policy::SecondOpinion settings;
    MonotonicTime until;
    std::size_t questions = 0;
};

bool SecondOpinions::isWanted(const policy::PolicySet& policy, const Interaction& interaction) {
    const auto& settings = policy.secondOpinion();
    if (!settings || interaction.direction != Direction::prompt) {
        return false;
    }
    const auto& channels = settings->channels;
    return channels.empty() || std::find(channels.begin(), channels.end(), interaction.channel) != channels.end();
}

Task<std::vector<Finding>> SecondOpinions::hear(std::shared_ptr<const policy::PolicySet> policy,
                                                const Interaction& interaction) {
    Round round{policy, *policy->secondOpinion(), m_clock.monotonic() + policy->secondOpinion()->time};
    std::vector<std::vector<Finding>> byPart(interaction.parts.size());
    // The newest first: what was said before is mostly known.
    for (std::size_t i = interaction.parts.size(); i-- > 0;) {
        if (!isAskedAbout(interaction.parts[i])) {
            continue;
        }
        auto told = co_await hearPart(round, interaction.parts[i]);
        if (!told) {
            byPart[i] = {noOpinion(i, told.error().what)};
            break;
        }
        for (Finding& finding : *told) {
            finding.part = i;
        }
        byPart[i] = std::move(*told);
    }
    std::vector<Finding> all;
    for (std::vector<Finding>& own : byPart) {
        std::move(own.begin(), own.end(), std::back_inserter(all));
    }
    co_return all;
}

Task<Result<std::vector<Finding>>> SecondOpinions::hearPart(Round& round, const Part& part) {
    const auto windows = dlp::opinionWindows(part.text, kMostKept);
    if (!windows.empty() && windows.back().end < part.text.size()) {
        co_return fail(ErrorKind::limit, "the text is longer than what a local model is asked about");
    }
    std::vector<Finding> all;
    for (const dlp::OpinionWindow& window : windows) {
        const std::string_view text = std::string_view(part.text).substr(window.begin, window.end - window.begin);
        GH_CO_TRY(std::vector<Finding> told, co_await hearWindow(round, text));
        for (Finding& finding : told) {
            const std::string_view value = text.substr(finding.begin, finding.end - finding.begin);
            const bool isNew = all.empty() || finding.begin + window.begin >= all.back().end;
            if (isNew && isReported(round.policy, finding, value)) {
                finding.begin += window.begin;
                finding.end += window.begin;
                all.push_back(std::move(finding));
            }
        }
    }
    co_return all;
}

Task<Result<std::vector<Finding>>> SecondOpinions::hearWindow(Round& round, std::string_view window) {
    std::string key = round.settings.url + '\n' + round.settings.model + '\n';
    for (const std::string& kind : round.settings.kinds) {
        key += kind + '\n';
    }
    key += window;
    key = sha256Hex(key);
    if (const auto known = m_known.find(key); known != m_known.end()) {
        co_return known->second;
    }
    const auto left = [this, &round] {
        return std::chrono::duration_cast<std::chrono::milliseconds>(round.until - m_clock.monotonic());
    };
    const auto patience = left();
    const auto turn = co_await m_turns.take(patience);
    if (!turn || left().count() <= 0) {
        co_return fail(ErrorKind::unavailable, "the local model takes too long");
    }
    if (const auto known = m_known.find(key); known != m_known.end()) {
        co_return known->second; // somebody asked the same while this one waited
    }
    if (++round.questions > kMostQuestions) {
        co_return fail(ErrorKind::limit, "the text is longer than what a local model is asked about");
    }
    LocalModel::Question question{round.settings.url, round.settings.model,
                                  dlp::opinionRequest(round.settings.model, window, round.settings.kinds), left()};
    GH_CO_TRY(const std::string body, co_await m_model.ask(std::move(question)));
    GH_CO_TRY(std::vector<Finding> findings, dlp::readOpinion(body, window, round.settings.kinds));
    keep(std::move(key), findings);
    co_return findings;
}

bool SecondOpinions::isReported(const std::shared_ptr<const policy::PolicySet>& policy, const Finding& finding,
                                std::string_view value) {
    const policy::DetectorSettings& settings = policy->detectors();
    if (finding.level < Level::medium || isNamed(settings.disabled, finding.detector)) {
        return false;
    }
    if (m_allowedBy != policy) {
        dlp::EngineOptions options;
        options.allowed = settings.allowed;
        options.allowedPatterns = settings.allowedPatterns;
        options.allowedHashes = settings.allowedHashes;
        auto allowed = dlp::AllowList::compile(options);
        m_allowed = allowed ? std::move(*allowed) : nullptr;
        m_allowedBy = policy;
    }
    return m_allowed == nullptr || !m_allowed->holds(value);
}

void SecondOpinions::keep(std::string key, std::vector<Finding> findings) {
    if (m_order.size() >= kMostKept) {
        m_known.erase(m_order.front());
        m_order.pop_front();
    }
    m_order.push_back(key);
    m_known.insert_or_assign(std::move(key), std::move(findings));
}

std::vector<Finding> addOpinion(std::vector<Finding> findings, const std::vector<Finding>& opinion) {
    constexpr std::size_t kShortest = 4; // of what is left of a quote
    std::vector<Finding> added;
    const auto add = [&added](const Finding& told, std::size_t begin, std::size_t end) {
        if (begin + kShortest <= end || told.begin == told.end) {
            added.push_back(told);
            added.back().begin = begin;
            added.back().end = end;
        }
    };
    for (const Finding& told : opinion) {
        std::size_t begin = told.begin;
        for (const Finding& finding : findings) {
            if (begin < told.end && finding.begin < told.end && finding.end > begin) {
                add(told, begin, std::max(begin, finding.begin));
                begin = std::min(finding.end, told.end);
            }
        }
        add(told, begin, told.end);
    }
    std::move(added.begin(), added.end(), std::back_inserter(findings));
    std::stable_sort(findings.begin(), findings.end(),
                     [](const Finding& a, const Finding& b) { return a.begin < b.begin; });
    return findings;
}

} // namespace gatehouse::governance
