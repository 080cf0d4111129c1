// SPDX-License-Identifier: Apache-2.0
// Answers of Ollama's own API to and from the canonical model.
#include "base/clock.h"
#include "base/time_text.h"
#include "dialects/json_view.h"
#include "dialects/ollama_codec.h"
#include "dialects/token_lists.h"

namespace gatehouse::dialects {
namespace {

ChatEvent piece(ChatEventKind kind, std::string text = {}) {
    ChatEvent event;
    event.kind = kind;
    event.text = std::move(text);
    return event;
}

std::optional<ChatFault> faultOf(const OrderedJson& dom, int status) {
    const OrderedJson& error = memberOf(dom, "error");
    if (error.is_null() && status < 400) {
        return std::nullopt;
    }
    ChatFault fault;
    fault.status = status;
    fault.message = error.is_string() ? error.get<std::string>() : textAt(error, "message");
    return fault;
}

class Decoder final : public AnswerDecoder {
public:
    Result<std::vector<ChatEvent>> push(std::string_view data) override {
        GH_TRY(const OrderedJson dom, parseOrdered(data));
        return events(dom, 0);
    }

    std::vector<ChatEvent> events(const OrderedJson& dom, int status) {
        std::vector<ChatEvent> events;
        if (auto fault = faultOf(dom, status)) {
            events.push_back(piece(ChatEventKind::fault));
            events.back().fault = std::move(*fault);
            return events;
        }
        if (!std::exchange(m_hasStarted, true)) {
            events.push_back(piece(ChatEventKind::start));
            events.back().name = textAt(dom, "model");
        }
        const OrderedJson& message = memberOf(dom, "message");
        addText(events, ChatEventKind::reasoning, textAt(message, "thinking") + textAt(dom, "thinking"));
        addText(events, ChatEventKind::text, textAt(message, "content") + textAt(dom, "response"));
        if (!events.empty() && events.back().kind == ChatEventKind::text) {
            events.back().tokens = openAiTokens(memberOf(dom, "logprobs"));
        }
        if (const OrderedJson& images = memberOf(message, "images"); images.is_array() && !images.empty()) {
            events.push_back(unspeakable());
        }
        const OrderedJson& calls = memberOf(message, "tool_calls");
        for (const OrderedJson& call : calls.is_array() ? calls : OrderedJson::array()) {
            addCall(call, events);
        }
        if (flagAt(dom, "done")) {
            end(dom, events);
        }
        return events;
    }

private:
    static void addText(std::vector<ChatEvent>& events, ChatEventKind kind, std::string text) {
        if (!text.empty()) {
            events.push_back(piece(kind, std::move(text)));
        }
    }

    void addCall(const OrderedJson& call, std::vector<ChatEvent>& events) {
        const OrderedJson& function = memberOf(call, "function");
        const std::string id = textAt(call, "id");
        events.push_back(piece(ChatEventKind::toolStart));
        events.back().tool = m_tools;
        events.back().id = id.empty() ? "call_" + std::to_string(m_tools) : id;
        events.back().name = textAt(function, "name");
        events.push_back(piece(ChatEventKind::toolArguments, dump(memberOf(function, "arguments"))));
        events.back().tool = m_tools++;
    }

    void end(const OrderedJson& dom, std::vector<ChatEvent>& events) const {
        events.push_back(piece(ChatEventKind::usage));
        events.back().usage = ollamaUsage(dom);
        events.push_back(piece(ChatEventKind::stop));
        const bool isCut = textAt(dom, "done_reason") == "length";
        events.back().stop = isCut ? StopReason::length : m_tools > 0 ? StopReason::toolCalls : StopReason::stop;
    }

    std::size_t m_tools = 0;
    bool m_hasStarted = false;
};

OrderedJson callJson(const std::string& id, const std::string& name, const std::string& arguments) {
    OrderedJson call{{"id", id}};
    call["function"] = {{"name", name}, {"arguments", argumentsOf(arguments)}};
    return call;
}

class Encoder final : public AnswerEncoder {
public:
    Encoder(AnswerContext context, bool isGenerate) : m_context(std::move(context)), m_isGenerate(isGenerate) {}

    std::string push(const ChatEvent& event) override {
        switch (event.kind) {
        case ChatEventKind::text:
        case ChatEventKind::refusal:
            return flushCalls() + line("content", event.text, event.tokens);
        case ChatEventKind::reasoning:
            return line("thinking", event.text);
        case ChatEventKind::toolStart:
            m_calls.push_back(event);
            m_calls.back().text.clear();
            return {};
        case ChatEventKind::toolArguments: // here arguments are an object: they are told when they are whole
            for (ChatEvent& call : m_calls) {
                call.text += call.tool == event.tool ? event.text : "";
            }
            return {};
        case ChatEventKind::stop:
            m_stop = event.stop;
            return {};
        case ChatEventKind::usage:
            m_usage = event.usage;
            return {};
        case ChatEventKind::fault:
            m_hasFailed = true;
            return dump({{"error", event.fault.message}}) + "\n";
        case ChatEventKind::start:
        case ChatEventKind::signature:
        case ChatEventKind::sealed:
            return {};
        }
        return {};
    }

    std::string finish() override {
        if (m_hasFailed || !m_stop) {
            return {};
        }
        std::string out = flushCalls();
        OrderedJson last = head();
        set(last, "content", "");
        addEnd(last, *m_stop, m_usage);
        return out + dump(last) + "\n";
    }

