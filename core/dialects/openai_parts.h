// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "base/json.h"
#include "types/interaction.h"

namespace gatehouse::dialects {

// The segments of an RFC 6901 pointer, unescaped: "/messages/0/role" → messages, 0, role.
std::vector<std::string> pointerSegments(std::string_view pointer);

// Labels one string of an OpenAI chat request. The part's role is left empty.
Part openAiPart(const JsonString& string, const std::vector<std::string>& segments);

// True when the provider would fetch or look up what this string names: a file id, a remote URL, a stored answer.
bool isOpenAiReference(const JsonString& string, const std::vector<std::string>& segments);

} // namespace gatehouse::dialects
