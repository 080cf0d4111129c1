// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "dlp/validators.h"

namespace gatehouse::dlp {

// How far words of context count, in bytes of the normalised text.
inline constexpr std::size_t kContextBefore = 72;
inline constexpr std::size_t kContextAfter = 24;
inline constexpr double kContextAfterScore = 1.6; // what a word behind the value adds; words in front add more

// The log-odds that context words near `span` add: the nearest counts, before more than after. 0 when there is none.
// Words match without regard to case, from the start of a word ("card" hits "cards" and "card_no", not "discard").
double contextScore(std::string_view text, Span span, const std::vector<std::string>& words);

} // namespace gatehouse::dlp
