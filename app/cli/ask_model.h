// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <chrono>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "types/finding.h"

namespace gatehouse::cli {

// A language model on this machine that is asked for a second opinion (dlp/second_opinion.h).
struct ModelToAsk {
    std::string url; // of its OpenAI interface: "http://127.0.0.1:8080/v1"
    std::string name;
    std::chrono::milliseconds time{20'000}; // for all windows of one text
    Level minimum = Level::medium;
};

// What the model takes for sensitive, ordered, not overlapping. unavailable when it does not answer in time, corrupt
// when it answers something else than what was asked for; limit when the text is longer than what is asked. Blocks.
[[nodiscard]] Result<std::vector<Finding>> askModel(const ModelToAsk& model, std::string_view text);

} // namespace gatehouse::cli
