// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "base/json.h"
#include "dialects/request_reader.h"

namespace gatehouse::dialects {

// The segments of an RFC 6901 pointer, unescaped: "/messages/0/role" → messages, 0, role.
std::vector<std::string> pointerSegments(std::string_view pointer);

// Labels one string of an OpenAI chat request.
Label openAiLabel(const JsonString& string, const std::vector<std::string>& segments);

// Bytes of an attachment as a base64 data URI.
bool isDataUri(std::string_view text);

} // namespace gatehouse::dialects
