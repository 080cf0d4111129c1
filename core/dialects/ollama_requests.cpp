// SPDX-License-Identifier: Apache-2.0
// Requests of Ollama's own API to and from the canonical model.
#include <algorithm>
#include <array>
#include <deque>

#include "dialects/json_view.h"
#include "dialects/ollama_codec.h"
#include "dialects/openai_chat_codec.h"

namespace gatehouse::dialects {
namespace {

constexpr std::array<std::string_view, 16> kKnown{
    "model",  "messages", "stream", "tools", "format",   "options", "think",    "prompt",
    "system", "images",   "suffix", "raw",   "template", "context", "logprobs", "top_logprobs"};

void readOptions(const OrderedJson& options, ChatRequest& request) {
    if (!options.is_object()) {
        return;
    }
    for (const auto& [name, value] : options.items()) {
        if (name == "num_predict" && value.is_number_integer()) {
            if (value.is_number_unsigned()) { // -1 means without end
                request.maxTokens = value.get<std::uint64_t>();
            }
        } else if (name == "temperature") {
            request.temperature = numberAt(options, name);
        } else if (name == "top_p") {
            request.topP = numberAt(options, name);
        } else if (name == "top_k") {
            request.topK = wholeNumberAt(options, name);
        } else if (name == "presence_penalty") {
            request.presencePenalty = numberAt(options, name);
        } else if (name == "frequency_penalty") {
            request.frequencyPenalty = numberAt(options, name);
        } else if (name == "seed" && value.is_number_integer()) {
            request.seed = value.get<std::int64_t>();
        } else if (name == "stop" && value.is_string()) {
            request.stop.push_back(value.get<std::string>());
        } else if (name == "stop" && value.is_array()) {
            for (const OrderedJson& word : value) {
                request.stop.push_back(word.is_string() ? word.get<std::string>() : std::string());
            }
        } else {
            addUntranslated(request.untranslated, "options." + name);
        }
    }
}

void readCommon(const OrderedJson& dom, ChatRequest& request) {
    request.model = textAt(dom, "model");
    const OrderedJson& stream = memberOf(dom, "stream");
    request.isStream = !stream.is_boolean() || stream.get<bool>();
    readOptions(memberOf(dom, "options"), request);
    const OrderedJson& format = memberOf(dom, "format");
    if (format == "json") {
        request.output = OutputForm::json;
    } else if (format.is_object()) {
        request.output = OutputForm::schema;
        request.outputSchema = format;
    }
    const OrderedJson& think = memberOf(dom, "think");
    if (think.is_boolean()) {
        request.wantsReasoning = think.get<bool>();
    } else if (think.is_string()) {
        request.wantsReasoning = true;
        request.effort = think.get<std::string>();
    }
    if (flagAt(dom, "logprobs")) {
        request.tokenChoices = countAt(dom, "top_logprobs");
    }
    for (const auto& [name, value] : dom.items()) {
        if (!value.is_null() && std::find(kKnown.begin(), kKnown.end(), name) == kKnown.end()) {
            addUntranslated(request.untranslated, name);
        }
    }
}

void addImages(const OrderedJson& images, std::vector<ChatBlock>& blocks) {
    for (const OrderedJson& image : images.is_array() ? images : OrderedJson::array()) {
        if (image.is_string()) {
            ChatBlock block;
            block.kind = BlockKind::image;
            block.data = image.get<std::string>();
            block.mediaType = imageTypeOf(block.data);
            blocks.push_back(std::move(block));
        }
    }
}

void addText(const std::string& text, std::vector<ChatBlock>& blocks, BlockKind kind = BlockKind::text) {
    if (!text.empty()) {
        ChatBlock block;
        block.kind = kind;
        block.text = text;
        blocks.push_back(std::move(block));
    }
}

// Calls that have no id get one, and the answers behind them take these in their order.
class MessageReader {
public:
    Result<ChatMessage> read(const OrderedJson& message) {
        const std::string role = textAt(message, "role");
        ChatMessage out;
        if (role == "tool") {
            return toolResult(message);
        }
        if (role != "system" && role != "user" && role != "assistant") {
            return fail(ErrorKind::invalidInput, "a message whose role another interface does not have");
        }
        out.role = role == "system" ? ChatRole::system : role == "user" ? ChatRole::user : ChatRole::assistant;
        addText(textAt(message, "thinking"), out.blocks, BlockKind::reasoning);
        addText(textAt(message, "content"), out.blocks);
        addImages(memberOf(message, "images"), out.blocks);
        const OrderedJson& calls = memberOf(message, "tool_calls");
        for (const OrderedJson& call : calls.is_array() ? calls : OrderedJson::array()) {
            addCall(call, out);
        }
        return out;
    }

private:
    struct Open {
        std::string id;
        std::string name;
    };

