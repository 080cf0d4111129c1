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

// A long number as a text with the name of its member, as a field is read: that is context, and tells "seed": 4111…
// from "card": 4111…
std::string numberInWords(std::string_view document, const JsonNumber& number);

// Bytes of an attachment as a base64 data URI.
bool isDataUri(std::string_view text);

} // namespace gatehouse::dialects
