// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <string_view>

namespace gatehouse {

// What a language model on this machine is asked for. docs/formats/second-opinion.md
inline constexpr std::array<std::string_view, 5> kOpinionKinds{"person", "health", "trade-secret", "finance", "legal"};

// Where one was asked and gave no opinion: a finding over nothing (begin == end), about which no rule is asked;
// policy's section "second_opinion" says what happens.
inline constexpr std::string_view kNoOpinionDetector = "unreadable.model.no-opinion";

} // namespace gatehouse
