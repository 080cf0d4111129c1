// SPDX-License-Identifier: Apache-2.0
// Answers of gemini.generate to and from the canonical model.
#include <algorithm>
#include <array>

#include "dialects/gemini_codec.h"
#include "dialects/json_view.h"
#include "dialects/sse.h"
#include "dialects/token_lists.h"

namespace gatehouse::dialects {
namespace {

ChatEvent piece(ChatEventKind kind, std::string text = {}) {
    ChatEvent event;
    event.kind = kind;
    event.text = std::move(text);
    return event;
}

std::optional<StopReason> stopOf(std::string_view word, bool hasCalls) {
    constexpr std::array<std::string_view, 6> kFiltered{"SAFETY", "RECITATION",  "BLOCKLIST", "PROHIBITED_CONTENT",
                                                        "SPII",   "IMAGE_SAFETY"};
    if (word.empty() || word == "FINISH_REASON_UNSPECIFIED") {
        return std::nullopt;
    }
    if (std::find(kFiltered.begin(), kFiltered.end(), word) != kFiltered.end()) {
        return StopReason::contentFilter;
    }
    return word == "MAX_TOKENS" ? StopReason::length : hasCalls ? StopReason::toolCalls : StopReason::stop;
}

std::string_view finishWord(StopReason stop) {
    return stop == StopReason::length || stop == StopReason::contextFull ? "MAX_TOKENS"
           : stop == StopReason::contentFilter                           ? "SAFETY"
                                                                         : "STOP";
}

class Decoder final : public AnswerDecoder {
public:
    Result<std::vector<ChatEvent>> push(std::string_view data) override {
        GH_TRY(const OrderedJson dom, parseOrdered(data));
        return events(dom, 0);
    }

    std::vector<ChatEvent> events(const OrderedJson& dom, int status) {
        std::vector<ChatEvent> events;
        const OrderedJson& error = memberOf(dom, "error");
        if (error.is_object() || status >= 400) {
            events.push_back(piece(ChatEventKind::fault));
            const int code = static_cast<int>(countAt(error, "code"));
            events.back().fault = {status == 0 ? code : status, {}, {}, textAt(error, "message")};
            return events;
        }
        if (!std::exchange(m_hasStarted, true)) {
            events.push_back(piece(ChatEventKind::start));
            events.back().id = textAt(dom, "responseId");
            events.back().name = textAt(dom, "modelVersion");
        }
        const OrderedJson& candidate = elementOf(memberOf(dom, "candidates"), "0");
        const OrderedJson& parts = memberOf(memberOf(candidate, "content"), "parts");
        if (parts.is_array()) {
            for (const OrderedJson& part : parts) {
                readPart(part, events);
            }
        }
        if (OrderedJson tokens = geminiTokens(memberOf(candidate, "logprobsResult")); !tokens.is_null()) {
            addTokens(std::move(tokens), events);
        }
        if (memberOf(dom, "usageMetadata").is_object()) {
            events.push_back(piece(ChatEventKind::usage));
            events.back().usage = geminiUsage(memberOf(dom, "usageMetadata"));
        }
        const bool isBlocked = !textAt(memberOf(dom, "promptFeedback"), "blockReason").empty();
        const auto stop =
            isBlocked ? StopReason::contentFilter : stopOf(textAt(candidate, "finishReason"), m_tools > 0);
        if (stop) {
            events.push_back(piece(ChatEventKind::stop));
            events.back().stop = *stop;
        }
        return events;
    }

private:
    // With the texts of their candidate; of several the tokens stand at the last one.
    static void addTokens(OrderedJson tokens, std::vector<ChatEvent>& events) {
        const auto text = std::find_if(events.rbegin(), events.rend(),
                                       [](const ChatEvent& event) { return event.kind == ChatEventKind::text; });
        if (text != events.rend()) {
            text->tokens = std::move(tokens);
        }
    }

    void readPart(const OrderedJson& part, std::vector<ChatEvent>& events) {
        const std::string signature = textAt(part, "thoughtSignature");
        const OrderedJson& call = memberOf(part, "functionCall");
        if (call.is_object()) {
            const std::string id = textAt(call, "id");
            events.push_back(piece(ChatEventKind::toolStart, signature));
            events.back().tool = m_tools;
            events.back().id = id.empty() ? "call_" + std::to_string(m_tools) : id;
            events.back().name = textAt(call, "name");
            const OrderedJson& arguments = memberOf(call, "args");
            events.push_back(piece(ChatEventKind::toolArguments, arguments.is_object() ? dump(arguments) : "{}"));
            events.back().tool = m_tools++;
            return;
        }
        if (memberOf(part, "inlineData").is_object() || memberOf(part, "fileData").is_object()) {
            events.push_back(unspeakable());
            return;
        }
        if (std::string text = textAt(part, "text"); !text.empty()) {
            events.push_back(
                piece(flagAt(part, "thought") ? ChatEventKind::reasoning : ChatEventKind::text, std::move(text)));
        }
        if (!signature.empty()) {
            events.push_back(piece(ChatEventKind::signature, signature));
        }
    }

