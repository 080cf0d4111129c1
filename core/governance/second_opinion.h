// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <deque>
#include <memory>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "base/clock.h"
#include "dlp/allow_list.h"
#include "governance/local_model.h"
#include "governance/turns.h"
#include "policy/policy.h"
#include "types/interaction.h"

// What a language model on this machine makes of a prompt (dlp/second_opinion.h), where policy asks for it. One
// question at a time; what it said of a piece of text is kept for a while, so that a conversation's earlier messages, a
// retry, or a paste that was looked at before it happened are not asked about again. gw-io only.
namespace gatehouse::governance {

class SecondOpinions final {
public:
    SecondOpinions(LocalModel& model, const Clock& clock) : m_model(model), m_clock(clock) {}

    // True where policy wants one about such an interaction.
    [[nodiscard]] static bool isWanted(const policy::PolicySet& policy, const Interaction& interaction);
    // What the model takes for sensitive in the texts that people and tools wrote; without an opinion on all of them in
    // time, one finding of kNoOpinionDetector besides what it said so far. Ordered by part and begin; apart from that
    // one, those of a part do not overlap.
    [[nodiscard]] Task<std::vector<Finding>> hear(std::shared_ptr<const policy::PolicySet> policy,
                                                  const Interaction& interaction);

private:
    struct Round; // one interaction's
    [[nodiscard]] Task<Result<std::vector<Finding>>> hearPart(Round& round, const Part& part);
    [[nodiscard]] Task<Result<std::vector<Finding>>> hearWindow(Round& round, std::string_view window);
    [[nodiscard]] bool isReported(const std::shared_ptr<const policy::PolicySet>& policy, const Finding& finding,
                                  std::string_view value);
    void keep(std::string key, std::vector<Finding> findings);

    LocalModel& m_model;
    const Clock& m_clock;
    Turns m_turns;
    std::unordered_map<std::string, std::vector<Finding>> m_known; // by hash of the question
    std::deque<std::string> m_order;                               // of m_known, oldest first
    std::shared_ptr<const policy::PolicySet> m_allowedBy;          // whose list m_allowed is
    std::unique_ptr<dlp::AllowList> m_allowed;
};

// Findings of a text and what a model adds to them, each ordered and not overlapping, as one list that is so too. The
// model's keep only what the others leave free.
[[nodiscard]] std::vector<Finding> addOpinion(std::vector<Finding> findings, const std::vector<Finding>& opinion);

} // namespace gatehouse::governance