    void addCall(const OrderedJson& call, ChatMessage& out) {
        const OrderedJson& function = memberOf(call, "function");
        ChatBlock block;
        block.kind = BlockKind::toolCall;
        block.id = textAt(call, "id");
        block.name = textAt(function, "name");
        const OrderedJson& arguments = memberOf(function, "arguments");
        block.text = arguments.is_object() ? dump(arguments) : "{}";
        if (block.id.empty()) {
            block.id = "call_" + std::to_string(m_made++);
        }
        m_open.push_back({block.id, block.name});
        out.blocks.push_back(std::move(block));
    }

    ChatMessage toolResult(const OrderedJson& message) {
        ChatBlock result;
        result.kind = BlockKind::toolResult;
        result.id = textAt(message, "tool_call_id");
        result.name = textAt(message, "tool_name");
        const auto found = std::find_if(m_open.begin(), m_open.end(), [&](const Open& open) {
            return result.id.empty() ? result.name.empty() || open.name == result.name : open.id == result.id;
        });
        if (found != m_open.end()) {
            result.id = found->id;
            result.name = found->name;
            m_open.erase(found);
        }
        addText(textAt(message, "content"), result.content);
        addImages(memberOf(message, "images"), result.content);
        return {ChatRole::tool, {std::move(result)}};
    }