    // {"done":true,…}
    static void addEnd(OrderedJson& out, StopReason stop, const std::optional<Usage>& usage) {
        out["done"] = true;
        out["done_reason"] = ollamaStopWord(stop);
        out["total_duration"] = 0;
        out["load_duration"] = 0;
        out["prompt_eval_count"] = usage ? usage->inputTokens : 0;
        out["prompt_eval_duration"] = 0;
        out["eval_count"] = usage ? usage->outputTokens : 0;
        out["eval_duration"] = 0;
    }

    [[nodiscard]] OrderedJson head() const {
        OrderedJson out{{"model", m_context.model}};
        out["created_at"] = formatTime(WallTime(std::chrono::seconds(m_context.created)));
        return out;
    }

    void set(OrderedJson& out, std::string_view member, std::string_view text) const {
        if (m_isGenerate) {
            out[member == "content" ? "response" : std::string(member)] = text;
            return;
        }
        out["message"]["role"] = "assistant";
        if (!out["message"].contains("content")) {
            out["message"]["content"] = "";
        }
        out["message"][std::string(member)] = text;
    }

private:
    std::string line(std::string_view member, std::string_view text, const OrderedJson& tokens = nullptr) const {
        OrderedJson out = head();
        if (m_isGenerate) {
            out["response"] = "";
        }
        set(out, member, text);
        if (!tokens.is_null()) {
            out["logprobs"] = tokens;
        }
        out["done"] = false;
        return dump(out) + "\n";
    }

    std::string flushCalls() {
        if (m_calls.empty() || m_isGenerate) {
            return {};
        }
        OrderedJson out = head();
        set(out, "content", "");
        for (const ChatEvent& call : std::exchange(m_calls, {})) {
            out["message"]["tool_calls"].push_back(callJson(call.id, call.name, call.text));
        }
        out["done"] = false;
        return dump(out) + "\n";
    }

    AnswerContext m_context;
    bool m_isGenerate;
    std::vector<ChatEvent> m_calls;
    std::optional<StopReason> m_stop;
    std::optional<Usage> m_usage;
    bool m_hasFailed = false;
};

class Codec final : public ChatCodec {
public:
    explicit Codec(bool isGenerate) : m_isGenerate(isGenerate) {}

    Result<ChatRequest> decodeRequest(std::string_view body, const Asked& /*asked*/) const override {
        return m_isGenerate ? decodeOllamaGenerate(body) : decodeOllamaChat(body);
    }
    Result<std::string> encodeRequest(ChatRequest& request, const Quirks& /*quirks*/) const override {
        if (m_isGenerate) {
            return fail(ErrorKind::internal, "nothing is translated into ollama.generate");
        }
        return encodeOllamaChat(request);
    }
    bool limitsToolNames() const override { return false; }
    Result<ChatAnswer> decodeAnswer(std::string_view document, int status) const override {
        GH_TRY(const OrderedJson dom, parseOrdered(document));
        if (status < 400 && memberOf(dom, "error").is_null() && !memberOf(dom, "message").is_object() &&
            !memberOf(dom, "response").is_string()) {
            return fail(ErrorKind::invalidInput, "the answer has no message");
        }
        Decoder decoder;
        AnswerCollector collector;
        for (const ChatEvent& event : decoder.events(dom, status)) {
            collector.push(event);
        }
        return collector.take();
    }
    std::string encodeAnswer(const ChatAnswer& answer, const AnswerContext& context) const override {
        if (answer.fault) {
            return dump({{"error", answer.fault->message}});
        }
        const Encoder encoder(context, m_isGenerate);
        OrderedJson out = encoder.head();
        std::string text;
        std::string thinking;
        OrderedJson calls = OrderedJson::array();
        for (const ChatBlock& block : answer.blocks) {
            if (block.kind == BlockKind::toolCall) {
                calls.push_back(callJson(block.id, block.name, block.text));
            } else {
                (block.kind == BlockKind::reasoning ? thinking : text) += block.text;
            }
        }
        encoder.set(out, "content", text);
        if (!thinking.empty()) {
            encoder.set(out, "thinking", thinking);
        }
        if (!calls.empty() && !m_isGenerate) {
            out["message"]["tool_calls"] = std::move(calls);
        }
        if (OrderedJson tokens = allTokens(answer.blocks); !tokens.is_null()) {
            out["logprobs"] = std::move(tokens);
        }
        Encoder::addEnd(out, answer.stop.value_or(StopReason::stop), answer.usage);
        return dump(out);
    }
    std::unique_ptr<AnswerDecoder> makeDecoder() const override { return std::make_unique<Decoder>(); }
    std::unique_ptr<AnswerEncoder> makeEncoder(AnswerContext context) const override {
        return std::make_unique<Encoder>(std::move(context), m_isGenerate);
    }

private:
    bool m_isGenerate;
};

} // namespace

std::string_view ollamaStopWord(StopReason reason) {
    return reason == StopReason::length || reason == StopReason::contextFull ? "length" : "stop";
}

Usage ollamaUsage(const OrderedJson& answer) {
    Usage usage;
    usage.inputTokens = countAt(answer, "prompt_eval_count");
    usage.outputTokens = countAt(answer, "eval_count");
    return usage;
}

const ChatCodec& ollamaCodec(bool isGenerate) {
    static const Codec kChat(false);
    static const Codec kGenerate(true);
    return isGenerate ? kGenerate : kChat;
}

} // namespace gatehouse::dialects
