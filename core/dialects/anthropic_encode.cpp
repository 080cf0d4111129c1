// SPDX-License-Identifier: Apache-2.0
// The canonical model as a request of anthropic.messages.
#include <algorithm>

#include "dialects/anthropic_codec.h"
#include "dialects/fitting.h"
#include "dialects/json_view.h"

namespace gatehouse::dialects {
namespace {

constexpr std::uint64_t kDefaultMaxTokens = 4096; // the interface has no default; every model of today gives as many

OrderedJson sourceOf(const ChatBlock& block) {
    if (block.data.empty()) {
        return {{"type", "url"}, {"url", block.url}};
    }
    return {{"type", "base64"}, {"media_type", block.mediaType}, {"data", block.data}};
}

Result<OrderedJson> toolResult(const ChatBlock& block);

// Null where the block says nothing here (empty texts are an error at this vendor).
Result<OrderedJson> blockOf(const ChatBlock& block, ChatRequest& request) {
    switch (block.kind) {
    case BlockKind::text:
    case BlockKind::refusal:
        return block.text.empty() ? OrderedJson() : OrderedJson{{"type", "text"}, {"text", block.text}};
    case BlockKind::image:
        return OrderedJson{{"type", "image"}, {"source", sourceOf(block)}};
    case BlockKind::file: {
        OrderedJson document{{"type", "document"}, {"source", sourceOf(block)}};
        if (!block.name.empty()) {
            document["title"] = block.name;
        }
        return document;
    }
    case BlockKind::toolCall:
        return OrderedJson{
            {"type", "tool_use"}, {"id", block.id}, {"name", block.name}, {"input", argumentsOf(block.text)}};
    case BlockKind::toolResult:
        return toolResult(block);
    case BlockKind::reasoning:
        if (!block.sealed.empty()) {
            return OrderedJson{{"type", "redacted_thinking"}, {"data", block.sealed}};
        }
        if (!block.signature.empty()) {
            return OrderedJson{{"type", "thinking"}, {"thinking", block.text}, {"signature", block.signature}};
        }
        // Reasoning that this vendor did not sign is an error there.
        addUntranslated(request.untranslated, "messages.reasoning");
        return OrderedJson();
    case BlockKind::audio:
        break;
    }
    return fail(ErrorKind::invalidInput, "audio is not possible with this model's provider");
}

Result<OrderedJson> toolResult(const ChatBlock& block) {
    OrderedJson result{{"type", "tool_result"}, {"tool_use_id", block.id}};
    ChatRequest unused;
    OrderedJson content = OrderedJson::array();
    for (const ChatBlock& each : block.content) {
        GH_TRY(OrderedJson part, blockOf(each, unused));
        if (!part.is_null()) {
            content.push_back(std::move(part));
        }
    }
    const bool isText = block.content.size() == 1 && block.content.front().kind == BlockKind::text;
    result["content"] = isText ? OrderedJson(block.content.front().text) : std::move(content);
    if (block.isError) {
        result["is_error"] = true;
    }
    return result;
}

// All that is not the assistant's is the user's; neighbours of one role become one message, so that all results of
// parallel calls stand in the one behind them.
Result<OrderedJson> messagesOf(ChatRequest& request) {
    OrderedJson out = OrderedJson::array();
    for (const ChatMessage& message : request.messages) {
        if (message.role == ChatRole::system) {
            continue;
        }
        const char* role = message.role == ChatRole::assistant ? "assistant" : "user";
        OrderedJson content = OrderedJson::array();
        for (const ChatBlock& block : message.blocks) {
            GH_TRY(OrderedJson part, blockOf(block, request));
            if (!part.is_null()) {
                content.push_back(std::move(part));
            }
        }
        if (content.empty()) {
            continue;
        }
        if (!out.empty() && out.back()["role"] == role) {
            for (OrderedJson& part : content) {
                out.back()["content"].push_back(std::move(part));
            }
            continue;
        }
        out.push_back({{"role", role}, {"content", std::move(content)}});
    }
    // A lone text goes as a string.
    for (OrderedJson& message : out) {
        const OrderedJson& content = message["content"];
        if (content.size() == 1 && content[0]["type"] == "text") {
            message["content"] = OrderedJson(content[0]["text"]);
        }
    }
    return out;
}

Result<> addSystem(const ChatRequest& request, OrderedJson& out) {
    std::string system;
    for (const ChatMessage& message : request.messages) {
        if (message.role != ChatRole::system) {
            continue;
        }
        for (const ChatBlock& block : message.blocks) {
            if (block.kind != BlockKind::text) {
                return fail(ErrorKind::invalidInput, "a system message that is no text");
            }
            system += (system.empty() ? "" : "\n\n") + block.text;
        }
    }
    if (!system.empty()) {
        out["system"] = system;
    }
    return {};
}

void addTools(const ChatRequest& request, OrderedJson& out) {
    if (request.tools.empty()) {
        return;
    }
    out["tools"] = OrderedJson::array();
    for (const ChatTool& tool : request.tools) {
        OrderedJson each{{"name", tool.name}};
        if (!tool.description.empty()) {
            each["description"] = tool.description;
        }
        each["input_schema"] = tool.schema.is_object() ? tool.schema : OrderedJson{{"type", "object"}};
        if (tool.isStrict == true) {
            each["strict"] = true;
        }
        out["tools"].push_back(std::move(each));
    }
    if (!request.toolMode && !request.allowsParallelCalls) {
        return;
    }
    OrderedJson choice;
    const ToolMode mode = request.toolMode.value_or(ToolMode::automatic);
    choice["type"] = mode == ToolMode::required ? "any"
                     : mode == ToolMode::none   ? "none"
                     : mode == ToolMode::named  ? "tool"
                                                : "auto";
    if (mode == ToolMode::named) {
        choice["name"] = request.toolName;
    }
    if (request.allowsParallelCalls == false && mode != ToolMode::none) {
        choice["disable_parallel_tool_use"] = true;
    }
    out["tool_choice"] = std::move(choice);
}

// The budget that an effort means.
std::optional<std::uint64_t> budgetOf(const ChatRequest& request) {
    if (request.reasoningTokens || request.effort.empty() || request.effort == "none" || request.effort == "minimal") {
        return request.reasoningTokens;
    }
    return request.effort == "low" ? 1024 : request.effort == "medium" ? 2048 : 4096;
}

void addSampling(ChatRequest& request, OrderedJson& out) {
    const auto budget = request.wantsReasoning == false ? std::nullopt : budgetOf(request);
    std::uint64_t maxTokens = request.maxTokens.value_or(kDefaultMaxTokens);
    if (budget) {
        out["thinking"] = {{"type", "enabled"}, {"budget_tokens", *budget}};
        maxTokens = std::max(maxTokens, *budget + (request.maxTokens ? 1 : kDefaultMaxTokens));
    }
    out["max_tokens"] = maxTokens;
    if (request.temperature && !budget) {
        out["temperature"] = std::min(*request.temperature, 1.0);
    }
    if (request.temperature && (budget || *request.temperature > 1.0)) {
        addUntranslated(request.untranslated, "temperature"); // up to 1 here, and none with thinking
    }
    if (request.topP && !budget) {
        out["top_p"] = *request.topP;
    }
    if (request.topK) {
        out["top_k"] = *request.topK;
    }
    if (!request.stop.empty()) {
        out["stop_sequences"] = request.stop;
    }
    if (!request.user.empty()) {
        out["metadata"]["user_id"] = request.user;
    }
    const auto note = [&](bool isSet, std::string_view name) {
        if (isSet) {
            addUntranslated(request.untranslated, name);
        }
    };
    note(request.seed.has_value(), "seed");
    note(request.tokenChoices.has_value(), "logprobs");
    note(request.topP && budget, "top_p");
    note(request.presencePenalty.value_or(0) != 0, "presence_penalty");
    note(request.frequencyPenalty.value_or(0) != 0, "frequency_penalty");
    note(request.output == OutputForm::json, "response_format");
}

} // namespace

Result<std::string> encodeAnthropic(ChatRequest& request, const Quirks& /*quirks*/) {
    OrderedJson out{{"model", request.model}};
    GH_CHECK(addSystem(request, out));
    GH_TRY(out["messages"], messagesOf(request));
    addTools(request, out);
    addSampling(request, out);
    if (request.output == OutputForm::schema) {
        bool isNarrower = false;
        bool isWider = false;
        OrderedJson schema = closedSchema(request.outputSchema, isNarrower, isWider);
        out["output_config"]["format"] = {{"type", "json_schema"}, {"schema", std::move(schema)}};
        if (isNarrower) {
            addUntranslated(request.untranslated, "additionalProperties");
        }
        if (isWider) {
            addUntranslated(request.untranslated, "schema_limits");
        }
    }
    if (request.isStream) {
        out["stream"] = true;
    }
    return dump(out);
}

} // namespace gatehouse::dialects
