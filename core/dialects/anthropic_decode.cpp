// SPDX-License-Identifier: Apache-2.0
// A request of anthropic.messages as the canonical model.
#include <algorithm>
#include <array>

#include "dialects/anthropic_codec.h"
#include "dialects/json_view.h"

namespace gatehouse::dialects {
namespace {

constexpr std::array<std::string_view, 16> kKnown{
    "model", "messages", "system",         "max_tokens", "stream",        "tools",         "tool_choice", "temperature",
    "top_p", "top_k",    "stop_sequences", "thinking",   "output_config", "output_format", "metadata",    "user"};

// Hints that change nothing in the meaning are named; sources that nobody but the vendor can read are refused.
Result<> readSource(const OrderedJson& source, ChatBlock& block) {
    const std::string type = textAt(source, "type");
    if (type == "base64") {
        block.mediaType = textAt(source, "media_type");
        block.data = textAt(source, "data");
    } else if (type == "url") {
        block.url = textAt(source, "url");
    } else if (type == "text") {
        block.kind = BlockKind::text;
        block.text = textAt(source, "data");
    } else {
        return fail(ErrorKind::invalidInput, "a source that another interface cannot take");
    }
    return {};
}

Result<ChatBlock> readBlock(const OrderedJson& part, ChatRequest& request);

Result<std::vector<ChatBlock>> readContent(const OrderedJson& content, ChatRequest& request) {
    std::vector<ChatBlock> blocks;
    if (content.is_string() && !content.get_ref<const std::string&>().empty()) {
        blocks.emplace_back().text = content.get<std::string>();
    }
    for (const OrderedJson& part : content.is_array() ? content : OrderedJson::array()) {
        GH_TRY(ChatBlock block, readBlock(part, request));
        blocks.push_back(std::move(block));
    }
    return blocks;
}

Result<ChatBlock> readToolResult(const OrderedJson& part, ChatRequest& request) {
    ChatBlock block;
    block.kind = BlockKind::toolResult;
    block.id = textAt(part, "tool_use_id");
    block.isError = flagAt(part, "is_error");
    GH_TRY(block.content, readContent(memberOf(part, "content"), request));
    return block;
}

Result<ChatBlock> readBlock(const OrderedJson& part, ChatRequest& request) {
    if (!memberOf(part, "cache_control").is_null()) {
        addUntranslated(request.untranslated, "cache_control");
    }
    ChatBlock block;
    const std::string type = textAt(part, "type");
    if (type == "text") {
        block.text = textAt(part, "text");
        return block;
    }
    if (type == "image" || type == "document") {
        block.kind = type == "image" ? BlockKind::image : BlockKind::file;
        block.name = textAt(part, "title");
        if (!memberOf(part, "citations").is_null()) {
            addUntranslated(request.untranslated, "citations");
        }
        GH_CHECK(readSource(memberOf(part, "source"), block));
        return block;
    }
    if (type == "tool_use") {
        block.kind = BlockKind::toolCall;
        block.id = textAt(part, "id");
        block.name = textAt(part, "name");
        const OrderedJson& input = memberOf(part, "input");
        block.text = input.is_object() ? dump(input) : "{}";
        return block;
    }
    if (type == "tool_result") {
        return readToolResult(part, request);
    }
    if (type == "thinking" || type == "redacted_thinking") {
        block.kind = BlockKind::reasoning;
        block.text = textAt(part, "thinking");
        block.signature = textAt(part, "signature");
        block.sealed = textAt(part, "data");
        return block;
    }
    return fail(ErrorKind::invalidInput, "a content block that another interface cannot take");
}

// Tool results stand in the user's message here; everywhere else they come first and on their own.
Result<> readMessage(const OrderedJson& message, ChatRequest& request) {
    GH_TRY(std::vector<ChatBlock> blocks, readContent(memberOf(message, "content"), request));
    ChatMessage results{ChatRole::tool, {}};
    ChatMessage rest;
    const std::string role = textAt(message, "role");
    rest.role = role == "assistant" ? ChatRole::assistant : role == "system" ? ChatRole::system : ChatRole::user;
    const bool isEmpty = blocks.empty();
    for (ChatBlock& block : blocks) {
        (block.kind == BlockKind::toolResult ? results : rest).blocks.push_back(std::move(block));
    }
    if (!results.blocks.empty()) {
        request.messages.push_back(std::move(results));
    }
    if (!rest.blocks.empty() || isEmpty) {
        request.messages.push_back(std::move(rest));
    }
    return {};
}

void readTools(const OrderedJson& body, ChatRequest& request) {
    const OrderedJson& tools = memberOf(body, "tools");
    for (const OrderedJson& each : tools.is_array() ? tools : OrderedJson::array()) {
        const std::string type = textAt(each, "type");
        if (!memberOf(each, "input_schema").is_object() && !type.empty() && type != "custom") {
            addUntranslated(request.untranslated, "tools." + type); // the vendor's own: nobody else can run it
            continue;
        }
        ChatTool tool;
        tool.name = textAt(each, "name");
        tool.description = textAt(each, "description");
        tool.schema = memberOf(each, "input_schema");
        if (memberOf(each, "strict").is_boolean()) {
            tool.isStrict = flagAt(each, "strict");
        }
        request.tools.push_back(std::move(tool));
    }
    const OrderedJson& choice = memberOf(body, "tool_choice");
    const std::string type = textAt(choice, "type");
    if (request.tools.empty() || type.empty()) {
        return; // a choice among no tools is an error elsewhere
    }
    request.toolMode = type == "any"    ? ToolMode::required
                       : type == "none" ? ToolMode::none
                       : type == "tool" ? ToolMode::named
                                        : ToolMode::automatic;
    request.toolName = textAt(choice, "name");
    if (memberOf(choice, "disable_parallel_tool_use").is_boolean()) {
        request.allowsParallelCalls = !flagAt(choice, "disable_parallel_tool_use");
    }
}

void readOutput(const OrderedJson& body, ChatRequest& request) {
    const OrderedJson& config = memberOf(body, "output_config");
    request.effort = textAt(config, "effort");
    const OrderedJson& format =
        memberOf(config, "format").is_object() ? memberOf(config, "format") : memberOf(body, "output_format");
    if (textAt(format, "type") == "json_schema") {
        request.output = OutputForm::schema;
        request.outputSchema = memberOf(format, "schema");
        request.isOutputStrict = true;
    }
    const OrderedJson& thinking = memberOf(body, "thinking");
    const std::string type = textAt(thinking, "type");
    if (!type.empty()) {
        request.wantsReasoning = type != "disabled";
        request.reasoningTokens = wholeNumberAt(thinking, "budget_tokens");
    }
}

} // namespace

Result<ChatRequest> decodeAnthropic(std::string_view body, const Asked& /*asked*/) {
    GH_TRY(const OrderedJson dom, parseOrdered(body));
    ChatRequest request;
    request.model = textAt(dom, "model");
    request.isStream = flagAt(dom, "stream");
    request.maxTokens = wholeNumberAt(dom, "max_tokens");
    GH_TRY(std::vector<ChatBlock> system, readContent(memberOf(dom, "system"), request));
    if (!system.empty()) {
        request.messages.push_back({ChatRole::system, std::move(system)});
    }
    for (const OrderedJson& message : memberOf(dom, "messages")) {
        GH_CHECK(readMessage(message, request));
    }
    readTools(dom, request);
    readOutput(dom, request);
    request.temperature = numberAt(dom, "temperature");
    request.topP = numberAt(dom, "top_p");
    request.topK = wholeNumberAt(dom, "top_k");
    const OrderedJson& stop = memberOf(dom, "stop_sequences");
    for (const OrderedJson& word : stop.is_array() ? stop : OrderedJson::array()) {
        if (word.is_string()) {
            request.stop.push_back(word.get<std::string>());
        }
    }
    request.user = textAt(memberOf(dom, "metadata"), "user_id");
    for (const auto& [name, value] : dom.items()) {
        if (!value.is_null() && std::find(kKnown.begin(), kKnown.end(), name) == kKnown.end()) {
            addUntranslated(request.untranslated, name);
        }
    }
    return request;
}

} // namespace gatehouse::dialects
