// SPDX-License-Identifier: Apache-2.0
// Answers of anthropic.messages to and from the canonical model.
#include <algorithm>
#include <array>
#include <map>

#include "dialects/anthropic_codec.h"
#include "dialects/json_view.h"
#include "dialects/sse.h"

namespace gatehouse::dialects {
namespace {

struct StopWord {
    std::string_view word;
    StopReason reason;
};
constexpr std::array kStopWords{
    StopWord{"end_turn", StopReason::stop},
    StopWord{"max_tokens", StopReason::length},
    StopWord{"tool_use", StopReason::toolCalls},
    StopWord{"refusal", StopReason::contentFilter},
    StopWord{"stop_sequence", StopReason::stopSequence},
    StopWord{"pause_turn", StopReason::pause},
    StopWord{"model_context_window_exceeded", StopReason::contextFull},
};

ChatEvent piece(ChatEventKind kind, std::string text = {}) {
    ChatEvent event;
    event.kind = kind;
    event.text = std::move(text);
    return event;
}

ChatFault faultOf(const OrderedJson& body, int status) {
    const OrderedJson& error = memberOf(body, "error");
    return {status, textAt(error, "type"), {}, textAt(error, "message")};
}

class Decoder final : public AnswerDecoder {
public:
    Result<std::vector<ChatEvent>> push(std::string_view data) override {
        GH_TRY(const OrderedJson dom, parseOrdered(data));
        std::vector<ChatEvent> events;
        const std::string type = textAt(dom, "type");
        if (type == "message_start") {
            const OrderedJson& message = memberOf(dom, "message");
            m_usage = memberOf(message, "usage").is_object() ? memberOf(message, "usage") : OrderedJson();
            events.push_back(piece(ChatEventKind::start));
            events.back().id = textAt(message, "id");
            events.back().name = textAt(message, "model");
        } else if (type == "content_block_start") {
            beginBlock(countAt(dom, "index"), memberOf(dom, "content_block"), events);
        } else if (type == "content_block_delta") {
            readDelta(countAt(dom, "index"), memberOf(dom, "delta"), events);
        } else if (type == "message_delta") {
            end(dom, events);
        } else if (type == "error") {
            events.push_back(piece(ChatEventKind::fault));
            events.back().fault = faultOf(dom, 0);
        }
        return events;
    }

private:
    void beginBlock(std::uint64_t index, const OrderedJson& block, std::vector<ChatEvent>& events) {
        const std::string type = textAt(block, "type");
        if (type == "tool_use") {
            const std::size_t tool = m_tools.size();
            m_tools[index] = tool;
            events.push_back(piece(ChatEventKind::toolStart));
            events.back().tool = tool;
            events.back().id = textAt(block, "id");
            events.back().name = textAt(block, "name");
            if (const OrderedJson& input = memberOf(block, "input"); input.is_object() && !input.empty()) {
                events.push_back(piece(ChatEventKind::toolArguments, dump(input)));
                events.back().tool = tool;
            }
        } else if (type == "redacted_thinking") {
            events.push_back(piece(ChatEventKind::sealed, textAt(block, "data")));
        } else if (std::string text = textAt(block, "text"); type == "text" && !text.empty()) {
            events.push_back(piece(ChatEventKind::text, std::move(text)));
        }
    }

    void readDelta(std::uint64_t index, const OrderedJson& delta, std::vector<ChatEvent>& events) const {
        const std::string type = textAt(delta, "type");
        if (type == "text_delta") {
            events.push_back(piece(ChatEventKind::text, textAt(delta, "text")));
        } else if (type == "thinking_delta") {
            events.push_back(piece(ChatEventKind::reasoning, textAt(delta, "thinking")));
        } else if (type == "signature_delta") {
            events.push_back(piece(ChatEventKind::signature, textAt(delta, "signature")));
        } else if (type == "input_json_delta" && m_tools.contains(index)) {
            events.push_back(piece(ChatEventKind::toolArguments, textAt(delta, "partial_json")));
            events.back().tool = m_tools.at(index);
        }
    }

