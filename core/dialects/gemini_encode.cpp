// SPDX-License-Identifier: Apache-2.0
// The canonical model as a request of gemini.generate.
#include "dialects/gemini_codec.h"
#include "dialects/json_view.h"

namespace gatehouse::dialects {
namespace {

// Google's documented stand-in for a signature that another vendor's history cannot have.
constexpr std::string_view kNoSignature = "skip_thought_signature_validator";

std::string nameOfCall(const ChatRequest& request, const std::string& id) {
    for (const ChatMessage& message : request.messages) {
        for (const ChatBlock& block : message.blocks) {
            if (block.kind == BlockKind::toolCall && block.id == id) {
                return block.name;
            }
        }
    }
    return "tool";
}

OrderedJson responseOf(const ChatBlock& result) {
    std::string text;
    for (const ChatBlock& block : result.content) {
        text += block.kind == BlockKind::text ? block.text : "";
    }
    if (auto parsed = parseOrdered(text)) {
        return std::move(*parsed);
    }
    return {{result.isError ? "error" : "result", text}};
}

Result<OrderedJson> partOf(const ChatBlock& block, ChatRequest& request, bool& isFirstCall) {
    OrderedJson part = OrderedJson::object();
    switch (block.kind) {
    case BlockKind::text:
    case BlockKind::refusal:
        part["text"] = block.text;
        break;
    case BlockKind::image:
    case BlockKind::audio:
    case BlockKind::file:
        if (block.data.empty()) {
            return fail(ErrorKind::invalidInput, "a picture or file by address cannot be sent to this provider");
        }
        part["inlineData"] = {{"mimeType", block.mediaType}, {"data", block.data}};
        break;
    case BlockKind::toolCall:
        part["functionCall"] = {{"name", block.name}, {"args", argumentsOf(block.text)}};
        if (std::exchange(isFirstCall, false) || !block.signature.empty()) {
            part["thoughtSignature"] = block.signature.empty() ? std::string(kNoSignature) : block.signature;
        }
        return part;
    case BlockKind::toolResult: {
        const std::string name = block.name.empty() ? nameOfCall(request, block.id) : block.name;
        part["functionResponse"] = {{"name", name}, {"response", responseOf(block)}};
        break;
    }
    case BlockKind::reasoning:
        addUntranslated(request.untranslated, "messages.reasoning"); // its signature is another vendor's
        return OrderedJson();
    }
    return part;
}

Result<> addContents(ChatRequest& request, OrderedJson& out) {
    out["contents"] = OrderedJson::array();
    OrderedJson system = OrderedJson::array();
    for (const ChatMessage& message : request.messages) {
        OrderedJson parts = OrderedJson::array();
        bool isFirstCall = true;
        for (const ChatBlock& block : message.blocks) {
            GH_TRY(OrderedJson part, partOf(block, request, isFirstCall));
            if (!part.is_null()) {
                parts.push_back(std::move(part));
            }
        }
        if (message.role == ChatRole::system) {
            for (OrderedJson& part : parts) {
                system.push_back(std::move(part));
            }
            continue;
        }
        if (parts.empty()) {
            continue;
        }
        const char* role = message.role == ChatRole::assistant ? "model" : "user";
        OrderedJson& contents = out["contents"];
        if (!contents.empty() && contents.back()["role"] == role) {
            for (OrderedJson& part : parts) {
                contents.back()["parts"].push_back(std::move(part));
            }
        } else {
            contents.push_back({{"role", role}, {"parts", std::move(parts)}});
        }
    }
    if (!system.empty()) {
        out["systemInstruction"]["parts"] = std::move(system);
    }
    return {};
}

void addTools(ChatRequest& request, OrderedJson& out) {
    if (request.tools.empty()) {
        return;
    }
    OrderedJson declarations = OrderedJson::array();
    for (const ChatTool& tool : request.tools) {
        OrderedJson each{{"name", tool.name}};
        if (!tool.description.empty()) {
            each["description"] = tool.description;
        }
        if (tool.schema.is_object()) {
            each["parametersJsonSchema"] = tool.schema;
        }
        declarations.push_back(std::move(each));
    }
    OrderedJson tools;
    tools["functionDeclarations"] = std::move(declarations);
    out["tools"] = OrderedJson::array({std::move(tools)});
    if (request.toolMode) {
        OrderedJson& config = out["toolConfig"]["functionCallingConfig"];
        config["mode"] = *request.toolMode == ToolMode::none        ? "NONE"
                         : *request.toolMode == ToolMode::automatic ? "AUTO"
                                                                    : "ANY";
        if (*request.toolMode == ToolMode::named) {
            config["allowedFunctionNames"] = OrderedJson::array({request.toolName});
        }
    }
    if (request.allowsParallelCalls == false) {
        addUntranslated(request.untranslated, "parallel_tool_calls");
    }
}

OrderedJson generationOf(ChatRequest& request) {
    OrderedJson config = OrderedJson::object();
    const auto add = [&config](const char* name, const auto& value) {
        if (value) {
            config[name] = *value;
        }
    };
    add("maxOutputTokens", request.maxTokens);
    add("temperature", request.temperature);
    add("topP", request.topP);
    add("topK", request.topK);
    add("seed", request.seed);
    add("presencePenalty", request.presencePenalty);
    add("frequencyPenalty", request.frequencyPenalty);
    if (!request.stop.empty()) {
        config["stopSequences"] = request.stop;
    }
    if (request.output != OutputForm::text) {
        config["responseMimeType"] = "application/json";
    }
    if (request.output == OutputForm::schema) {
        config["responseJsonSchema"] = request.outputSchema;
    }
    if (!request.effort.empty() && !request.reasoningTokens) {
        request.reasoningTokens = request.effort == "high" ? 4096 : request.effort == "medium" ? 2048 : 1024;
    }
    if (request.reasoningTokens) {
        config["thinkingConfig"]["thinkingBudget"] = *request.reasoningTokens;
    }
    if (request.wantsReasoning == true) {
        config["thinkingConfig"]["includeThoughts"] = true;
    }
    if (request.tokenChoices) {
        config["responseLogprobs"] = true;
        if (*request.tokenChoices > 0) {
            config["logprobs"] = *request.tokenChoices;
        }
    }
    if (!request.user.empty()) {
        addUntranslated(request.untranslated, "user");
    }
    return config;
}

} // namespace

Result<std::string> encodeGemini(ChatRequest& request) {
    OrderedJson out = OrderedJson::object();
    GH_CHECK(addContents(request, out));
    addTools(request, out);
    OrderedJson config = generationOf(request);
    if (!config.empty()) {
        out["generationConfig"] = std::move(config);
    }
    return dump(out);
}

} // namespace gatehouse::dialects
