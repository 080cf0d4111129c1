// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <span>
#include <string>
#include <string_view>

#include "dialects/dialect.h"

// The request half of openai.chat; the answer half is openai_chat_answer.h. Both are used through openAiChat().
namespace gatehouse::dialects {

[[nodiscard]] Result<ParsedRequest> parseOpenAiChat(std::string_view body, const JsonLimits& limits,
                                                    const Asked& asked);
[[nodiscard]] Result<std::string> composeOpenAiChat(std::string_view body, const ParsedRequest& request,
                                                    std::span<const std::optional<std::string>> changed,
                                                    std::string_view model);

} // namespace gatehouse::dialects