    // What message_delta says about usage is cumulative and replaces what message_start said.
    void end(const OrderedJson& dom, std::vector<ChatEvent>& events) {
        const OrderedJson& usage = memberOf(dom, "usage");
        for (const auto& [name, value] : usage.items()) {
            if (usage.is_object() && !value.is_null()) {
                m_usage[name] = value;
            }
        }
        if (m_usage.is_object()) {
            events.push_back(piece(ChatEventKind::usage));
            events.back().usage = anthropicUsage(m_usage);
        }
        const OrderedJson& delta = memberOf(dom, "delta");
        if (const auto reason = anthropicStopReason(textAt(delta, "stop_reason"))) {
            events.push_back(piece(ChatEventKind::stop));
            events.back().stop = *reason;
            events.back().stopSequence = textAt(delta, "stop_sequence");
        }
    }

    OrderedJson m_usage;
    std::map<std::uint64_t, std::size_t> m_tools; // block → tool call
};

// Blocks must not overlap and their indices have no gaps. The end is held until the usage is known, because some
// providers tell it last.
class Encoder final : public AnswerEncoder {
public:
    explicit Encoder(AnswerContext context) : m_context(std::move(context)) {}

    std::string push(const ChatEvent& event) override {
        switch (event.kind) {
        case ChatEventKind::start:
            return begin();
        case ChatEventKind::text:
        case ChatEventKind::refusal:
            return say("text", {{"type", "text"}, {"text", ""}}, {{"type", "text_delta"}, {"text", event.text}});
        case ChatEventKind::reasoning:
            return say("thinking", {{"type", "thinking"}, {"thinking", ""}, {"signature", ""}},
                       {{"type", "thinking_delta"}, {"thinking", event.text}});
        case ChatEventKind::signature: {
            std::string out = say("thinking", {{"type", "thinking"}, {"thinking", ""}, {"signature", ""}},
                                  {{"type", "signature_delta"}, {"signature", event.text}});
            return out += endBlock();
        }
        case ChatEventKind::sealed: {
            std::string out = into("redacted", {{"type", "redacted_thinking"}, {"data", event.text}});
            return out += endBlock();
        }
        case ChatEventKind::toolStart:
            return toolStart(event);
        case ChatEventKind::toolArguments:
            return arguments(event);
        case ChatEventKind::stop:
            m_stop = event.stop;
            m_stopSequence = event.stopSequence;
            return {};
        case ChatEventKind::usage:
            m_usage = event.usage;
            return {};
        case ChatEventKind::fault:
            m_hasFailed = true;
            return fault(event.fault);
        }
        return {};
    }

    std::string finish() override {
        if (m_hasFailed || !m_stop) {
            return {};
        }
        std::string out = begin();
        out += endBlock();
        out += endTools();
        OrderedJson delta;
        delta["stop_reason"] = anthropicStopWord(*m_stop);
        delta["stop_sequence"] = m_stopSequence.empty() ? OrderedJson() : OrderedJson(m_stopSequence);
        out += anthropicFrame({{"type", "message_delta"},
                               {"delta", std::move(delta)},
                               {"usage", anthropicUsageJson(m_usage.value_or(Usage()))}});
        return out + anthropicFrame(OrderedJson{{"type", "message_stop"}});
    }

private:
    std::string begin() {
        if (std::exchange(m_hasBegun, true)) {
            return {};
        }
        // Clients count on input tokens here, before any provider but this vendor tells them.
        Usage usage;
        usage.inputTokens = m_context.inputTokens;
        OrderedJson message{{"id", "msg_" + m_context.id}, {"type", "message"}, {"role", "assistant"}};
        message["model"] = m_context.model;
        message["content"] = OrderedJson::array();
        message["stop_reason"] = nullptr;
        message["stop_sequence"] = nullptr;
        message["usage"] = anthropicUsageJson(usage);
        return anthropicFrame({{"type", "message_start"}, {"message", std::move(message)}});
    }

    // Makes the running block one of that kind.
    std::string into(std::string_view kind, OrderedJson block) {
        if (m_block == kind && m_isOpen) {
            return {};
        }
        std::string out = begin();
        out += endBlock();
        m_block = kind;
        m_isOpen = true;
        return out + anthropicFrame(
                         {{"type", "content_block_start"}, {"index", m_index}, {"content_block", std::move(block)}});
    }

