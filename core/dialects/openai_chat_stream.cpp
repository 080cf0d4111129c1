// SPDX-License-Identifier: Apache-2.0
// Answers of openai.chat to and from the canonical model.
#include <algorithm>
#include <array>
#include <map>

#include "dialects/json_view.h"
#include "dialects/openai_chat_codec.h"
#include "dialects/openai_words.h"
#include "dialects/sse.h"
#include "dialects/token_lists.h"

namespace gatehouse::dialects {
namespace {

struct StopWord {
    std::string_view word;
    StopReason reason;
};
constexpr std::array kStopWords{
    StopWord{"stop", StopReason::stop},
    StopWord{"length", StopReason::length},
    StopWord{"tool_calls", StopReason::toolCalls},
    StopWord{"function_call", StopReason::toolCalls},
    StopWord{"content_filter", StopReason::contentFilter},
};

ChatEvent piece(ChatEventKind kind, std::string text = {}) {
    ChatEvent event;
    event.kind = kind;
    event.text = std::move(text);
    return event;
}

class Decoder final : public AnswerDecoder {
public:
    Result<std::vector<ChatEvent>> push(std::string_view data) override {
        std::vector<ChatEvent> events;
        if (data.starts_with("[DONE]")) {
            return events;
        }
        GH_TRY(const OrderedJson dom, parseOrdered(data));
        if (const OrderedJson& error = memberOf(dom, "error"); !error.is_null()) {
            events.push_back(piece(ChatEventKind::fault));
            events.back().fault = openAiFault(error, 0);
            return events;
        }
        start(dom, events);
        const OrderedJson& choice = elementOf(memberOf(dom, "choices"), "0");
        readDelta(memberOf(choice, "delta"), events);
        if (OrderedJson tokens = openAiTokens(memberOf(choice, "logprobs")); !tokens.is_null()) {
            const auto text = std::find_if(events.begin(), events.end(),
                                           [](const ChatEvent& event) { return event.kind == ChatEventKind::text; });
            if (text != events.end()) {
                text->tokens = std::move(tokens);
            }
        }
        // Servers exist that say "" or "null" in the middle of a stream.
        if (const auto reason = openAiStopReason(textAt(choice, "finish_reason"))) {
            events.push_back(piece(ChatEventKind::stop));
            events.back().stop = *reason == StopReason::stop && !m_tools.empty() ? StopReason::toolCalls : *reason;
        }
        if (const OrderedJson& usage = memberOf(dom, "usage"); usage.is_object()) {
            events.push_back(piece(ChatEventKind::usage));
            events.back().usage = openAiUsage(usage);
        }
        return events;
    }

private:
    void start(const OrderedJson& dom, std::vector<ChatEvent>& events) {
        if (std::exchange(m_hasStarted, true)) {
            return;
        }
        events.push_back(piece(ChatEventKind::start));
        events.back().id = textAt(dom, "id");
        events.back().name = textAt(dom, "model");
        events.back().created = static_cast<std::int64_t>(countAt(dom, "created"));
    }

    void readDelta(const OrderedJson& delta, std::vector<ChatEvent>& events) {
        const auto add = [&](ChatEventKind kind, std::string text) {
            if (!text.empty()) {
                events.push_back(piece(kind, std::move(text)));
            }
        };
        const OrderedJson& details = memberOf(delta, "reasoning_details");
        if (details.is_array() && !details.empty()) {
            for (const OrderedJson& detail : details) {
                add(ChatEventKind::reasoning, textAt(detail, "text"));
                add(ChatEventKind::signature, textAt(detail, "signature"));
                add(ChatEventKind::sealed, textAt(detail, "data"));
            }
        } else {
            add(ChatEventKind::reasoning, textAt(delta, "reasoning_content"));
            if (textAt(delta, "reasoning_content").empty()) {
                add(ChatEventKind::reasoning, textAt(delta, "reasoning"));
            }
        }
        add(ChatEventKind::text, textAt(delta, "content"));
        if (memberOf(delta, "images").is_array() || memberOf(delta, "audio").is_object()) {
            events.push_back(unspeakable());
        }
        add(ChatEventKind::refusal, textAt(delta, "refusal"));
        const OrderedJson& calls = memberOf(delta, "tool_calls");
        for (const OrderedJson& call : calls.is_array() ? calls : OrderedJson::array()) {
            readCall(call, events);
        }
    }