    std::size_t m_tools = 0;
    bool m_hasStarted = false;
};

OrderedJson callPart(const std::string& id, const std::string& name, const std::string& arguments,
                     const std::string& signature) {
    OrderedJson part;
    part["functionCall"] = {{"id", id}, {"name", name}, {"args", argumentsOf(arguments)}};
    if (!signature.empty()) {
        part["thoughtSignature"] = signature;
    }
    return part;
}

OrderedJson usageJson(const Usage& usage) {
    OrderedJson out{{"promptTokenCount", usage.inputTokens}};
    out["candidatesTokenCount"] = usage.outputTokens - std::min(usage.reasoningTokens, usage.outputTokens);
    out["thoughtsTokenCount"] = usage.reasoningTokens;
    out["cachedContentTokenCount"] = usage.cachedTokens;
    out["totalTokenCount"] = usage.inputTokens + usage.outputTokens;
    return out;
}

OrderedJson answerOf(const AnswerContext& context, OrderedJson parts) {
    OrderedJson candidate;
    candidate["content"] = {{"parts", std::move(parts)}, {"role", "model"}};
    candidate["index"] = 0;
    OrderedJson out;
    out["candidates"] = OrderedJson::array({std::move(candidate)});
    out["modelVersion"] = context.model;
    out["responseId"] = context.id;
    return out;
}

class Encoder final : public AnswerEncoder {
public:
    explicit Encoder(AnswerContext context) : m_context(std::move(context)) {}