    // A piece of a block of that kind. The order of the calls matters: both know the block's number.
    std::string say(std::string_view kind, OrderedJson block, OrderedJson change) {
        std::string out = into(kind, std::move(block));
        return out += delta(std::move(change));
    }

    std::string delta(OrderedJson change) const {
        return anthropicFrame({{"type", "content_block_delta"}, {"index", m_index}, {"delta", std::move(change)}});
    }

    std::string endBlock() {
        if (!std::exchange(m_isOpen, false)) {
            return {};
        }
        return anthropicFrame({{"type", "content_block_stop"}, {"index", m_index++}});
    }

    std::string startBlockOf(const ChatEvent& event) {
        return into("tool" + std::to_string(event.tool),
                    {{"type", "tool_use"}, {"id", event.id}, {"name", event.name}, {"input", OrderedJson::object()}});
    }

    // Parallel calls that interleave are told one behind the other: only the first streams, the others wait.
    std::string toolStart(const ChatEvent& event) {
        if (m_isOpen && m_block.starts_with("tool")) {
            m_waiting.push_back(event);
            m_waiting.back().text.clear();
            return {};
        }
        return startBlockOf(event);
    }

    std::string arguments(const ChatEvent& event) {
        const auto waiting = std::find_if(m_waiting.begin(), m_waiting.end(),
                                          [&](const ChatEvent& each) { return each.tool == event.tool; });
        if (waiting != m_waiting.end()) {
            waiting->text += event.text;
            return {};
        }
        return delta({{"type", "input_json_delta"}, {"partial_json", event.text}});
    }

    std::string endTools() {
        std::string out;
        for (const ChatEvent& call : std::exchange(m_waiting, {})) {
            out += startBlockOf(call);
            if (!call.text.empty()) {
                out += delta({{"type", "input_json_delta"}, {"partial_json", call.text}});
            }
            out += endBlock();
        }
        return out;
    }

    static std::string fault(const ChatFault& fault) {
        const int status = fault.status == 0 ? 500 : fault.status;
        return sseFrame("error", anthropicError(anthropicErrorType(status), fault.message));
    }

