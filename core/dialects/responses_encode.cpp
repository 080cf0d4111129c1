// SPDX-License-Identifier: Apache-2.0
// The canonical model as a request of openai.responses, and answers of it to and from the canonical model.
#include <map>

#include "dialects/json_view.h"
#include "dialects/openai_chat_codec.h"
#include "dialects/responses_codec.h"
#include "dialects/token_lists.h"

namespace gatehouse::dialects {
namespace {

ChatEvent piece(ChatEventKind kind, std::string text = {}) {
    ChatEvent event;
    event.kind = kind;
    event.text = std::move(text);
    return event;
}

Result<OrderedJson> partOf(const ChatBlock& block, ChatRole role) {
    if (block.kind == BlockKind::refusal) {
        return OrderedJson{{"type", "refusal"}, {"refusal", block.text}};
    }
    if (block.kind == BlockKind::text) {
        return OrderedJson{{"type", role == ChatRole::assistant ? "output_text" : "input_text"}, {"text", block.text}};
    }
    if (block.kind == BlockKind::image) {
        return OrderedJson{{"type", "input_image"}, {"image_url", imageUrlOf(block)}};
    }
    if (block.kind == BlockKind::file && !block.data.empty()) {
        return OrderedJson{{"type", "input_file"},
                           {"filename", block.name.empty() ? "file" : block.name},
                           {"file_data", "data:" + block.mediaType + ";base64," + block.data}};
    }
    return fail(ErrorKind::invalidInput, "a content part that this provider cannot take");
}

Result<OrderedJson> contentOf(const std::vector<ChatBlock>& blocks, ChatRole role) {
    if (blocks.size() == 1 && blocks.front().kind == BlockKind::text) {
        return OrderedJson(blocks.front().text);
    }
    OrderedJson content = OrderedJson::array();
    for (const ChatBlock& block : blocks) {
        GH_TRY(OrderedJson part, partOf(block, role));
        content.push_back(std::move(part));
    }
    return content;
}

Result<> addMessage(const ChatMessage& message, ChatRequest& request, OrderedJson& input) {
    std::vector<ChatBlock> said;
    OrderedJson behind = OrderedJson::array();
    for (const ChatBlock& block : message.blocks) {
        if (block.kind == BlockKind::toolCall) {
            behind.push_back({{"type", "function_call"},
                              {"call_id", block.id},
                              {"name", block.name},
                              {"arguments", block.text.empty() ? "{}" : block.text}});
        } else if (block.kind == BlockKind::toolResult) {
            OrderedJson item{{"type", "function_call_output"}, {"call_id", block.id}};
            GH_TRY(item["output"], contentOf(block.content, ChatRole::user));
            behind.push_back(std::move(item));
        } else if (block.kind == BlockKind::reasoning) {
            addUntranslated(request.untranslated, "messages.reasoning"); // not this vendor's own
        } else {
            said.push_back(block);
        }
    }
    if (!said.empty()) {
        const char* role = message.role == ChatRole::system      ? "system"
                           : message.role == ChatRole::assistant ? "assistant"
                                                                 : "user";
        OrderedJson item{{"role", role}};
        GH_TRY(item["content"], contentOf(said, message.role));
        input.push_back(std::move(item));
    }
    for (OrderedJson& item : behind) {
        input.push_back(std::move(item));
    }
    return {};
}

void addTools(const ChatRequest& request, OrderedJson& out) {
    if (request.tools.empty()) {
        return;
    }
    for (const ChatTool& tool : request.tools) {
        OrderedJson each{{"type", "function"}, {"strict", false}}; // what is not said means strict here
        each.update(openAiFunctionJson(tool));
        out["tools"].push_back(std::move(each));
    }
    if (request.toolMode == ToolMode::named) {
        out["tool_choice"] = {{"type", "function"}, {"name", request.toolName}};
    } else if (request.toolMode) {
        out["tool_choice"] = *request.toolMode == ToolMode::none       ? "none"
                             : *request.toolMode == ToolMode::required ? "required"
                                                                       : "auto";
    }
    if (request.allowsParallelCalls) {
        out["parallel_tool_calls"] = *request.allowsParallelCalls;
    }
}

void readItem(const OrderedJson& item, ChatAnswer& answer) {
    const std::string type = textAt(item, "type");
    const auto each = [&item](const char* member, const auto& use) {
        const OrderedJson& parts = memberOf(item, member);
        if (parts.is_array()) {
            for (const OrderedJson& part : parts) {
                use(part);
            }
        }
    };
    ChatBlock block;
    if (type == "function_call") {
        block.kind = BlockKind::toolCall;
        block.id = textAt(item, "call_id");
        block.name = textAt(item, "name");
        block.text = textAt(item, "arguments");
        answer.blocks.push_back(std::move(block));
    } else if (type == "reasoning") {
        block.kind = BlockKind::reasoning;
        each("summary", [&](const OrderedJson& part) { block.text += textAt(part, "text"); });
        each("content", [&](const OrderedJson& part) { block.text += textAt(part, "text"); });
        block.sealed = textAt(item, "encrypted_content");
        answer.blocks.push_back(std::move(block));
    } else if (type == "message") {
        each("content", [&](const OrderedJson& part) {
            ChatBlock said;
            said.kind = textAt(part, "type") == "refusal" ? BlockKind::refusal : BlockKind::text;
            said.text = textAt(part, said.kind == BlockKind::refusal ? "refusal" : "text");
            said.tokens = openAiTokens(memberOf(part, "logprobs"));
            answer.blocks.push_back(std::move(said));
        });
    } else if (type == "image_generation_call") {
        answer.fault = unspeakable().fault;
    }
}

StopReason stopOf(const OrderedJson& response, bool hasCalls) {
    const std::string reason = textAt(memberOf(response, "incomplete_details"), "reason");
    return reason == "max_output_tokens" ? StopReason::length
           : reason == "content_filter"  ? StopReason::contentFilter
           : hasCalls                    ? StopReason::toolCalls
                                         : StopReason::stop;
}

class Decoder final : public AnswerDecoder {
public:
    Result<std::vector<ChatEvent>> push(std::string_view data) override {
        std::vector<ChatEvent> events;
        if (data.starts_with("[DONE]")) {
            return events;
        }
        GH_TRY(const OrderedJson dom, parseOrdered(data));
        const std::string type = textAt(dom, "type");
        const OrderedJson& response = memberOf(dom, "response");
        if (type == "response.created") {
            events.push_back(piece(ChatEventKind::start));
            events.back().id = textAt(response, "id");
            events.back().name = textAt(response, "model");
            events.back().created = static_cast<std::int64_t>(countAt(response, "created_at"));
        } else if (type == "response.output_text.delta") {
            events.push_back(piece(ChatEventKind::text, textAt(dom, "delta")));
            events.back().tokens = openAiTokens(memberOf(dom, "logprobs"));
        } else if (type == "response.refusal.delta") {
            events.push_back(piece(ChatEventKind::refusal, textAt(dom, "delta")));
        } else if (type == "response.reasoning_summary_text.delta" || type == "response.reasoning_text.delta") {
            events.push_back(piece(ChatEventKind::reasoning, textAt(dom, "delta")));
        } else if (type == "response.output_item.added") {
            beginItem(dom, events);
        } else if (type == "response.output_item.done" && textAt(memberOf(dom, "item"), "type") == "reasoning") {
            if (std::string sealed = textAt(memberOf(dom, "item"), "encrypted_content"); !sealed.empty()) {
                events.push_back(piece(ChatEventKind::sealed, std::move(sealed)));
            }
        } else if (type == "response.output_item.done" &&
                   textAt(memberOf(dom, "item"), "type") == "image_generation_call") {
            events.push_back(unspeakable());
        } else if (type == "response.function_call_arguments.delta") {
            if (const auto tool = m_tools.find(countAt(dom, "output_index")); tool != m_tools.end()) {
                events.push_back(piece(ChatEventKind::toolArguments, textAt(dom, "delta")));
                events.back().tool = tool->second;
            }
        } else if (type == "response.completed" || type == "response.incomplete") {
            end(response, events);
        } else if (type == "response.failed" || type == "error") {
            events.push_back(piece(ChatEventKind::fault));
            const OrderedJson& error = memberOf(response, "error");
            events.back().fault = openAiFault(error.is_object()                    ? error
                                              : memberOf(dom, "error").is_object() ? memberOf(dom, "error")
                                                                                   : dom,
                                              0);
        }
        return events;
    }

private:
    void beginItem(const OrderedJson& dom, std::vector<ChatEvent>& events) {
        const OrderedJson& item = memberOf(dom, "item");
        if (textAt(item, "type") != "function_call") {
            return;
        }
        const std::size_t tool = m_tools.size();
        m_tools[countAt(dom, "output_index")] = tool;
        events.push_back(piece(ChatEventKind::toolStart));
        events.back().tool = tool;
        events.back().id = textAt(item, "call_id");
        events.back().name = textAt(item, "name");
    }

