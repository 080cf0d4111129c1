// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "dialects/dialect.h"

// The answer half of openai.chat.
namespace gatehouse::dialects {

[[nodiscard]] Result<AnswerEvent> readOpenAiAnswer(std::string_view document, bool isWhole);
[[nodiscard]] std::string heldOpenAiText(const AnswerEvent& last, const TextField& field, std::string_view text);
[[nodiscard]] std::string wholeOpenAiAnswer(const PlainAnswer& answer);
[[nodiscard]] std::vector<std::string> streamedOpenAiAnswer(const PlainAnswer& answer);

} // namespace gatehouse::dialects
