// SPDX-License-Identifier: Apache-2.0
// A request of gemini.generate as the canonical model.
#include <algorithm>
#include <array>
#include <deque>

#include "dialects/gemini_codec.h"
#include "dialects/json_view.h"

namespace gatehouse::dialects {
namespace {

// Google writes types in capitals ("OBJECT"); JSON Schema does not.
OrderedJson plainSchema(const OrderedJson& schema) {
    OrderedJson out = schema;
    if (out.is_object()) {
        for (auto& [name, value] : out.items()) {
            if (name == "type" && value.is_string()) {
                auto word = value.get<std::string>();
                std::transform(word.begin(), word.end(), word.begin(),
                               [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c; });
                value = word;
            } else if (value.is_structured()) {
                value = plainSchema(value);
            }
        }
    } else if (out.is_array()) {
        for (OrderedJson& value : out) {
            value = plainSchema(value);
        }
    }
    return out;
}

ChatRole roleOf(const OrderedJson& content) {
    return textAt(content, "role") == "model" ? ChatRole::assistant : ChatRole::user;
}

// Calls that have no id get one, and the answers behind them take these by name.
class PartReader {
public:
    Result<ChatBlock> read(const OrderedJson& part) {
        ChatBlock block;
        block.signature = textAt(part, "thoughtSignature");
        if (memberOf(part, "text").is_string()) {
            block.text = textAt(part, "text");
            if (flagAt(part, "thought") || !block.signature.empty()) {
                block.kind = flagAt(part, "thought") ? BlockKind::reasoning : BlockKind::text;
            }
            return block;
        }
        const OrderedJson& inlined = eitherOf(part, "inlineData", "inline_data");
        if (inlined.is_object()) {
            return inlineData(inlined, std::move(block));
        }
        if (const OrderedJson& call = eitherOf(part, "functionCall", "function_call"); call.is_object()) {
            return functionCall(call, std::move(block));
        }
        if (const OrderedJson& answer = eitherOf(part, "functionResponse", "function_response"); answer.is_object()) {
            return functionResponse(answer);
        }
        return fail(ErrorKind::invalidInput, "a part that another interface cannot take");
    }

private:
    static ChatBlock inlineData(const OrderedJson& data, ChatBlock block) {
        const OrderedJson& type = eitherOf(data, "mimeType", "mime_type");
        block.mediaType = type.is_string() ? type.get<std::string>() : std::string();
        block.data = textAt(data, "data");
        block.name = textAt(data, "displayName");
        block.kind = block.mediaType.starts_with("image/")   ? BlockKind::image
                     : block.mediaType.starts_with("audio/") ? BlockKind::audio
                                                             : BlockKind::file;
        return block;
    }

    ChatBlock functionCall(const OrderedJson& call, ChatBlock block) {
        block.kind = BlockKind::toolCall;
        block.id = textAt(call, "id");
        block.name = textAt(call, "name");
        const OrderedJson& arguments = memberOf(call, "args");
        block.text = arguments.is_object() ? dump(arguments) : "{}";
        if (block.id.empty()) {
            block.id = "call_" + std::to_string(m_made++);
        }
        m_open.emplace_back(block.id, block.name);
        return block;
    }

    ChatBlock functionResponse(const OrderedJson& answer) {
        ChatBlock block;
        block.kind = BlockKind::toolResult;
        block.id = textAt(answer, "id");
        block.name = textAt(answer, "name");
        const auto open = std::find_if(m_open.begin(), m_open.end(), [&](const auto& each) {
            return block.id.empty() ? each.second == block.name : each.first == block.id;
        });
        if (open != m_open.end()) {
            block.id = open->first;
            m_open.erase(open);
        }
        const OrderedJson& response = memberOf(answer, "response");
        ChatBlock text;
        // {"result": "…"} and {"output": "…"} are how plain texts are wrapped.
        const OrderedJson& wrapped = eitherOf(response, "result", "output");
        text.text = response.size() == 1 && wrapped.is_string() ? wrapped.get<std::string>() : dump(response);
        block.isError = response.size() == 1 && response.contains("error");
        block.content.push_back(std::move(text));
        return block;
    }

