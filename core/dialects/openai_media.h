// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "dialects/dialect.h"

// What OpenAI's interfaces for pictures and sound have in common (platform.openai.com/docs/api-reference/images,
// /audio).
namespace gatehouse::dialects {

// Reads a form whose boundary `asked` names. Every field's name, text, file name and media type becomes a part; a
// file's bytes become one in base64, as a file in JSON is, with its name beside it ("/image/2/filename",
// "/image/2/data").
[[nodiscard]] Result<ParsedRequest> readFormRequest(std::string_view body, const JsonLimits& limits,
                                                    const Asked& asked);

// The form that leaves: changed texts and the target's own model name, in boundaries of our own.
[[nodiscard]] Result<std::string> composeFormRequest(std::string_view body, const ParsedRequest& request,
                                                     std::span<const std::optional<std::string>> changed,
                                                     std::string_view model);

} // namespace gatehouse::dialects