    void end(const OrderedJson& response, std::vector<ChatEvent>& events) const {
        if (memberOf(response, "usage").is_object()) {
            events.push_back(piece(ChatEventKind::usage));
            events.back().usage = responsesUsage(memberOf(response, "usage"));
        }
        events.push_back(piece(ChatEventKind::stop));
        events.back().stop = stopOf(response, !m_tools.empty());
    }

    std::map<std::uint64_t, std::size_t> m_tools; // output item → tool call
};

class Codec final : public ChatCodec {
public:
    Result<ChatRequest> decodeRequest(std::string_view body, const Asked& /*asked*/) const override {
        return decodeResponses(body);
    }
    Result<std::string> encodeRequest(ChatRequest& request, const Quirks& /*quirks*/) const override {
        return encodeResponses(request);
    }
    Result<ChatAnswer> decodeAnswer(std::string_view document, int status) const override {
        GH_TRY(const OrderedJson dom, parseOrdered(document));
        ChatAnswer answer;
        if (const OrderedJson& error = memberOf(dom, "error"); !error.is_null() || status >= 400) {
            answer.fault = openAiFault(error.is_null() ? dom : error, status);
            return answer;
        }
        const OrderedJson& output = memberOf(dom, "output");
        if (!output.is_array()) {
            return fail(ErrorKind::invalidInput, "the answer has no output");
        }
        answer.id = textAt(dom, "id");
        answer.model = textAt(dom, "model");
        bool hasCalls = false;
        for (const OrderedJson& item : output) {
            readItem(item, answer);
            hasCalls = hasCalls || textAt(item, "type") == "function_call";
        }
        answer.stop = stopOf(dom, hasCalls);
        if (memberOf(dom, "usage").is_object()) {
            answer.usage = responsesUsage(memberOf(dom, "usage"));
        }
        return answer;
    }
    std::string encodeAnswer(const ChatAnswer& answer, const AnswerContext& context) const override {
        if (answer.fault) {
            return dump({{"error", openAiFaultJson(*answer.fault)}});
        }
        OrderedJson output = OrderedJson::array();
        for (const ChatBlock& block : answer.blocks) {
            output.push_back(responseItem(block, context.id + "_" + std::to_string(output.size()), "completed"));
        }
        OrderedJson response = responseObject(context, "completed", std::move(output));
        setResponseEnd(response, answer.stop.value_or(StopReason::stop), answer.usage);
        return dump(response);
    }
    std::unique_ptr<AnswerDecoder> makeDecoder() const override { return std::make_unique<Decoder>(); }
    std::unique_ptr<AnswerEncoder> makeEncoder(AnswerContext context) const override {
        return makeResponsesEncoder(std::move(context));
    }
};

// What this interface has no member for.
void noteUnsaid(ChatRequest& request) {
    const auto note = [&request](bool isSet, std::string_view name) {
        if (isSet) {
            addUntranslated(request.untranslated, name);
        }
    };
    note(!request.stop.empty(), "stop");
    note(request.topK.has_value(), "top_k");
    note(request.seed.has_value(), "seed");
    note(request.presencePenalty.value_or(0) != 0, "presence_penalty");
    note(request.frequencyPenalty.value_or(0) != 0, "frequency_penalty");
    note(request.effort.empty() && request.wantsReasoning == true, "thinking");
    note(!request.user.empty(), "user");
}

} // namespace

Result<std::string> encodeResponses(ChatRequest& request) {
    OrderedJson out{{"model", request.model}};
    out["input"] = OrderedJson::array();
    for (const ChatMessage& message : request.messages) {
        GH_CHECK(addMessage(message, request, out["input"]));
    }
    noteLooseSchemas(request);
    addTools(request, out);
    if (request.output == OutputForm::json) {
        out["text"]["format"]["type"] = "json_object";
    } else if (request.output == OutputForm::schema) {
        OrderedJson format{{"type", "json_schema"},
                           {"name", request.outputName.empty() ? "answer" : request.outputName}};
        format["schema"] = request.outputSchema;
        if (request.isOutputStrict) {
            format["strict"] = *request.isOutputStrict;
        }
        out["text"]["format"] = std::move(format);
    }
    if (request.maxTokens) {
        out["max_output_tokens"] = *request.maxTokens;
    }
    if (request.temperature) {
        out["temperature"] = *request.temperature;
    }
    if (request.topP) {
        out["top_p"] = *request.topP;
    }
    if (!request.effort.empty()) {
        out["reasoning"]["effort"] = request.effort;
    }
    noteUnsaid(request);
    if (request.tokenChoices) {
        out["include"] = {"message.output_text.logprobs"};
        out["top_logprobs"] = *request.tokenChoices;
    }
    out["store"] = false; // nothing is left behind that was not asked for
    if (request.isStream) {
        out["stream"] = true;
    }
    return dump(out);
}

Usage responsesUsage(const OrderedJson& usage) {
    Usage counted;
    counted.inputTokens = countAt(usage, "input_tokens");
    counted.outputTokens = countAt(usage, "output_tokens");
    counted.cachedTokens = countAt(memberOf(usage, "input_tokens_details"), "cached_tokens");
    counted.reasoningTokens = countAt(memberOf(usage, "output_tokens_details"), "reasoning_tokens");
    return counted;
}

const ChatCodec& responsesCodec() {
    static const Codec kCodec;
    return kCodec;
}

} // namespace gatehouse::dialects
