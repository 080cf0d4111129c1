// SPDX-License-Identifier: Apache-2.0
// The canonical model as a request of openai.chat.
#include <algorithm>

#include "dialects/fitting.h"
#include "dialects/json_view.h"
#include "dialects/openai_chat_codec.h"

namespace gatehouse::dialects {
namespace {

Result<OrderedJson> partOf(const ChatBlock& block) {
    switch (block.kind) {
    case BlockKind::text:
        return OrderedJson{{"type", "text"}, {"text", block.text}};
    case BlockKind::refusal:
        return OrderedJson{{"type", "refusal"}, {"refusal", block.text}};
    case BlockKind::image: {
        OrderedJson part{{"type", "image_url"}};
        part["image_url"]["url"] = imageUrlOf(block);
        if (!block.detail.empty()) {
            part["image_url"]["detail"] = block.detail;
        }
        return part;
    }
    case BlockKind::audio: {
        OrderedJson part{{"type", "input_audio"}};
        part["input_audio"]["data"] = block.data;
        const std::string format = block.mediaType.substr(block.mediaType.find('/') + 1);
        part["input_audio"]["format"] = format == "mpeg" ? "mp3" : format == "x-wav" ? "wav" : format;
        return part;
    }
    case BlockKind::file: {
        if (block.data.empty()) {
            return fail(ErrorKind::invalidInput, "a file by address cannot be sent to this provider");
        }
        OrderedJson part{{"type", "file"}};
        part["file"]["filename"] = block.name.empty() ? "file" : block.name;
        part["file"]["file_data"] = "data:" + block.mediaType + ";base64," + block.data;
        return part;
    }
    case BlockKind::toolCall:
    case BlockKind::toolResult:
    case BlockKind::reasoning:
        break;
    }
    return fail(ErrorKind::invalidInput, "a content part that this provider cannot take");
}

// A lone text as a string, as every compatible server takes it; else the list of parts.
Result<OrderedJson> contentOf(const std::vector<ChatBlock>& blocks) {
    if (blocks.size() == 1 && blocks.front().kind == BlockKind::text) {
        return OrderedJson(blocks.front().text);
    }
    OrderedJson parts = OrderedJson::array();
    for (const ChatBlock& block : blocks) {
        GH_TRY(OrderedJson part, partOf(block));
        parts.push_back(std::move(part));
    }
    return parts;
}

// Reasoning that no vendor signed goes in the member that most servers know; signed one in the form that keeps it.
void addReasoning(OrderedJson& message, const std::vector<ChatBlock>& reasonings) {
    OrderedJson details = OrderedJson::array();
    std::string plain;
    for (const ChatBlock& block : reasonings) {
        plain += block.text;
        if (!block.signature.empty()) {
            details.push_back({{"type", "reasoning.text"}, {"text", block.text}, {"signature", block.signature}});
        } else if (!block.sealed.empty()) {
            details.push_back({{"type", "reasoning.encrypted"}, {"data", block.sealed}});
        }
    }
    if (!details.empty()) {
        message["reasoning_details"] = std::move(details);
    } else if (!plain.empty()) {
        message["reasoning_content"] = plain;
    }
}

Result<OrderedJson> assistantMessage(const ChatMessage& message) {
    std::vector<ChatBlock> contents;
    std::vector<ChatBlock> reasonings;
    OrderedJson calls = OrderedJson::array();
    for (const ChatBlock& block : message.blocks) {
        if (block.kind == BlockKind::reasoning) {
            reasonings.push_back(block);
        } else if (block.kind == BlockKind::toolCall) {
            OrderedJson call{{"id", block.id}, {"type", "function"}};
            call["function"]["name"] = block.name;
            call["function"]["arguments"] = block.text.empty() ? "{}" : block.text;
            if (!block.signature.empty()) {
                call["extra_content"]["google"]["thought_signature"] = block.signature;
            }
            calls.push_back(std::move(call));
        } else {
            contents.push_back(block);
        }
    }
    OrderedJson out{{"role", "assistant"}};
    out["content"] = nullptr;
    if (!contents.empty()) {
        GH_TRY(out["content"], contentOf(contents));
    } else if (calls.empty()) {
        out["content"] = "";
    }
    addReasoning(out, reasonings);
    if (!calls.empty()) {
        out["tool_calls"] = std::move(calls);
    }
    return out;
}

// A tool's answer takes texts only: its pictures follow in a message of the user.
Result<> addToolResults(const ChatMessage& message, OrderedJson& out, std::vector<ChatBlock>& pictures) {
    for (const ChatBlock& result : message.blocks) {
        std::vector<ChatBlock> texts;
        for (const ChatBlock& block : result.content) {
            (block.kind == BlockKind::text ? texts : pictures).push_back(block);
        }
        OrderedJson tool{{"role", "tool"}, {"tool_call_id", result.id}};
        GH_TRY(tool["content"], contentOf(texts));
        if (texts.empty()) {
            tool["content"] = "";
        }
        out.push_back(std::move(tool));
    }
    return {};
}

Result<OrderedJson> messagesOf(const ChatRequest& request) {
    OrderedJson out = OrderedJson::array();
    std::vector<ChatBlock> pictures; // of tools' answers, until the last of them was said
    const auto flush = [&]() -> Result<> {
        if (!pictures.empty()) {
            OrderedJson user{{"role", "user"}};
            GH_TRY(user["content"], contentOf(pictures));
            out.push_back(std::move(user));
            pictures.clear();
        }
        return {};
    };
    for (const ChatMessage& message : request.messages) {
        if (message.role == ChatRole::tool) {
            GH_CHECK(addToolResults(message, out, pictures));
            continue;
        }
        GH_CHECK(flush());
        if (message.role == ChatRole::assistant) {
            GH_TRY(OrderedJson assistant, assistantMessage(message));
            out.push_back(std::move(assistant));
            continue;
        }
        OrderedJson each{{"role", message.role == ChatRole::system ? "system" : "user"}};
        GH_TRY(each["content"], contentOf(message.blocks));
        out.push_back(std::move(each));
    }
    GH_CHECK(flush());
    return out;
}

void addTools(const ChatRequest& request, const Quirks& quirks, OrderedJson& out) {
    if (request.tools.empty()) {
        return; // a choice without tools is an error at every server
    }
    out["tools"] = OrderedJson::array();
    for (const ChatTool& tool : request.tools) {
        out["tools"].push_back({{"type", "function"}, {"function", openAiFunctionJson(tool)}});
    }
    if (request.toolMode == ToolMode::named) {
        out["tool_choice"] = {{"type", "function"}, {"function", {{"name", request.toolName}}}};
    } else if (request.toolMode) {
        out["tool_choice"] = *request.toolMode == ToolMode::none       ? "none"
                             : *request.toolMode == ToolMode::required ? "required"
                                                                       : "auto";
    }
    if (request.allowsParallelCalls && !quirks.refusesParallelCalls) {
        out["parallel_tool_calls"] = *request.allowsParallelCalls;
    }
}

void addOutput(ChatRequest& request, const Quirks& quirks, OrderedJson& out) {
    noteLooseSchemas(request);
    const bool isSchemaLost = request.output == OutputForm::schema && quirks.refusesSchemas;
    if (isSchemaLost) {
        addUntranslated(request.untranslated, "json_schema");
    }
    if (request.output == OutputForm::json || isSchemaLost) {
        out["response_format"]["type"] = "json_object";
    } else if (request.output == OutputForm::schema) {
        OrderedJson schema;
        schema["name"] = request.outputName.empty() ? "answer" : request.outputName;
        schema["schema"] = request.outputSchema;
        if (request.isOutputStrict) {
            schema["strict"] = *request.isOutputStrict;
        }
        out["response_format"] = {{"type", "json_schema"}, {"json_schema", std::move(schema)}};
    }
}

void addSampling(ChatRequest& request, const Quirks& quirks, OrderedJson& out) {
    if (request.maxTokens) {
        out[quirks.takesMaxCompletionTokens ? "max_completion_tokens" : "max_tokens"] = *request.maxTokens;
    }
    const auto add = [&out](const char* name, const auto& value) {
        if (value) {
            out[name] = *value;
        }
    };
    add("temperature", request.temperature);
    add("top_p", request.topP);
    add("seed", request.seed);
    add("presence_penalty", request.presencePenalty);
    add("frequency_penalty", request.frequencyPenalty);
    if (!request.stop.empty()) {
        out["stop"] = request.stop;
    }
    if (request.effort.empty() && request.reasoningTokens) {
        request.effort = *request.reasoningTokens < 2048 ? "low" : *request.reasoningTokens < 4096 ? "medium" : "high";
    }
    if (!request.effort.empty()) {
        out["reasoning_effort"] = request.effort;
    } else if (request.wantsReasoning == true) {
        addUntranslated(request.untranslated, "thinking");
    }
    if (!request.user.empty()) {
        out["user"] = request.user;
    }
    if (request.topK) {
        addUntranslated(request.untranslated, "top_k");
    }
    if (request.tokenChoices) {
        out["logprobs"] = true;
        if (*request.tokenChoices > 0) {
            out["top_logprobs"] = *request.tokenChoices;
        }
    }
}

} // namespace

void noteLooseSchemas(ChatRequest& request) {
    const bool isOutputLoose = request.isOutputStrict == true && !isStrictSchema(request.outputSchema);
    if (isOutputLoose) {
        request.isOutputStrict.reset();
    }
    if (isOutputLoose || std::any_of(request.tools.begin(), request.tools.end(), [](const ChatTool& tool) {
            return tool.isStrict == true && !isStrictSchema(tool.schema);
        })) {
        addUntranslated(request.untranslated, "strict");
    }
}

OrderedJson openAiFunctionJson(const ChatTool& tool) {
    OrderedJson function{{"name", tool.name}};
    if (!tool.description.empty()) {
        function["description"] = tool.description;
    }
    if (!tool.schema.is_null()) {
        function["parameters"] = tool.schema;
    }
    if (tool.isStrict && (!*tool.isStrict || isStrictSchema(tool.schema))) {
        function["strict"] = *tool.isStrict;
    }
    return function;
}

std::string imageUrlOf(const ChatBlock& block) {
    return block.data.empty() ? block.url : "data:" + block.mediaType + ";base64," + block.data;
}

Result<std::string> encodeOpenAiChat(ChatRequest& request, const Quirks& quirks) {
    OrderedJson out{{"model", request.model}};
    GH_TRY(out["messages"], messagesOf(request));
    addTools(request, quirks, out);
    addOutput(request, quirks, out);
    addSampling(request, quirks, out);
    if (request.isStream) {
        out["stream"] = true;
        if (!quirks.refusesStreamOptions) {
            out["stream_options"]["include_usage"] = true;
        }
    }
    return dump(out);
}

} // namespace gatehouse::dialects
