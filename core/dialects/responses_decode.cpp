// SPDX-License-Identifier: Apache-2.0
// A request of openai.responses as the canonical model.
#include <algorithm>
#include <array>

#include "dialects/json_view.h"
#include "dialects/openai_chat_codec.h"
#include "dialects/responses_codec.h"

namespace gatehouse::dialects {
namespace {

constexpr std::array<std::string_view, 18> kKnown{"model",
                                                  "input",
                                                  "instructions",
                                                  "stream",
                                                  "tools",
                                                  "tool_choice",
                                                  "parallel_tool_calls",
                                                  "text",
                                                  "temperature",
                                                  "top_p",
                                                  "max_output_tokens",
                                                  "reasoning",
                                                  "user",
                                                  "previous_response_id",
                                                  "conversation",
                                                  "background",
                                                  "include",
                                                  "top_logprobs"};

Result<ChatBlock> readPart(const OrderedJson& part) {
    ChatBlock block;
    const std::string type = textAt(part, "type");
    if (type == "input_text" || type == "output_text" || type == "text" || type == "summary_text") {
        block.text = textAt(part, "text");
        return block;
    }
    if (type == "refusal") {
        block.kind = BlockKind::refusal;
        block.text = textAt(part, "refusal");
        return block;
    }
    if (type == "input_image" && memberOf(part, "image_url").is_string()) {
        block.kind = BlockKind::image;
        setImageUrl(block, textAt(part, "image_url"));
        block.detail = textAt(part, "detail");
        return block;
    }
    if (type == "input_file" && memberOf(part, "file_data").is_string()) {
        block.kind = BlockKind::file;
        block.name = textAt(part, "filename");
        const auto uri = splitDataUri(textAt(part, "file_data"));
        block.mediaType = uri ? uri->mediaType : "application/pdf";
        block.data = uri ? uri->data : textAt(part, "file_data");
        return block;
    }
    return fail(ErrorKind::invalidInput, "a content part that another interface cannot take");
}

Result<std::vector<ChatBlock>> readContent(const OrderedJson& content) {
    std::vector<ChatBlock> blocks;
    if (content.is_string()) {
        blocks.emplace_back().text = content.get<std::string>();
    } else if (content.is_array()) {
        for (const OrderedJson& part : content) {
            GH_TRY(ChatBlock block, readPart(part));
            blocks.push_back(std::move(block));
        }
    }
    return blocks;
}

// Reasoning that only its vendor can open is kept as it is; summaries are its readable form.
ChatBlock readReasoning(const OrderedJson& item) {
    ChatBlock block;
    block.kind = BlockKind::reasoning;
    for (const char* member : {"summary", "content"}) {
        const OrderedJson& parts = memberOf(item, member);
        if (parts.is_array()) {
            for (const OrderedJson& part : parts) {
                block.text += textAt(part, "text");
            }
        }
    }
    block.sealed = textAt(item, "encrypted_content");
    return block;
}

// Items of the assistant that follow each other are one message elsewhere.
void append(ChatRequest& request, ChatRole role, std::vector<ChatBlock> blocks) {
    const bool joins = !request.messages.empty() && request.messages.back().role == role &&
                       (role == ChatRole::assistant || role == ChatRole::tool);
    if (!joins) {
        request.messages.push_back({role, {}});
    }
    std::move(blocks.begin(), blocks.end(), std::back_inserter(request.messages.back().blocks));
}

Result<> readItem(const OrderedJson& item, ChatRequest& request) {
    const std::string type = textAt(item, "type");
    const std::string role = textAt(item, "role");
    if (type == "message" || (type.empty() && !role.empty())) {
        GH_TRY(auto blocks, readContent(memberOf(item, "content")));
        append(request,
               role == "assistant" ? ChatRole::assistant
               : role == "user"    ? ChatRole::user
                                   : ChatRole::system,
               std::move(blocks));
        return {};
    }
    ChatBlock block;
    if (type == "function_call") {
        block.kind = BlockKind::toolCall;
        block.id = textAt(item, "call_id");
        block.name = textAt(item, "name");
        block.text = textAt(item, "arguments");
        append(request, ChatRole::assistant, {std::move(block)});
        return {};
    }
    if (type == "function_call_output") {
        block.kind = BlockKind::toolResult;
        block.id = textAt(item, "call_id");
        GH_TRY(block.content, readContent(memberOf(item, "output")));
        append(request, ChatRole::tool, {std::move(block)});
        return {};
    }
    if (type == "reasoning") {
        append(request, ChatRole::assistant, {readReasoning(item)});
        return {};
    }
    return fail(ErrorKind::invalidInput, "an input item that another interface cannot take");
}

void readTools(const OrderedJson& body, ChatRequest& request) {
    const OrderedJson& tools = memberOf(body, "tools");
    if (tools.is_array()) {
        for (const OrderedJson& tool : tools) {
            if (textAt(tool, "type") == "function") {
                request.tools.push_back(openAiFunction(tool));
            } else {
                addUntranslated(request.untranslated, "tools." + textAt(tool, "type"));
            }
        }
    }
    const OrderedJson& choice = memberOf(body, "tool_choice");
    if (choice == "auto" || choice == "none" || choice == "required") {
        request.toolMode = choice == "auto"   ? ToolMode::automatic
                           : choice == "none" ? ToolMode::none
                                              : ToolMode::required;
    } else if (textAt(choice, "type") == "function") {
        request.toolMode = ToolMode::named;
        request.toolName = textAt(choice, "name");
    } else if (!choice.is_null()) {
        addUntranslated(request.untranslated, "tool_choice");
    }
    if (memberOf(body, "parallel_tool_calls").is_boolean()) {
        request.allowsParallelCalls = flagAt(body, "parallel_tool_calls");
    }
}

void readOutput(const OrderedJson& body, ChatRequest& request) {
    const OrderedJson& format = memberOf(memberOf(body, "text"), "format");
    const std::string type = textAt(format, "type");
    if (type == "json_object") {
        request.output = OutputForm::json;
    } else if (type == "json_schema") {
        request.output = OutputForm::schema;
        request.outputName = textAt(format, "name");
        request.outputSchema = memberOf(format, "schema");
        if (memberOf(format, "strict").is_boolean()) {
            request.isOutputStrict = flagAt(format, "strict");
        }
    }
    if (!textAt(memberOf(body, "text"), "verbosity").empty()) {
        addUntranslated(request.untranslated, "text.verbosity");
    }
    request.effort = textAt(memberOf(body, "reasoning"), "effort");
}

// Encrypted reasoning is passed on wherever it comes.
void readInclude(const OrderedJson& body, ChatRequest& request) {
    const OrderedJson& include = memberOf(body, "include");
    for (const OrderedJson& each : include.is_array() ? include : OrderedJson::array()) {
        if (each == "message.output_text.logprobs") {
            request.tokenChoices = countAt(body, "top_logprobs");
        } else if (each != "reasoning.encrypted_content") {
            addUntranslated(request.untranslated, "include");
        }
    }
}

} // namespace

Result<ChatRequest> decodeResponses(std::string_view body) {
    GH_TRY(const OrderedJson dom, parseOrdered(body));
    for (const char* member : {"previous_response_id", "conversation", "prompt"}) {
        if (!memberOf(dom, member).is_null()) {
            return fail(ErrorKind::invalidInput, "a conversation or prompt that is stored at another provider");
        }
    }
    if (flagAt(dom, "background")) {
        return fail(ErrorKind::invalidInput, "'background' is not possible with this model's provider");
    }
    ChatRequest request;
    request.model = textAt(dom, "model");
    request.isStream = flagAt(dom, "stream");
    if (const std::string instructions = textAt(dom, "instructions"); !instructions.empty()) {
        ChatMessage message{ChatRole::system, {}};
        message.blocks.emplace_back().text = instructions;
        request.messages.push_back(std::move(message));
    }
    const OrderedJson& input = memberOf(dom, "input");
    if (input.is_string()) {
        ChatMessage message;
        message.blocks.emplace_back().text = input.get<std::string>();
        request.messages.push_back(std::move(message));
    } else if (input.is_array()) {
        for (const OrderedJson& item : input) {
            GH_CHECK(readItem(item, request));
        }
    }
    readTools(dom, request);
    readOutput(dom, request);
    request.maxTokens = wholeNumberAt(dom, "max_output_tokens");
    request.temperature = numberAt(dom, "temperature");
    request.topP = numberAt(dom, "top_p");
    request.user = textAt(dom, "user");
    readInclude(dom, request);
    for (const auto& [name, value] : dom.items()) {
        if (!value.is_null() && std::find(kKnown.begin(), kKnown.end(), name) == kKnown.end()) {
            addUntranslated(request.untranslated, name);
        }
    }
    return request;
}

} // namespace gatehouse::dialects
