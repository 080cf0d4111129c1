// SPDX-License-Identifier: Apache-2.0
#include "dialects/openai_chat_request.h"

#include <algorithm>

#include "dialects/json_edit.h"
#include "dialects/openai_parts.h"
#include "dialects/request_reader.h"

namespace gatehouse::dialects {
namespace {

constexpr std::string_view kAskForUsage = R"("include_usage":true)";

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

// A message's content is a text, a list of parts or null: what the strings do not show (numbers, booleans) is looked up
// in the bytes.
Result<> checkContents(std::string_view body, const ParsedRequest& request) {
    for (const Part& part : request.parts) {
        const std::string_view pointer = part.pointer;
        if (part.kind != PartKind::key || !pointer.starts_with("/messages/") || !pointer.ends_with("/content") ||
            std::count(pointer.begin(), pointer.end(), '/') != 3) {
            continue;
        }
        const char start = body[memberBegin(body, part.tokenEnd)];
        if (start != '"' && start != '[' && start != 'n') {
            return fail(ErrorKind::invalidInput, "a message's 'content' is neither a text nor a list of parts");
        }
    }
    return {};
}

} // namespace

Result<ParsedRequest> parseOpenAiChat(std::string_view body, const JsonLimits& limits, const Asked& asked) {
    const RequestForm form{.label = openAiLabel, .messages = "messages"};
    GH_TRY(ParsedRequest request, readRequest(body, limits, asked, form));
    GH_CHECK(needObjects(body, request, "messages"));
    GH_CHECK(checkContents(body, request));
    request.wantsUsage = memberBytes(body, request, "/stream_options/include_usage") == "true";
    return request;
}

Result<std::string> composeOpenAiChat(std::string_view body, const ParsedRequest& request,
                                      std::span<const std::optional<std::string>> changed, std::string_view model) {
    std::vector<JsonEdit> edits;
    if (request.isStream && !request.wantsUsage) {
        askForUsage(body, request, edits);
    }
    return composeRequest(body, request, changed, model, std::move(edits));
}

} // namespace gatehouse::dialects