    AnswerContext m_context;
    std::vector<ChatEvent> m_waiting;
    std::optional<StopReason> m_stop;
    std::string m_stopSequence;
    std::optional<Usage> m_usage;
    std::string m_block;
    std::size_t m_index = 0;
    bool m_isOpen = false;
    bool m_hasBegun = false;
    bool m_hasFailed = false;
};

void readBlocks(const OrderedJson& content, ChatAnswer& answer) {
    for (const OrderedJson& part : content.is_array() ? content : OrderedJson::array()) {
        const std::string type = textAt(part, "type");
        ChatBlock block;
        block.text = textAt(part, type == "thinking" ? "thinking" : "text");
        if (type == "tool_use") {
            block.kind = BlockKind::toolCall;
            block.id = textAt(part, "id");
            block.name = textAt(part, "name");
            block.text = dump(memberOf(part, "input"));
        } else if (type == "thinking" || type == "redacted_thinking") {
            block.kind = BlockKind::reasoning;
            block.signature = textAt(part, "signature");
            block.sealed = textAt(part, "data");
        } else if (type != "text") {
            continue;
        }
        answer.blocks.push_back(std::move(block));
    }
}

OrderedJson blockJson(const ChatBlock& block) {
    if (block.kind == BlockKind::toolCall) {
        return {{"type", "tool_use"}, {"id", block.id}, {"name", block.name}, {"input", argumentsOf(block.text)}};
    }
    if (block.kind == BlockKind::reasoning && !block.sealed.empty()) {
        return {{"type", "redacted_thinking"}, {"data", block.sealed}};
    }
    if (block.kind == BlockKind::reasoning) {
        return {{"type", "thinking"}, {"thinking", block.text}, {"signature", block.signature}};
    }
    return {{"type", "text"}, {"text", block.text}};
}

class Codec final : public ChatCodec {
public:
    Result<ChatRequest> decodeRequest(std::string_view body, const Asked& asked) const override {
        return decodeAnthropic(body, asked);
    }
    Result<std::string> encodeRequest(ChatRequest& request, const Quirks& quirks) const override {
        return encodeAnthropic(request, quirks);
    }
    Result<ChatAnswer> decodeAnswer(std::string_view document, int status) const override {
        GH_TRY(const OrderedJson dom, parseOrdered(document));
        ChatAnswer answer;
        if (textAt(dom, "type") == "error" || status >= 400) {
            answer.fault = faultOf(dom, status);
            return answer;
        }
        if (!memberOf(dom, "content").is_array()) {
            return fail(ErrorKind::invalidInput, "the answer has no content");
        }
        answer.id = textAt(dom, "id");
        answer.model = textAt(dom, "model");
        readBlocks(memberOf(dom, "content"), answer);
        answer.stop = anthropicStopReason(textAt(dom, "stop_reason"));
        answer.stopSequence = textAt(dom, "stop_sequence");
        if (memberOf(dom, "usage").is_object()) {
            answer.usage = anthropicUsage(memberOf(dom, "usage"));
        }
        return answer;
    }
    std::string encodeAnswer(const ChatAnswer& answer, const AnswerContext& context) const override {
        if (answer.fault) {
            return anthropicError(anthropicErrorType(answer.fault->status), answer.fault->message);
        }
        OrderedJson out{{"id", "msg_" + context.id}, {"type", "message"}, {"role", "assistant"}};
        out["model"] = context.model;
        out["content"] = OrderedJson::array();
        for (const ChatBlock& block : answer.blocks) {
            out["content"].push_back(blockJson(block));
        }
        out["stop_reason"] = anthropicStopWord(answer.stop.value_or(StopReason::stop));
        out["stop_sequence"] = answer.stopSequence.empty() ? OrderedJson() : OrderedJson(answer.stopSequence);
        out["usage"] = anthropicUsageJson(answer.usage.value_or(Usage()));
        return dump(out);
    }
    std::unique_ptr<AnswerDecoder> makeDecoder() const override { return std::make_unique<Decoder>(); }
    std::unique_ptr<AnswerEncoder> makeEncoder(AnswerContext context) const override {
        return std::make_unique<Encoder>(std::move(context));
    }
};

} // namespace

std::optional<StopReason> anthropicStopReason(std::string_view word) {
    const auto* const found =
        std::find_if(kStopWords.begin(), kStopWords.end(), [word](const StopWord& each) { return each.word == word; });
    if (found == kStopWords.end()) {
        return word.empty() ? std::nullopt : std::optional(StopReason::stop);
    }
    return found->reason;
}

std::string_view anthropicStopWord(StopReason reason) {
    return std::find_if(kStopWords.begin(), kStopWords.end(),
                        [reason](const StopWord& each) { return each.reason == reason; })
        ->word;
}

Usage anthropicUsage(const OrderedJson& usage) {
    Usage counted;
    const std::uint64_t read = countAt(usage, "cache_read_input_tokens");
    counted.cacheWriteTokens = countAt(usage, "cache_creation_input_tokens");
    counted.inputTokens = countAt(usage, "input_tokens") + read + counted.cacheWriteTokens;
    counted.cachedTokens = read;
    counted.outputTokens = countAt(usage, "output_tokens");
    return counted;
}

OrderedJson anthropicUsageJson(const Usage& usage) {
    return {{"input_tokens", usage.inputTokens - std::min(usage.cachedTokens, usage.inputTokens)},
            {"cache_creation_input_tokens", 0},
            {"cache_read_input_tokens", usage.cachedTokens},
            {"output_tokens", usage.outputTokens}};
}

std::string_view anthropicErrorType(int status) {
    switch (status) {
    case 401:
        return "authentication_error";
    case 402:
        return "billing_error";
    case 403:
        return "permission_error";
    case 404:
        return "not_found_error";
    case 413:
        return "request_too_large";
    case 429:
        return "rate_limit_error";
    case 504:
        return "timeout_error";
    case 529:
        return "overloaded_error";
    default:
        return status >= 500 ? "api_error" : "invalid_request_error";
    }
}

std::string anthropicError(std::string_view type, std::string_view message) {
    return dump({{"type", "error"}, {"error", {{"type", type}, {"message", message}}}});
}

std::string anthropicFrame(const OrderedJson& data) {
    return sseFrame(textAt(data, "type"), dump(data));
}

const ChatCodec& anthropicCodec() {
    static const Codec kCodec;
    return kCodec;
}

} // namespace gatehouse::dialects
