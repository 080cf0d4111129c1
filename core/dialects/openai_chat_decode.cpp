// SPDX-License-Identifier: Apache-2.0
// A request of openai.chat as the canonical model.
#include <algorithm>
#include <array>

#include "dialects/json_view.h"
#include "dialects/openai_chat_codec.h"

namespace gatehouse::dialects {
namespace {

// Members that are read below, or that mean nothing outside of this dialect's own streams.
constexpr std::array<std::string_view, 25> kKnown{"model",
                                                  "messages",
                                                  "stream",
                                                  "stream_options",
                                                  "tools",
                                                  "tool_choice",
                                                  "parallel_tool_calls",
                                                  "response_format",
                                                  "max_tokens",
                                                  "max_completion_tokens",
                                                  "temperature",
                                                  "top_p",
                                                  "stop",
                                                  "seed",
                                                  "presence_penalty",
                                                  "frequency_penalty",
                                                  "reasoning_effort",
                                                  "user",
                                                  "n",
                                                  "modalities",
                                                  "top_k",
                                                  "functions",
                                                  "function_call",
                                                  "logprobs",
                                                  "top_logprobs"};

Result<ChatBlock> readPart(const OrderedJson& part) {
    ChatBlock block;
    const std::string type = textAt(part, "type");
    if (type == "text" || type == "refusal") {
        block.kind = type == "text" ? BlockKind::text : BlockKind::refusal;
        block.text = textAt(part, type);
        return block;
    }
    if (type == "image_url") {
        block.kind = BlockKind::image;
        const OrderedJson& image = memberOf(part, "image_url");
        setImageUrl(block, image.is_string() ? image.get<std::string>() : textAt(image, "url"));
        block.detail = textAt(image, "detail");
        return block;
    }
    if (type == "input_audio") {
        block.kind = BlockKind::audio;
        block.data = textAt(memberOf(part, "input_audio"), "data");
        block.mediaType = "audio/" + textAt(memberOf(part, "input_audio"), "format");
        return block;
    }
    const OrderedJson& file = memberOf(part, "file");
    if (type == "file" && memberOf(file, "file_data").is_string()) {
        block.kind = BlockKind::file;
        block.name = textAt(file, "filename");
        const auto uri = splitDataUri(textAt(file, "file_data"));
        block.mediaType = uri ? uri->mediaType : "application/pdf";
        block.data = uri ? uri->data : textAt(file, "file_data");
        return block;
    }
    return fail(ErrorKind::invalidInput, "a content part that another interface cannot take");
}

Result<std::vector<ChatBlock>> readContent(const OrderedJson& content) {
    std::vector<ChatBlock> blocks;
    if (content.is_string() && !content.get_ref<const std::string&>().empty()) {
        blocks.emplace_back().text = content.get<std::string>();
    }
    for (const OrderedJson& part : content.is_array() ? content : OrderedJson::array()) {
        GH_TRY(ChatBlock block, readPart(part));
        blocks.push_back(std::move(block));
    }
    return blocks;
}

// Reasoning as OpenAI's form has none of its own: the members that DeepSeek (reasoning_content) and OpenRouter
// (reasoning_details) use.
void readReasoning(const OrderedJson& message, std::vector<ChatBlock>& blocks) {
    const OrderedJson& details = memberOf(message, "reasoning_details");
    for (const OrderedJson& detail : details.is_array() ? details : OrderedJson::array()) {
        ChatBlock block;
        block.kind = BlockKind::reasoning;
        block.text = textAt(detail, "text");
        block.signature = textAt(detail, "signature");
        block.sealed = textAt(detail, "data");
        blocks.push_back(std::move(block));
    }
    if (blocks.empty()) {
        const std::string text = textAt(message, "reasoning_content");
        if (!text.empty()) {
            ChatBlock block;
            block.kind = BlockKind::reasoning;
            block.text = text;
            blocks.push_back(std::move(block));
        }
    }
}

Result<> readToolCalls(const OrderedJson& message, std::vector<ChatBlock>& blocks) {
    const OrderedJson& calls = memberOf(message, "tool_calls");
    for (const OrderedJson& call : calls.is_array() ? calls : OrderedJson::array()) {
        if (textAt(call, "type") != "function" && !textAt(call, "type").empty()) {
            return fail(ErrorKind::invalidInput, "a tool call that another interface cannot take");
        }
        ChatBlock block;
        block.kind = BlockKind::toolCall;
        block.id = textAt(call, "id");
        block.name = textAt(memberOf(call, "function"), "name");
        block.text = textAt(memberOf(call, "function"), "arguments");
        block.signature = textAt(memberOf(memberOf(call, "extra_content"), "google"), "thought_signature");
        blocks.push_back(std::move(block));
    }
    return {};
}

Result<ChatMessage> readMessage(const OrderedJson& message) {
    ChatMessage out;
    const std::string role = textAt(message, "role");
    GH_TRY(std::vector<ChatBlock> blocks, readContent(memberOf(message, "content")));
    if (role == "system" || role == "developer") {
        out.role = ChatRole::system;
    } else if (role == "user") {
        out.role = ChatRole::user;
    } else if (role == "assistant") {
        out.role = ChatRole::assistant;
        readReasoning(message, out.blocks);
    } else if (role == "tool") {
        out.role = ChatRole::tool;
        ChatBlock result;
        result.kind = BlockKind::toolResult;
        result.id = textAt(message, "tool_call_id");
        result.content = std::move(blocks);
        out.blocks.push_back(std::move(result));
        return out;
    } else {
        return fail(ErrorKind::invalidInput, "a message whose role another interface does not have");
    }
    std::move(blocks.begin(), blocks.end(), std::back_inserter(out.blocks));
    if (const std::string refusal = textAt(message, "refusal"); !refusal.empty()) {
        ChatBlock block;
        block.kind = BlockKind::refusal;
        block.text = refusal;
        out.blocks.push_back(std::move(block));
    }
    GH_CHECK(readToolCalls(message, out.blocks));
    return out;
}

void readTools(const OrderedJson& body, ChatRequest& request) {
    const OrderedJson& tools = memberOf(body, "tools");
    for (const OrderedJson& tool : tools.is_array() ? tools : OrderedJson::array()) {
        if (textAt(tool, "type") == "function") {
            request.tools.push_back(openAiFunction(memberOf(tool, "function")));
        } else {
            addUntranslated(request.untranslated, "tools." + textAt(tool, "type"));
        }
    }
    const OrderedJson& choice = memberOf(body, "tool_choice");
    if (choice == "auto" || choice == "none" || choice == "required") {
        request.toolMode = choice == "auto"   ? ToolMode::automatic
                           : choice == "none" ? ToolMode::none
                                              : ToolMode::required;
    } else if (memberOf(choice, "function").is_object()) {
        request.toolMode = ToolMode::named;
        request.toolName = textAt(memberOf(choice, "function"), "name");
    } else if (!choice.is_null()) {
        addUntranslated(request.untranslated, "tool_choice");
    }
    const OrderedJson& parallel = memberOf(body, "parallel_tool_calls");
    if (parallel.is_boolean()) {
        request.allowsParallelCalls = parallel.get<bool>();
    }
}

void readOutput(const OrderedJson& format, ChatRequest& request) {
    const std::string type = textAt(format, "type");
    if (type == "json_object") {
        request.output = OutputForm::json;
    } else if (type == "json_schema") {
        const OrderedJson& schema = memberOf(format, "json_schema");
        request.output = OutputForm::schema;
        request.outputName = textAt(schema, "name");
        request.outputSchema = memberOf(schema, "schema");
        if (memberOf(schema, "strict").is_boolean()) {
            request.isOutputStrict = flagAt(schema, "strict");
        }
    } else if (!type.empty() && type != "text") {
        addUntranslated(request.untranslated, "response_format");
    }
}

void readSampling(const OrderedJson& body, ChatRequest& request) {
    request.maxTokens = wholeNumberAt(body, "max_completion_tokens");
    if (!request.maxTokens) {
        request.maxTokens = wholeNumberAt(body, "max_tokens");
    }
    request.temperature = numberAt(body, "temperature");
    request.topP = numberAt(body, "top_p");
    request.topK = wholeNumberAt(body, "top_k");
    request.presencePenalty = numberAt(body, "presence_penalty");
    request.frequencyPenalty = numberAt(body, "frequency_penalty");
    if (const OrderedJson& seed = memberOf(body, "seed"); seed.is_number_integer()) {
        request.seed = seed.get<std::int64_t>();
    }
    const OrderedJson& stop = memberOf(body, "stop");
    if (stop.is_string()) {
        request.stop.push_back(stop.get<std::string>());
    }
    for (const OrderedJson& word : stop.is_array() ? stop : OrderedJson::array()) {
        if (word.is_string()) {
            request.stop.push_back(word.get<std::string>());
        }
    }
    request.effort = textAt(body, "reasoning_effort");
    request.user = textAt(body, "user");
}

// What another interface cannot do at all.
Result<> refuseImpossible(const OrderedJson& body) {
    if (wholeNumberAt(body, "n").value_or(1) != 1) {
        return fail(ErrorKind::invalidInput, "more than one choice ('n') is not possible with this model's provider");
    }
    const OrderedJson& modalities = memberOf(body, "modalities");
    for (const OrderedJson& modality : modalities.is_array() ? modalities : OrderedJson::array()) {
        if (modality != "text") {
            return fail(ErrorKind::invalidInput, "an answer that is no text is not possible with this provider");
        }
    }
    if (!memberOf(body, "functions").is_null() || !memberOf(body, "function_call").is_null()) {
        return fail(ErrorKind::invalidInput, "'functions' is not possible with this provider; use 'tools'");
    }
    return {};
}

} // namespace

ChatTool openAiFunction(const OrderedJson& function) {
    ChatTool tool;
    tool.name = textAt(function, "name");
    tool.description = textAt(function, "description");
    tool.schema = memberOf(function, "parameters");
    if (memberOf(function, "strict").is_boolean()) {
        tool.isStrict = flagAt(function, "strict");
    }
    return tool;
}

void setImageUrl(ChatBlock& block, const std::string& url) {
    if (auto uri = splitDataUri(url)) {
        block.mediaType = std::move(uri->mediaType);
        block.data = std::move(uri->data);
    } else {
        block.url = url;
    }
}

Result<ChatRequest> decodeOpenAiChat(std::string_view body, const Asked& /*asked*/) {
    GH_TRY(const OrderedJson dom, parseOrdered(body));
    GH_CHECK(refuseImpossible(dom));
    ChatRequest request;
    request.model = textAt(dom, "model");
    request.isStream = flagAt(dom, "stream");
    for (const OrderedJson& message : memberOf(dom, "messages")) {
        GH_TRY(ChatMessage read, readMessage(message));
        request.messages.push_back(std::move(read));
    }
    readTools(dom, request);
    readOutput(memberOf(dom, "response_format"), request);
    readSampling(dom, request);
    if (flagAt(dom, "logprobs")) {
        request.tokenChoices = countAt(dom, "top_logprobs");
    }
    for (const auto& [name, value] : dom.items()) {
        if (!value.is_null() && std::find(kKnown.begin(), kKnown.end(), name) == kKnown.end()) {
            addUntranslated(request.untranslated, name);
        }
    }
    return request;
}

} // namespace gatehouse::dialects