    // Some servers leave the index out and send each call whole.
    void readCall(const OrderedJson& call, std::vector<ChatEvent>& events) {
        const std::string id = textAt(call, "id");
        const OrderedJson& function = memberOf(call, "function");
        const std::uint64_t index = wholeNumberAt(call, "index").value_or(id.empty() ? m_last : 1000 + m_tools.size());
        m_last = index;
        if (!m_tools.contains(index)) {
            const std::size_t tool = m_tools.size();
            m_tools[index] = tool;
            events.push_back(piece(ChatEventKind::toolStart,
                                   textAt(memberOf(memberOf(call, "extra_content"), "google"), "thought_signature")));
            events.back().tool = tool;
            events.back().id = id.empty() ? "call_" + std::to_string(tool) : id;
            events.back().name = textAt(function, "name");
        }
        if (std::string arguments = textAt(function, "arguments"); !arguments.empty()) {
            events.push_back(piece(ChatEventKind::toolArguments, std::move(arguments)));
            events.back().tool = m_tools[index];
        }
    }

    bool m_hasStarted = false;
    std::map<std::uint64_t, std::size_t> m_tools; // their index → ours
    std::uint64_t m_last = 0;
};

class Encoder final : public AnswerEncoder {
public:
    explicit Encoder(AnswerContext context) : m_context(std::move(context)) {}

    std::string push(const ChatEvent& event) override {
        switch (event.kind) {
        case ChatEventKind::start:
            return begin();
        case ChatEventKind::text:
            return begin() + textChunk(event);
        case ChatEventKind::refusal:
            return begin() + chunk({{"refusal", event.text}});
        case ChatEventKind::reasoning:
            m_reasoning += event.text;
            return begin() + chunk({{"reasoning_content", event.text}});
        case ChatEventKind::signature:
            return begin() + details({{"type", "reasoning.text"},
                                      {"text", std::exchange(m_reasoning, {})},
                                      {"signature", event.text}});
        case ChatEventKind::sealed:
            return begin() + details({{"type", "reasoning.encrypted"}, {"data", event.text}});
        case ChatEventKind::toolStart:
            return begin() + toolStart(event);
        case ChatEventKind::toolArguments:
            return chunk({{"tool_calls", {{{"index", event.tool}, {"function", {{"arguments", event.text}}}}}}});
        case ChatEventKind::stop:
            m_hasStopped = true;
            return begin() + chunk(OrderedJson::object(), openAiStopWord(event.stop));
        case ChatEventKind::usage:
            m_usage = event.usage;
            return {};
        case ChatEventKind::fault:
            m_hasFailed = true;
            return sseFrame(dump({{"error", openAiFaultJson(event.fault)}}));
        }
        return {};
    }

    std::string finish() override {
        if (m_hasFailed) {
            return {};
        }
        std::string out;
        if (!m_hasStopped) {
            return out; // broken off: whoever reads it sees no end
        }
        if (m_context.wantsUsage && m_usage) {
            OrderedJson last = frameOf(OrderedJson::object(), nullptr);
            last["choices"] = OrderedJson::array();
            last["usage"] = openAiUsageJson(*m_usage);
            out += sseFrame(dump(last));
        }
        return out + "data: [DONE]\n\n";
    }

private:
    std::string begin() {
        return std::exchange(m_hasBegun, true) ? std::string() : chunk({{"role", "assistant"}, {"content", ""}});
    }

    OrderedJson frameOf(OrderedJson delta, OrderedJson reason) const {
        OrderedJson out{{"id", "chatcmpl-" + m_context.id}, {"object", "chat.completion.chunk"}};
        out["created"] = m_context.created;
        out["model"] = m_context.model;
        OrderedJson choice{{"index", 0}};
        choice["delta"] = std::move(delta);
        choice["finish_reason"] = std::move(reason);
        out["choices"] = OrderedJson::array({std::move(choice)});
        return out;
    }

    std::string chunk(OrderedJson delta, OrderedJson reason = nullptr) const {
        return sseFrame(dump(frameOf(std::move(delta), std::move(reason))));
    }

    std::string textChunk(const ChatEvent& event) const {
        OrderedJson frame = frameOf({{"content", event.text}}, nullptr);
        if (!event.tokens.is_null()) {
            frame["choices"][0]["logprobs"] = {{"content", event.tokens}, {"refusal", nullptr}};
        }
        return sseFrame(dump(frame));
    }