    std::deque<Open> m_open;
    std::size_t m_made = 0;
};

Result<OrderedJson> messageOf(const ChatMessage& message) {
    const char* role = message.role == ChatRole::system ? "system"
                       : message.role == ChatRole::user ? "user"
                                                        : "assistant";
    OrderedJson out{{"role", role}, {"content", ""}};
    std::string text;
    std::string thinking;
    for (const ChatBlock& block : message.blocks) {
        switch (block.kind) {
        case BlockKind::text:
        case BlockKind::refusal:
            text += (text.empty() || block.text.empty() ? "" : "\n") + block.text;
            break;
        case BlockKind::reasoning:
            thinking += block.text;
            break;
        case BlockKind::image:
            if (block.data.empty()) {
                return fail(ErrorKind::invalidInput, "a picture by address cannot be sent to this provider");
            }
            out["images"].push_back(block.data);
            break;
        case BlockKind::toolCall: {
            OrderedJson call{{"id", block.id}};
            call["function"] = {{"name", block.name}, {"arguments", argumentsOf(block.text)}};
            out["tool_calls"].push_back(std::move(call));
            break;
        }
        case BlockKind::audio:
        case BlockKind::file:
        case BlockKind::toolResult:
            return fail(ErrorKind::invalidInput, "a file or sound cannot be sent to this provider");
        }
    }
    out["content"] = text;
    if (!thinking.empty()) {
        out["thinking"] = thinking;
    }
    return out;
}

// The names of calls, which only some dialects repeat in the answers to them.
std::string nameOfCall(const ChatRequest& request, const std::string& id) {
    for (const ChatMessage& message : request.messages) {
        for (const ChatBlock& block : message.blocks) {
            if (block.kind == BlockKind::toolCall && block.id == id) {
                return block.name;
            }
        }
    }
    return {};
}

Result<OrderedJson> messagesOf(const ChatRequest& request) {
    OrderedJson out = OrderedJson::array();
    for (const ChatMessage& message : request.messages) {
        if (message.role != ChatRole::tool) {
            GH_TRY(OrderedJson each, messageOf(message));
            out.push_back(std::move(each));
            continue;
        }
        for (const ChatBlock& result : message.blocks) {
            GH_TRY(OrderedJson each, messageOf({ChatRole::user, result.content}));
            each["role"] = "tool";
            each["tool_name"] = result.name.empty() ? nameOfCall(request, result.id) : result.name;
            each["tool_call_id"] = result.id;
            out.push_back(std::move(each));
        }
    }
    return out;
}

OrderedJson optionsOf(const ChatRequest& request) {
    OrderedJson options = OrderedJson::object();
    const auto add = [&options](const char* name, const auto& value) {
        if (value) {
            options[name] = *value;
        }
    };
    add("num_predict", request.maxTokens);
    add("temperature", request.temperature);
    add("top_p", request.topP);
    add("top_k", request.topK);
    add("seed", request.seed);
    add("presence_penalty", request.presencePenalty);
    add("frequency_penalty", request.frequencyPenalty);
    if (!request.stop.empty()) {
        options["stop"] = request.stop;
    }
    return options;
}

} // namespace

Result<ChatRequest> decodeOllamaChat(std::string_view body) {
    GH_TRY(const OrderedJson dom, parseOrdered(body));
    ChatRequest request;
    readCommon(dom, request);
    MessageReader reader;
    for (const OrderedJson& message : memberOf(dom, "messages")) {
        GH_TRY(ChatMessage read, reader.read(message));
        request.messages.push_back(std::move(read));
    }
    const OrderedJson& tools = memberOf(dom, "tools");
    for (const OrderedJson& tool : tools.is_array() ? tools : OrderedJson::array()) {
        request.tools.push_back(openAiFunction(memberOf(tool, "function")));
    }
    return request;
}

Result<ChatRequest> decodeOllamaGenerate(std::string_view body) {
    GH_TRY(const OrderedJson dom, parseOrdered(body));
    const bool isSpecial = !textAt(dom, "suffix").empty() || flagAt(dom, "raw") || !textAt(dom, "template").empty() ||
                           memberOf(dom, "context").is_array();
    if (isSpecial) {
        return fail(ErrorKind::invalidInput,
                    "'suffix', 'raw', 'template' and 'context' are possible with a model that Ollama serves only");
    }
    ChatRequest request;
    readCommon(dom, request);
    if (const std::string system = textAt(dom, "system"); !system.empty()) {
        ChatMessage message{ChatRole::system, {}};
        addText(system, message.blocks);
        request.messages.push_back(std::move(message));
    }
    ChatMessage user;
    addText(textAt(dom, "prompt"), user.blocks);
    addImages(memberOf(dom, "images"), user.blocks);
    request.messages.push_back(std::move(user));
    return request;
}

Result<std::string> encodeOllamaChat(ChatRequest& request) {
    OrderedJson out{{"model", request.model}};
    GH_TRY(out["messages"], messagesOf(request));
    for (const ChatTool& tool : request.tools) {
        ChatTool plain = tool;
        plain.isStrict.reset();
        out["tools"].push_back({{"type", "function"}, {"function", openAiFunctionJson(plain)}});
    }
    if (request.toolMode == ToolMode::required || request.toolMode == ToolMode::named) {
        addUntranslated(request.untranslated, "tool_choice");
    } else if (request.toolMode == ToolMode::none) {
        out.erase("tools");
    }
    if (request.allowsParallelCalls == false) {
        addUntranslated(request.untranslated, "parallel_tool_calls");
    }
    if (request.output == OutputForm::json) {
        out["format"] = "json";
    } else if (request.output == OutputForm::schema) {
        out["format"] = request.outputSchema;
    }
    if (request.wantsReasoning) {
        out["think"] = *request.wantsReasoning;
    } else if (!request.effort.empty()) {
        addUntranslated(request.untranslated, "reasoning_effort"); // models without thinking refuse to be asked
    }
    OrderedJson options = optionsOf(request);
    if (!options.empty()) {
        out["options"] = std::move(options);
    }
    if (!request.user.empty()) {
        addUntranslated(request.untranslated, "user");
    }
    if (request.tokenChoices) {
        out["logprobs"] = true;
        if (*request.tokenChoices > 0) {
            out["top_logprobs"] = *request.tokenChoices;
        }
    }
    out["stream"] = request.isStream;
    return dump(out);
}

} // namespace gatehouse::dialects
