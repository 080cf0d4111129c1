// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <memory>

#include "base/clock.h"
#include "governance/governor.h"
#include "governance/inspect.h"

namespace gatehouse::governance {

struct AnswerGuardParts {
    Rules rules;
    Interaction answer; // the prompt's, without its parts, direction answer
    Destination destination;
    bool restores = false;
    dlp::Vault& vault;
    ScratchShelf& shelf;
    const Clock& clock;
    // Of the conversation; nullptr where policy has none. What is found in an answer and is one of them is no finding.
    std::shared_ptr<const dlp::LookAlikes> lookAlikes;
};

// Scanner, decision, redaction and restorer of each channel in this order. What policy redacts is shown as "[CARD]" and
// never meets the restorer; every finding is judged together with those of its channel before it, so that the split of
// the text makes no difference.
std::unique_ptr<AnswerGuard> makeAnswerGuard(AnswerGuardParts parts);

} // namespace gatehouse::governance