    std::string details(OrderedJson detail) const {
        OrderedJson delta;
        delta["reasoning_details"] = OrderedJson::array({std::move(detail)});
        return chunk(std::move(delta));
    }

    std::string toolStart(const ChatEvent& event) const {
        OrderedJson call{{"index", event.tool}, {"id", event.id}, {"type", "function"}};
        call["function"] = {{"name", event.name}, {"arguments", ""}};
        if (!event.text.empty()) {
            call["extra_content"]["google"]["thought_signature"] = event.text;
        }
        OrderedJson delta;
        delta["tool_calls"] = OrderedJson::array({std::move(call)});
        return chunk(std::move(delta));
    }

    AnswerContext m_context;
    std::optional<Usage> m_usage;
    std::string m_reasoning; // since the last signature
    bool m_hasBegun = false;
    bool m_hasStopped = false;
    bool m_hasFailed = false;
};

void readMessage(const OrderedJson& choice, ChatAnswer& answer) {
    Decoder decoder;
    AnswerCollector collector;
    // A whole message is one delta; its tool calls have no index of their own.
    OrderedJson chunk;
    chunk["choices"] = OrderedJson::array(
        {OrderedJson{{"delta", memberOf(choice, "message")}, {"logprobs", memberOf(choice, "logprobs")}}});
    const auto events = decoder.push(dump(chunk));
    for (const ChatEvent& event : events ? *events : std::vector<ChatEvent>()) {
        collector.push(event);
    }
    ChatAnswer read = collector.take();
    answer.blocks = std::move(read.blocks);
    answer.fault = std::move(read.fault);
}

OrderedJson messageJson(const ChatAnswer& answer) {
    OrderedJson message{{"role", "assistant"}};
    std::string text;
    std::string refusal;
    std::string reasoning;
    OrderedJson details = OrderedJson::array();
    OrderedJson calls = OrderedJson::array();
    for (const ChatBlock& block : answer.blocks) {
        text += block.kind == BlockKind::text ? block.text : "";
        refusal += block.kind == BlockKind::refusal ? block.text : "";
        if (block.kind == BlockKind::reasoning) {
            reasoning += block.text;
            if (!block.sealed.empty()) {
                details.push_back({{"type", "reasoning.encrypted"}, {"data", block.sealed}});
            } else if (!block.signature.empty()) {
                details.push_back({{"type", "reasoning.text"}, {"text", block.text}, {"signature", block.signature}});
            }
        } else if (block.kind == BlockKind::toolCall) {
            OrderedJson call{{"id", block.id}, {"type", "function"}};
            call["function"] = {{"name", block.name}, {"arguments", block.text.empty() ? "{}" : block.text}};
            if (!block.signature.empty()) {
                call["extra_content"]["google"]["thought_signature"] = block.signature;
            }
            calls.push_back(std::move(call));
        }
    }
    message["content"] = text.empty() && (!calls.empty() || !refusal.empty()) ? OrderedJson() : OrderedJson(text);
    message["refusal"] = refusal.empty() ? OrderedJson() : OrderedJson(refusal);
    if (!reasoning.empty()) {
        message["reasoning_content"] = reasoning;
    }
    if (!details.empty()) {
        message["reasoning_details"] = std::move(details);
    }
    if (!calls.empty()) {
        message["tool_calls"] = std::move(calls);
    }
    return message;
}

class Codec final : public ChatCodec {
public:
    Result<ChatRequest> decodeRequest(std::string_view body, const Asked& asked) const override {
        return decodeOpenAiChat(body, asked);
    }
    Result<std::string> encodeRequest(ChatRequest& request, const Quirks& quirks) const override {
        return encodeOpenAiChat(request, quirks);
    }
    Result<ChatAnswer> decodeAnswer(std::string_view document, int status) const override {
        GH_TRY(const OrderedJson dom, parseOrdered(document));
        ChatAnswer answer;
        if (const OrderedJson& error = memberOf(dom, "error"); !error.is_null() || status >= 400) {
            answer.fault = openAiFault(error.is_null() ? dom : error, status);
            return answer;
        }
        const OrderedJson& choice = elementOf(memberOf(dom, "choices"), "0");
        if (!memberOf(choice, "message").is_object()) {
            return fail(ErrorKind::invalidInput, "the answer has no message");
        }
        answer.id = textAt(dom, "id");
        answer.model = textAt(dom, "model");
        answer.created = static_cast<std::int64_t>(countAt(dom, "created"));
        readMessage(choice, answer);
        answer.stop = openAiStopReason(textAt(choice, "finish_reason"));
        const bool hasCalls = std::any_of(answer.blocks.begin(), answer.blocks.end(),
                                          [](const ChatBlock& block) { return block.kind == BlockKind::toolCall; });
        if (hasCalls && (!answer.stop || answer.stop == StopReason::stop)) {
            answer.stop = StopReason::toolCalls;
        }
        if (memberOf(dom, "usage").is_object()) {
            answer.usage = openAiUsage(memberOf(dom, "usage"));
        }
        return answer;
    }
    std::string encodeAnswer(const ChatAnswer& answer, const AnswerContext& context) const override {
        if (answer.fault) {
            return dump({{"error", openAiFaultJson(*answer.fault)}});
        }
        OrderedJson out{{"id", "chatcmpl-" + context.id}, {"object", "chat.completion"}};
        out["created"] = context.created;
        out["model"] = context.model;
        OrderedJson choice{{"index", 0}};
        choice["message"] = messageJson(answer);
        choice["logprobs"] = nullptr;
        if (OrderedJson tokens = allTokens(answer.blocks); !tokens.is_null()) {
            choice["logprobs"] = {{"content", std::move(tokens)}, {"refusal", nullptr}};
        }
        choice["finish_reason"] = openAiStopWord(answer.stop.value_or(StopReason::stop));
        out["choices"] = OrderedJson::array({std::move(choice)});
        if (answer.usage) {
            out["usage"] = openAiUsageJson(*answer.usage);
        }
        return dump(out);
    }
    std::unique_ptr<AnswerDecoder> makeDecoder() const override { return std::make_unique<Decoder>(); }
    std::unique_ptr<AnswerEncoder> makeEncoder(AnswerContext context) const override {
        return std::make_unique<Encoder>(std::move(context));
    }
};

} // namespace

std::optional<StopReason> openAiStopReason(std::string_view word) {
    const auto* const found =
        std::find_if(kStopWords.begin(), kStopWords.end(), [word](const StopWord& each) { return each.word == word; });
    if (found == kStopWords.end()) {
        return word.empty() || word == "null" ? std::nullopt : std::optional(StopReason::stop);
    }
    return found->reason;
}

std::string_view openAiStopWord(StopReason reason) {
    switch (reason) {
    case StopReason::length:
    case StopReason::contextFull:
        return "length";
    case StopReason::toolCalls:
        return "tool_calls";
    case StopReason::contentFilter:
        return "content_filter";
    case StopReason::stop:
    case StopReason::stopSequence:
    case StopReason::pause:
        break;
    }
    return "stop";
}

ChatFault openAiFault(const OrderedJson& error, int status) {
    ChatFault fault;
    fault.status = status;
    if (error.is_string()) {
        fault.message = error.get<std::string>();
        return fault;
    }
    fault.type = textAt(error, "type");
    const OrderedJson& code = memberOf(error, "code");
    fault.code = code.is_string() ? code.get<std::string>() : std::string();
    fault.message = textAt(error, "message");
    return fault;
}

OrderedJson openAiFaultJson(const ChatFault& fault) {
    OrderedJson error{{"message", fault.message}};
    error["type"] = fault.type.empty() ? std::string(openAiErrorType(fault.status)) : fault.type;
    error["param"] = nullptr;
    error["code"] = fault.code.empty() ? OrderedJson() : OrderedJson(fault.code);
    return error;
}

Usage openAiUsage(const OrderedJson& usage) {
    Usage counted;
    counted.inputTokens = countAt(usage, "prompt_tokens");
    counted.outputTokens = countAt(usage, "completion_tokens");
    counted.cachedTokens = countAt(memberOf(usage, "prompt_tokens_details"), "cached_tokens");
    counted.reasoningTokens = countAt(memberOf(usage, "completion_tokens_details"), "reasoning_tokens");
    return counted;
}

OrderedJson openAiUsageJson(const Usage& usage) {
    OrderedJson out{{"prompt_tokens", usage.inputTokens},
                    {"completion_tokens", usage.outputTokens},
                    {"total_tokens", usage.inputTokens + usage.outputTokens}};
    out["prompt_tokens_details"]["cached_tokens"] = usage.cachedTokens;
    out["completion_tokens_details"]["reasoning_tokens"] = usage.reasoningTokens;
    return out;
}

const ChatCodec& openAiChatCodec() {
    static const Codec kCodec;
    return kCodec;
}

} // namespace gatehouse::dialects
