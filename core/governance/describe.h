// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "governance/governor.h"

namespace gatehouse::governance {

// The most bytes of text that one record keeps.
constexpr std::size_t kMaxRecordText = 1024UL * 1024UL;

// `text` with every finding replaced by its label ("[CARD]"). Findings ordered, not overlapping.
std::string maskFindings(const dlp::Engine& engine, std::string_view text, std::span<const Finding> findings);

// Cut to kMaxRecordText at the start of a code point, with a mark that says so.
std::string cutForRecord(std::string text);

// Governor::describe().
AuditRecord describeInteraction(const Rules& rules, const Interaction& interaction, const Destination& destination,
                                const std::vector<Finding>& findings, const policy::Decision& decision,
                                const Transformed* transformed);

// Governor::explain().
std::string explainDecision(const dlp::Engine* engine, const std::vector<Finding>& findings,
                            const policy::Decision& decision, Channel channel);

// The findings of one part; `findings` are ordered by part.
std::span<const Finding> findingsOf(const std::vector<Finding>& findings, std::size_t part);

} // namespace gatehouse::governance