    std::deque<std::pair<std::string, std::string>> m_open; // id, name
    std::size_t m_made = 0;
};

Result<> readContent(const OrderedJson& content, PartReader& reader, ChatRequest& request) {
    ChatMessage results{ChatRole::tool, {}};
    ChatMessage rest{roleOf(content), {}};
    const OrderedJson& parts = memberOf(content, "parts");
    if (parts.is_array()) {
        for (const OrderedJson& part : parts) {
            GH_TRY(ChatBlock block, reader.read(part));
            (block.kind == BlockKind::toolResult ? results : rest).blocks.push_back(std::move(block));
        }
    }
    if (!results.blocks.empty()) {
        request.messages.push_back(std::move(results));
    }
    if (!rest.blocks.empty()) {
        request.messages.push_back(std::move(rest));
    }
    return {};
}

Result<> readSystem(const OrderedJson& dom, ChatRequest& request) {
    const OrderedJson& system = eitherOf(dom, "systemInstruction", "system_instruction");
    ChatMessage message{ChatRole::system, {}};
    const OrderedJson& parts = memberOf(system, "parts");
    PartReader reader;
    if (parts.is_array()) {
        for (const OrderedJson& part : parts) {
            GH_TRY(ChatBlock block, reader.read(part));
            message.blocks.push_back(std::move(block));
        }
    } else if (parts.is_object()) {
        GH_TRY(ChatBlock block, reader.read(parts));
        message.blocks.push_back(std::move(block));
    } else if (system.is_string()) {
        message.blocks.emplace_back().text = system.get<std::string>();
    }
    if (!message.blocks.empty()) {
        request.messages.push_back(std::move(message));
    }
    return {};
}

void readTool(const OrderedJson& tool, ChatRequest& request) {
    for (const auto& [name, value] : tool.items()) {
        if (name != "functionDeclarations" && name != "function_declarations") {
            addUntranslated(request.untranslated, "tools." + name); // the vendor's own
            continue;
        }
        for (const OrderedJson& declaration : value) {
            ChatTool each;
            each.name = textAt(declaration, "name");
            each.description = textAt(declaration, "description");
            const OrderedJson& schema = memberOf(declaration, "parametersJsonSchema");
            each.schema = schema.is_object() ? schema : plainSchema(memberOf(declaration, "parameters"));
            request.tools.push_back(std::move(each));
        }
    }
}

void readTools(const OrderedJson& dom, ChatRequest& request) {
    const OrderedJson& tools = memberOf(dom, "tools");
    if (tools.is_array()) {
        for (const OrderedJson& tool : tools) {
            if (tool.is_object()) {
                readTool(tool, request);
            }
        }
    }
    const OrderedJson& config =
        eitherOf(eitherOf(dom, "toolConfig", "tool_config"), "functionCallingConfig", "function_calling_config");
    const std::string mode = textAt(config, "mode");
    const OrderedJson& names = eitherOf(config, "allowedFunctionNames", "allowed_function_names");
    if (mode == "ANY" && names.is_array() && names.size() == 1) {
        request.toolMode = ToolMode::named;
        request.toolName = names[0].is_string() ? names[0].get<std::string>() : std::string();
    } else if (!mode.empty()) {
        request.toolMode = mode == "ANY" ? ToolMode::required : mode == "NONE" ? ToolMode::none : ToolMode::automatic;
    }
}

Result<> readGeneration(const OrderedJson& config, ChatRequest& request) {
    if (wholeNumberAt(config, "candidateCount").value_or(1) != 1) {
        return fail(ErrorKind::invalidInput, "more than one candidate is not possible with this model's provider");
    }
    request.maxTokens = wholeNumberAt(config, "maxOutputTokens");
    request.temperature = numberAt(config, "temperature");
    request.topP = numberAt(config, "topP");
    if (const auto topK = numberAt(config, "topK")) {
        request.topK = static_cast<std::uint64_t>(std::max(0.0, *topK));
    }
    request.presencePenalty = numberAt(config, "presencePenalty");
    request.frequencyPenalty = numberAt(config, "frequencyPenalty");
    if (const OrderedJson& seed = memberOf(config, "seed"); seed.is_number_integer()) {
        request.seed = seed.get<std::int64_t>();
    }
    if (const OrderedJson& stop = memberOf(config, "stopSequences"); stop.is_array()) {
        for (const OrderedJson& word : stop) {
            request.stop.push_back(word.is_string() ? word.get<std::string>() : std::string());
        }
    }
    const OrderedJson& schema = memberOf(config, "responseJsonSchema");
    const OrderedJson& subset = memberOf(config, "responseSchema");
    if (schema.is_object() || subset.is_object()) {
        request.output = OutputForm::schema;
        request.outputSchema = schema.is_object() ? schema : plainSchema(subset);
    } else if (textAt(config, "responseMimeType") == "application/json") {
        request.output = OutputForm::json;
    }
    const OrderedJson& thinking = memberOf(config, "thinkingConfig");
    if (memberOf(thinking, "includeThoughts").is_boolean()) {
        request.wantsReasoning = flagAt(thinking, "includeThoughts");
    }
    request.reasoningTokens = wholeNumberAt(thinking, "thinkingBudget");
    if (flagAt(config, "responseLogprobs")) {
        request.tokenChoices = countAt(config, "logprobs");
    }
    return {};
}

void nameUnknown(const OrderedJson& config, ChatRequest& request) {
    constexpr std::array<std::string_view, 16> kKnown{
        "candidateCount", "maxOutputTokens",    "temperature",      "topP",
        "topK",           "presencePenalty",    "frequencyPenalty", "seed",
        "stopSequences",  "responseJsonSchema", "responseSchema",   "responseMimeType",
        "thinkingConfig", "responseModalities", "responseLogprobs", "logprobs"};
    if (!config.is_object()) {
        return;
    }
    for (const auto& [name, value] : config.items()) {
        if (!value.is_null() && std::find(kKnown.begin(), kKnown.end(), name) == kKnown.end()) {
            addUntranslated(request.untranslated, "generationConfig." + name);
        }
    }
}

} // namespace

const OrderedJson& eitherOf(const OrderedJson& value, std::string_view camel, std::string_view snake) {
    const OrderedJson& found = memberOf(value, camel);
    return found.is_null() ? memberOf(value, snake) : found;
}

Result<ChatRequest> decodeGemini(std::string_view body, const Asked& asked) {
    GH_TRY(const OrderedJson dom, parseOrdered(body));
    if (!eitherOf(dom, "cachedContent", "cached_content").is_null()) {
        return fail(ErrorKind::invalidInput, "content that is stored at another provider");
    }
    ChatRequest request;
    request.model = asked.model;
    request.isStream = asked.isStream;
    GH_CHECK(readSystem(dom, request));
    PartReader reader;
    for (const OrderedJson& content : memberOf(dom, "contents")) {
        GH_CHECK(readContent(content, reader, request));
    }
    readTools(dom, request);
    const OrderedJson& config = eitherOf(dom, "generationConfig", "generation_config");
    const OrderedJson& modalities = memberOf(config, "responseModalities");
    if (modalities.is_array() &&
        std::any_of(modalities.begin(), modalities.end(), [](const OrderedJson& each) { return each != "TEXT"; })) {
        return fail(ErrorKind::invalidInput, "an answer that is no text is not possible with this provider");
    }
    GH_CHECK(readGeneration(config, request));
    nameUnknown(config, request);
    constexpr std::array<std::string_view, 9> kKnown{
        "contents",    "systemInstruction", "system_instruction", "tools", "toolConfig",
        "tool_config", "generationConfig",  "generation_config",  "model"};
    for (const auto& [name, value] : dom.items()) {
        if (!value.is_null() && std::find(kKnown.begin(), kKnown.end(), name) == kKnown.end()) {
            addUntranslated(request.untranslated, name);
        }
    }
    return request;
}

} // namespace gatehouse::dialects
