// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string_view>
#include <vector>

#include "base/result.h"
#include "dlp/engine.h"
#include "types/finding.h"

namespace gatehouse::governance {

// The engine's findings in a text, also where it holds more candidates than one scan takes: then its halves are
// scanned, which overlap, and halves of those, so that a flood hides nothing that stands beside it. Ordered, not
// overlapping. limit when even a small piece holds too many.
[[nodiscard]] Result<std::vector<Finding>> scanText(const dlp::Engine& engine, dlp::Scratch& scratch,
                                                    std::string_view text);

// Two lists of findings of one text, each ordered and not overlapping, as one that is so too. Where findings of both
// overlap, the stronger one keeps the place and the other what is left of it: what either covers stays covered.
[[nodiscard]] std::vector<Finding> mergeFindings(std::vector<Finding> a, std::vector<Finding> b);

} // namespace gatehouse::governance
