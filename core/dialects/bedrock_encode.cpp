// SPDX-License-Identifier: Apache-2.0
// The canonical model as a request of bedrock.converse.
#include <algorithm>

#include "dialects/bedrock_codec.h"
#include "dialects/json_view.h"

namespace gatehouse::dialects {
namespace {

// "image/jpeg" → "jpeg"
std::string formatOf(const std::string& mediaType) {
    const std::string sub = mediaType.substr(mediaType.find('/') + 1);
    return sub == "plain" ? "txt" : sub == "markdown" ? "md" : sub;
}

// A document's name may hold letters, digits, spaces, hyphens and brackets only.
std::string documentName(std::string name) {
    std::replace_if(
        name.begin(), name.end(),
        [](char c) {
            return !((c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == ' ' ||
                     c == '-');
        },
        '-');
    return name.empty() ? "document" : name;
}

Result<OrderedJson> blockOf(const ChatBlock& block);

Result<OrderedJson> toolResult(const ChatBlock& block) {
    OrderedJson content = OrderedJson::array();
    for (const ChatBlock& each : block.content) {
        GH_TRY(OrderedJson part, blockOf(each));
        if (!part.is_null()) {
            content.push_back(std::move(part));
        }
    }
    OrderedJson result;
    result["toolUseId"] = block.id;
    result["content"] = std::move(content);
    if (block.isError) {
        result["status"] = "error";
    }
    OrderedJson out;
    out["toolResult"] = std::move(result);
    return out;
}

// Null where the block says nothing here: empty contents are an error at this vendor.
Result<OrderedJson> blockOf(const ChatBlock& block) {
    OrderedJson out;
    switch (block.kind) {
    case BlockKind::text:
    case BlockKind::refusal:
        return block.text.empty() ? OrderedJson() : OrderedJson::object({{"text", block.text}});
    case BlockKind::image:
    case BlockKind::file: {
        if (block.data.empty()) {
            return fail(ErrorKind::invalidInput, "a picture or file by address cannot be sent to this provider");
        }
        OrderedJson& media = out[block.kind == BlockKind::image ? "image" : "document"];
        media["format"] = formatOf(block.mediaType);
        if (block.kind == BlockKind::file) {
            media["name"] = documentName(block.name);
        }
        media["source"]["bytes"] = block.data;
        return out;
    }
    case BlockKind::toolCall:
        out["toolUse"]["toolUseId"] = block.id;
        out["toolUse"]["name"] = block.name;
        out["toolUse"]["input"] = argumentsOf(block.text);
        return out;
    case BlockKind::toolResult:
        return toolResult(block);
    case BlockKind::reasoning:
        if (!block.sealed.empty()) {
            out["reasoningContent"]["redactedContent"] = block.sealed;
        } else if (!block.signature.empty()) {
            out["reasoningContent"]["reasoningText"] = {{"text", block.text}, {"signature", block.signature}};
        }
        return out;
    case BlockKind::audio:
        break;
    }
    return fail(ErrorKind::invalidInput, "audio is not possible with this model's provider");
}

Result<> addMessages(ChatRequest& request, OrderedJson& out) {
    out["messages"] = OrderedJson::array();
    for (const ChatMessage& message : request.messages) {
        OrderedJson content = OrderedJson::array();
        for (const ChatBlock& block : message.blocks) {
            GH_TRY(OrderedJson part, blockOf(block));
            if (!part.is_null()) {
                content.push_back(std::move(part));
            } else if (block.kind == BlockKind::reasoning) {
                addUntranslated(request.untranslated, "messages.reasoning");
            }
        }
        if (content.empty()) {
            continue;
        }
        if (message.role == ChatRole::system) {
            for (OrderedJson& part : content) {
                out["system"].push_back(std::move(part));
            }
            continue;
        }
        const char* role = message.role == ChatRole::assistant ? "assistant" : "user";
        OrderedJson& messages = out["messages"];
        if (!messages.empty() && messages.back()["role"] == role) {
            for (OrderedJson& part : content) {
                messages.back()["content"].push_back(std::move(part));
            }
        } else {
            OrderedJson each;
            each["role"] = role;
            each["content"] = std::move(content);
            messages.push_back(std::move(each));
        }
    }
    return {};
}

void addTools(ChatRequest& request, OrderedJson& out) {
    if (request.tools.empty() || request.toolMode == ToolMode::none) {
        return;
    }
    OrderedJson& config = out["toolConfig"];
    for (const ChatTool& tool : request.tools) {
        OrderedJson spec;
        spec["toolSpec"]["name"] = tool.name;
        if (!tool.description.empty()) {
            spec["toolSpec"]["description"] = tool.description;
        }
        spec["toolSpec"]["inputSchema"]["json"] =
            tool.schema.is_object() ? tool.schema : OrderedJson::object({{"type", "object"}});
        config["tools"].push_back(std::move(spec));
    }
    if (request.toolMode == ToolMode::named) {
        config["toolChoice"]["tool"]["name"] = request.toolName;
    } else if (request.toolMode) {
        config["toolChoice"][*request.toolMode == ToolMode::required ? "any" : "auto"] = OrderedJson::object();
    }
    if (request.allowsParallelCalls == false) {
        addUntranslated(request.untranslated, "parallel_tool_calls");
    }
}

} // namespace

Result<std::string> encodeBedrock(ChatRequest& request) {
    OrderedJson out;
    GH_CHECK(addMessages(request, out));
    addTools(request, out);
    const auto add = [&out](const char* name, const auto& value) {
        if (value) {
            out["inferenceConfig"][name] = *value;
        }
    };
    add("maxTokens", request.maxTokens);
    add("temperature", request.temperature);
    add("topP", request.topP);
    if (!request.stop.empty()) {
        out["inferenceConfig"]["stopSequences"] = request.stop;
    }
    const auto note = [&request](bool isSet, std::string_view name) {
        if (isSet) {
            addUntranslated(request.untranslated, name);
        }
    };
    note(request.topK.has_value(), "top_k");
    note(request.seed.has_value(), "seed");
    note(request.tokenChoices.has_value(), "logprobs");
    note(request.presencePenalty.value_or(0) != 0, "presence_penalty");
    note(request.frequencyPenalty.value_or(0) != 0, "frequency_penalty");
    note(!request.effort.empty() || request.reasoningTokens.has_value(), "reasoning_effort");
    note(request.output != OutputForm::text, "response_format");
    note(!request.user.empty(), "user");
    return dump(out);
}

} // namespace gatehouse::dialects