    std::string push(const ChatEvent& event) override {
        switch (event.kind) {
        case ChatEventKind::text:
        case ChatEventKind::refusal: {
            std::string out = flushCalls();
            return out += frame(OrderedJson{{"text", event.text}}, event.tokens);
        }
        case ChatEventKind::reasoning:
            return frame(OrderedJson{{"text", event.text}, {"thought", true}});
        case ChatEventKind::signature:
            return frame(OrderedJson{{"text", ""}, {"thought", true}, {"thoughtSignature", event.text}});
        case ChatEventKind::toolStart:
            m_calls.push_back(event);
            m_arguments.emplace_back();
            return {};
        case ChatEventKind::toolArguments: // here calls are told when they are whole
            for (std::size_t i = 0; i < m_calls.size(); ++i) {
                m_arguments[i] += m_calls[i].tool == event.tool ? event.text : "";
            }
            return {};
        case ChatEventKind::stop:
            m_stop = event.stop;
            return {};
        case ChatEventKind::usage:
            m_usage = event.usage;
            return {};
        case ChatEventKind::fault: {
            m_hasFailed = true;
            const int status = event.fault.status == 0 ? 500 : event.fault.status;
            std::string out = geminiFrame(geminiError(status, event.fault.message), place());
            return out += m_context.framing == Framing::jsonArray ? "]" : "";
        }
        case ChatEventKind::start:
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
        OrderedJson last = answerOf(m_context, OrderedJson::array({OrderedJson{{"text", ""}}}));
        last["candidates"][0]["finishReason"] = finishWord(*m_stop);
        if (m_usage) {
            last["usageMetadata"] = usageJson(*m_usage);
        }
        out += geminiFrame(dump(last), place());
        return out += m_context.framing == Framing::jsonArray ? "]" : "";
    }

private:
    StreamPlace place() { return {m_context.framing, std::exchange(m_isEmpty, false)}; }

    std::string frame(OrderedJson part, const OrderedJson& tokens = nullptr) {
        OrderedJson said = answerOf(m_context, OrderedJson::array({std::move(part)}));
        if (!tokens.is_null()) {
            said["candidates"][0]["logprobsResult"] = geminiTokensJson(tokens);
        }
        return geminiFrame(dump(said), place());
    }

    std::string flushCalls() {
        std::string out;
        for (std::size_t i = 0; i < m_calls.size(); ++i) {
            out += frame(callPart(m_calls[i].id, m_calls[i].name, m_arguments[i], m_calls[i].text));
        }
        m_calls.clear();
        m_arguments.clear();
        return out;
    }

    AnswerContext m_context;
    std::vector<ChatEvent> m_calls;
    std::vector<std::string> m_arguments;
    std::optional<StopReason> m_stop;
    std::optional<Usage> m_usage;
    bool m_isEmpty = true;
    bool m_hasFailed = false;
};

OrderedJson partOf(const ChatBlock& block) {
    if (block.kind == BlockKind::toolCall) {
        return callPart(block.id, block.name, block.text, block.signature);
    }
    OrderedJson part{{"text", block.text}};
    if (block.kind == BlockKind::reasoning) {
        part["thought"] = true;
        if (!block.signature.empty()) {
            part["thoughtSignature"] = block.signature;
        }
    }
    return part;
}

class Codec final : public ChatCodec {
public:
    Result<ChatRequest> decodeRequest(std::string_view body, const Asked& asked) const override {
        return decodeGemini(body, asked);
    }
    Result<std::string> encodeRequest(ChatRequest& request, const Quirks& /*quirks*/) const override {
        return encodeGemini(request);
    }
    Result<ChatAnswer> decodeAnswer(std::string_view document, int status) const override {
        GH_TRY(const OrderedJson dom, parseOrdered(document));
        Decoder decoder;
        AnswerCollector collector;
        for (const ChatEvent& event : decoder.events(dom, status)) {
            collector.push(event);
        }
        ChatAnswer answer = collector.take();
        if (!answer.stop && !answer.fault) {
            return fail(ErrorKind::invalidInput, "the answer has no candidate that ended");
        }
        return answer;
    }
    std::string encodeAnswer(const ChatAnswer& answer, const AnswerContext& context) const override {
        if (answer.fault) {
            return geminiError(answer.fault->status, answer.fault->message);
        }
        OrderedJson parts = OrderedJson::array();
        for (const ChatBlock& block : answer.blocks) {
            parts.push_back(partOf(block));
        }
        OrderedJson out = answerOf(context, std::move(parts));
        out["candidates"][0]["finishReason"] = finishWord(answer.stop.value_or(StopReason::stop));
        if (const OrderedJson tokens = allTokens(answer.blocks); !tokens.is_null()) {
            out["candidates"][0]["logprobsResult"] = geminiTokensJson(tokens);
        }
        if (answer.usage) {
            out["usageMetadata"] = usageJson(*answer.usage);
        }
        return dump(out);
    }
    std::unique_ptr<AnswerDecoder> makeDecoder() const override { return std::make_unique<Decoder>(); }
    std::unique_ptr<AnswerEncoder> makeEncoder(AnswerContext context) const override {
        return std::make_unique<Encoder>(std::move(context));
    }
};

} // namespace

std::string_view geminiStatus(int status) {
    switch (status) {
    case 401:
        return "UNAUTHENTICATED";
    case 403:
        return "PERMISSION_DENIED";
    case 404:
        return "NOT_FOUND";
    case 409:
        return "ABORTED";
    case 429:
        return "RESOURCE_EXHAUSTED";
    case 500:
        return "INTERNAL";
    case 504:
        return "DEADLINE_EXCEEDED";
    default:
        return status > 500 ? "UNAVAILABLE" : "INVALID_ARGUMENT";
    }
}

std::string geminiError(int status, std::string_view message) {
    OrderedJson body;
    body["error"] = {{"code", status}, {"message", message}, {"status", geminiStatus(status)}};
    return dump(body);
}

// Thoughts are paid for as output and counted apart.
Usage geminiUsage(const OrderedJson& metadata) {
    Usage usage;
    usage.inputTokens = countAt(metadata, "promptTokenCount") + countAt(metadata, "toolUsePromptTokenCount");
    usage.reasoningTokens = countAt(metadata, "thoughtsTokenCount");
    usage.outputTokens = countAt(metadata, "candidatesTokenCount") + usage.reasoningTokens;
    usage.cachedTokens = countAt(metadata, "cachedContentTokenCount");
    return usage;
}

std::string geminiFrame(std::string_view data, StreamPlace place) {
    if (place.framing != Framing::jsonArray) {
        return sseFrame(data);
    }
    return (place.isEmpty ? "[" : ",\r\n") + std::string(data);
}

const ChatCodec& geminiCodec() {
    static const Codec kCodec;
    return kCodec;
}

} // namespace gatehouse::dialects
