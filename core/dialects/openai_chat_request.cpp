// SPDX-License-Identifier: Apache-2.0
#include "dialects/openai_chat_request.h"

#include <algorithm>
#include <map>

#include "dialects/json_edit.h"
#include "dialects/openai_parts.h"

namespace gatehouse::dialects {
namespace {

constexpr std::string_view kAskForUsage = R"("include_usage":true)";

// Sets the roles of the parts of each message, which its member "role" may follow.
void setRoles(ParsedRequest& request) {
    std::map<std::string, std::string, std::less<>> roles; // by message index
    for (const Part& part : request.parts) {
        const auto segments = pointerSegments(part.pointer);
        if (part.kind == PartKind::metadata && segments.size() == 3 && segments[0] == "messages" &&
            segments[2] == "role") {
            roles[segments[1]] = part.text;
        }
    }
    for (Part& part : request.parts) {
        const auto segments = pointerSegments(part.pointer);
        if (segments.size() < 2 || segments[0] != "messages") {
            continue;
        }
        const auto role = roles.find(segments[1]);
        if (role == roles.end()) {
            continue;
        }
        part.role = role->second;
        if (part.kind == PartKind::text) {
            const bool isSystem = part.role == "system" || part.role == "developer";
            const bool isTool = part.role == "tool" || part.role == "function";
            part.kind = isSystem ? PartKind::system : isTool ? PartKind::toolResult : PartKind::text;
        }
    }
}

void setSeed(ParsedRequest& request) {
    for (const Part& part : request.parts) {
        const bool isUser = part.kind == PartKind::text && part.role == "user";
        if (part.kind == PartKind::system || isUser) {
            request.seed += part.text;
            request.seed += '\0';
        }
        if (isUser) {
            return;
        }
    }
}

const Part* findKey(const ParsedRequest& request, std::string_view pointer) {
    const auto found = std::find_if(request.parts.begin(), request.parts.end(), [pointer](const Part& part) {
        return part.kind == PartKind::key && part.pointer == pointer;
    });
    return found == request.parts.end() ? nullptr : &*found;
}

std::string_view textAt(std::string_view body, JsonRange range) {
    return body.substr(range.begin, range.end - range.begin);
}

// Asks for usage at the end of a stream, with as few bytes changed as can be. Values of a wrong type are left to the
// provider's own error.
void askForUsage(std::string_view body, const ParsedRequest& request, std::vector<JsonEdit>& edits) {
    if (const Part* key = findKey(request, "/stream_options/include_usage"); key != nullptr) {
        const JsonRange value = memberValue(body, key->tokenEnd);
        if (textAt(body, value) == "false" || textAt(body, value) == "null") {
            edits.push_back({value.begin, value.end, "true"});
        }
        return;
    }
    if (const Part* key = findKey(request, "/stream_options"); key != nullptr) {
        const JsonRange value = memberValue(body, key->tokenEnd);
        if (body[value.begin] == '{') {
            const bool isEmpty = textAt(body, value).find('"') == std::string_view::npos;
            edits.push_back({value.begin + 1, value.begin + 1, std::string(kAskForUsage) + (isEmpty ? "" : ",")});
        } else if (textAt(body, value) == "null") {
            edits.push_back({value.begin, value.end, "{" + std::string(kAskForUsage) + "}"});
        }
        return;
    }
    const std::size_t brace = body.find('{') + 1;
    edits.push_back({brace, brace, R"("stream_options":{)" + std::string(kAskForUsage) + "},"});
}

// True when `messages` is a list of at least one object whose contents are texts, lists or null. What the strings do
// not show (numbers, booleans in the wrong place) is looked up in the bytes.
bool areMessages(std::string_view body, JsonRange list) {
    if (body[list.begin] != '[') {
        return false;
    }
    std::size_t at = list.begin + 1;
    std::size_t count = 0;
    for (;; ++count) {
        const JsonRange element = elementValue(body, at);
        if (element.begin == element.end) {
            return count > 0;
        }
        if (body[element.begin] != '{') {
            return false;
        }
        at = element.end;
    }
}

bool isMessageContent(const JsonString& string, const std::vector<std::string>& segments) {
    return string.isKey && segments.size() == 3 && segments[0] == "messages" && segments[2] == "content";
}

} // namespace

Result<ParsedRequest> parseOpenAiChat(std::string_view body, const JsonLimits& limits) {
    GH_TRY(std::vector<JsonString> strings, indexJson(body, limits));
    const std::size_t first = body.find_first_not_of(" \t\r\n");
    if (first == std::string_view::npos || body[first] != '{') {
        return fail(ErrorKind::invalidInput, "the body is not a JSON object");
    }
    ParsedRequest request;
    request.parts.reserve(strings.size());
    bool hasMessages = false;
    bool hasModel = false;
    for (const JsonString& string : strings) {
        const auto segments = pointerSegments(string.pointer);
        if (string.isKey && segments.size() == 1) {
            const std::string_view value = textAt(body, memberValue(body, string.end));
            if (segments[0] == "stream") {
                if (value != "true" && value != "false" && value != "null") {
                    return fail(ErrorKind::invalidInput, "the member 'stream' is not a boolean");
                }
                request.isStream = value == "true";
            } else if (segments[0] == "messages") {
                hasMessages = areMessages(body, memberValue(body, string.end));
            }
        } else if (isMessageContent(string, segments)) {
            const char start = body[memberValue(body, string.end).begin];
            if (start != '"' && start != '[' && start != 'n') {
                return fail(ErrorKind::invalidInput, "a message's 'content' is neither a text nor a list of parts");
            }
        } else if (string.isKey && string.pointer == "/stream_options/include_usage") {
            request.wantsUsage = textAt(body, memberValue(body, string.end)) == "true";
        } else if (!string.isKey && string.pointer == "/model") {
            request.model = string.text;
            hasModel = !string.text.empty();
        }
        request.hasReferences = request.hasReferences || isOpenAiReference(string, segments);
        request.parts.push_back(openAiPart(string, segments));
        // The asked name goes to a provider that takes any model: nothing may be redacted in it, so a finding refuses.
        if (!string.isKey && string.pointer == "/model") {
            request.parts.back().isImmutable = true;
        }
    }
    if (!hasModel) {
        return fail(ErrorKind::invalidInput, "the member 'model' is missing or not a string");
    }
    if (!hasMessages) {
        return fail(ErrorKind::invalidInput, "the member 'messages' is missing, empty or not a list of messages");
    }
    setRoles(request);
    setSeed(request);
    return request;
}

Result<std::string> composeOpenAiChat(std::string_view body, const ParsedRequest& request,
                                      std::span<const std::optional<std::string>> changed, std::string_view model) {
    if (changed.size() != request.parts.size()) {
        return fail(ErrorKind::internal, "compose: one entry per part expected");
    }
    std::vector<JsonEdit> edits;
    for (std::size_t i = 0; i < changed.size(); ++i) {
        const Part& part = request.parts[i];
        if (part.pointer == "/model" && part.kind != PartKind::key) {
            if (model != part.text) {
                edits.push_back({part.tokenBegin, part.tokenEnd, quoteJson(model)});
            }
        } else if (changed[i] && *changed[i] != part.text) {
            edits.push_back({part.tokenBegin, part.tokenEnd, quoteJson(*changed[i])});
        }
    }
    if (request.isStream && !request.wantsUsage) {
        askForUsage(body, request, edits);
    }
    if (edits.empty()) {
        return std::string(body);
    }
    std::string out = applyEdits(body, std::move(edits));
    // A changed key could now equal its neighbour: two readers of such a body might disagree.
    JsonLimits generous;
    generous.maxBytes = out.size() + 1;
    generous.maxString = out.size() + 1;
    GH_CHECK(checkJson(out, generous));
    return out;
}

} // namespace gatehouse::dialects
