// SPDX-License-Identifier: Apache-2.0
// bedrock.converse: what its answers say.
#include <algorithm>
#include <array>
#include <map>

#include "dialects/bedrock_codec.h"
#include "dialects/json_view.h"

namespace gatehouse::dialects {
namespace {

ChatEvent piece(ChatEventKind kind, std::string text = {}) {
    ChatEvent event;
    event.kind = kind;
    event.text = std::move(text);
    return event;
}

StopReason stopOf(std::string_view word) {
    return word == "max_tokens"                                           ? StopReason::length
           : word == "tool_use"                                           ? StopReason::toolCalls
           : word == "stop_sequence"                                      ? StopReason::stopSequence
           : word == "model_context_window_exceeded"                      ? StopReason::contextFull
           : word == "guardrail_intervened" || word == "content_filtered" ? StopReason::contentFilter
                                                                          : StopReason::stop;
}

Usage usageOf(const OrderedJson& usage) {
    Usage counted;
    counted.cachedTokens = countAt(usage, "cacheReadInputTokens");
    counted.cacheWriteTokens = countAt(usage, "cacheWriteInputTokens");
    counted.inputTokens = countAt(usage, "inputTokens") + counted.cachedTokens + counted.cacheWriteTokens;
    counted.outputTokens = countAt(usage, "outputTokens");
    return counted;
}

// The HTTP status that an exception inside a stream stands for.
int statusOf(std::string_view exception) {
    struct Row {
        std::string_view name;
        int status;
    };
    constexpr std::array kRows{Row{"internalServerException", 500}, Row{"modelStreamErrorException", 424},
                               Row{"serviceUnavailableException", 503}, Row{"throttlingException", 429},
                               Row{"validationException", 400}};
    const auto* const found =
        std::find_if(kRows.begin(), kRows.end(), [exception](const Row& row) { return row.name == exception; });
    return found == kRows.end() ? 500 : found->status;
}

class Decoder final : public AnswerDecoder {
public:
    Result<std::vector<ChatEvent>> push(std::string_view data) override {
        GH_TRY(const OrderedJson dom, parseOrdered(data));
        std::vector<ChatEvent> events;
        if (dom.contains("messageStart")) {
            events.push_back(piece(ChatEventKind::start));
        }
        if (const OrderedJson& start = memberOf(dom, "contentBlockStart"); start.is_object()) {
            begin(start, events);
        }
        if (const OrderedJson& delta = memberOf(dom, "contentBlockDelta"); delta.is_object()) {
            readDelta(delta, events);
        }
        if (const OrderedJson& stop = memberOf(dom, "messageStop"); stop.is_object()) {
            events.push_back(piece(ChatEventKind::stop));
            events.back().stop = stopOf(textAt(stop, "stopReason"));
        }
        if (const OrderedJson& metadata = memberOf(dom, "metadata"); memberOf(metadata, "usage").is_object()) {
            events.push_back(piece(ChatEventKind::usage));
            events.back().usage = usageOf(memberOf(metadata, "usage"));
        }
        if (const OrderedJson& exception = memberOf(dom, "exception"); exception.is_object()) {
            events.push_back(piece(ChatEventKind::fault));
            events.back().fault = {
                statusOf(textAt(exception, "type")), {}, {}, textAt(memberOf(exception, "body"), "message")};
        }
        return events;
    }

private:
    void begin(const OrderedJson& start, std::vector<ChatEvent>& events) {
        const OrderedJson& tool = memberOf(memberOf(start, "start"), "toolUse");
        if (tool.is_object()) {
            const std::size_t number = m_tools.size();
            m_tools[countAt(start, "contentBlockIndex")] = number;
            events.push_back(piece(ChatEventKind::toolStart));
            events.back().tool = number;
            events.back().id = textAt(tool, "toolUseId");
            events.back().name = textAt(tool, "name");
        }
    }

    void readDelta(const OrderedJson& block, std::vector<ChatEvent>& events) const {
        const OrderedJson& delta = memberOf(block, "delta");
        const OrderedJson& reasoning = memberOf(delta, "reasoningContent");
        const auto add = [&events](ChatEventKind kind, std::string text) {
            if (!text.empty()) {
                events.push_back(piece(kind, std::move(text)));
            }
        };
        add(ChatEventKind::text, textAt(delta, "text"));
        add(ChatEventKind::reasoning, textAt(reasoning, "text"));
        add(ChatEventKind::signature, textAt(reasoning, "signature"));
        add(ChatEventKind::sealed, textAt(reasoning, "redactedContent"));
        const auto tool = m_tools.find(countAt(block, "contentBlockIndex"));
        std::string input = textAt(memberOf(delta, "toolUse"), "input");
        if (!input.empty() && tool != m_tools.end()) { // the first one of a call is often empty
            events.push_back(piece(ChatEventKind::toolArguments, std::move(input)));
            events.back().tool = tool->second;
        }
    }

    std::map<std::uint64_t, std::size_t> m_tools; // block → tool call
};

void readBlock(const OrderedJson& part, ChatAnswer& answer) {
    ChatBlock block;
    if (const OrderedJson& tool = memberOf(part, "toolUse"); tool.is_object()) {
        block.kind = BlockKind::toolCall;
        block.id = textAt(tool, "toolUseId");
        block.name = textAt(tool, "name");
        block.text = dump(memberOf(tool, "input"));
    } else if (const OrderedJson& reasoning = memberOf(part, "reasoningContent"); reasoning.is_object()) {
        block.kind = BlockKind::reasoning;
        block.text = textAt(memberOf(reasoning, "reasoningText"), "text");
        block.signature = textAt(memberOf(reasoning, "reasoningText"), "signature");
        block.sealed = textAt(reasoning, "redactedContent");
    } else if (memberOf(part, "image").is_object() || memberOf(part, "video").is_object()) {
        answer.fault = unspeakable().fault;
    } else {
        block.text = textAt(part, "text");
    }
    answer.blocks.push_back(std::move(block));
}

class Codec final : public ChatCodec {
public:
    Result<ChatRequest> decodeRequest(std::string_view /*body*/, const Asked& /*asked*/) const override {
        return fail(ErrorKind::internal, "nobody speaks bedrock.converse to Gatehouse");
    }
    Result<std::string> encodeRequest(ChatRequest& request, const Quirks& /*quirks*/) const override {
        return encodeBedrock(request);
    }
    Result<ChatAnswer> decodeAnswer(std::string_view document, int status) const override {
        GH_TRY(const OrderedJson dom, parseOrdered(document));
        ChatAnswer answer;
        if (status >= 400) {
            const std::string message = textAt(dom, "message");
            answer.fault = {status, {}, {}, message.empty() ? textAt(dom, "Message") : message};
            return answer;
        }
        const OrderedJson& content = memberOf(memberOf(memberOf(dom, "output"), "message"), "content");
        if (!content.is_array()) {
            return fail(ErrorKind::invalidInput, "the answer has no output"); // it comes with status 200
        }
        for (const OrderedJson& part : content) {
            readBlock(part, answer);
        }
        answer.stop = stopOf(textAt(dom, "stopReason"));
        if (memberOf(dom, "usage").is_object()) {
            answer.usage = usageOf(memberOf(dom, "usage"));
        }
        return answer;
    }
    std::string encodeAnswer(const ChatAnswer& /*answer*/, const AnswerContext& /*context*/) const override {
        return {};
    }
    std::unique_ptr<AnswerDecoder> makeDecoder() const override { return std::make_unique<Decoder>(); }
    std::unique_ptr<AnswerEncoder> makeEncoder(AnswerContext /*context*/) const override { return nullptr; }
};

// Only sent: what a client would need is not there.
class Bedrock final : public Dialect {
public:
    [[nodiscard]] std::string_view name() const override { return "bedrock.converse"; }
    [[nodiscard]] Framing framing() const override { return Framing::eventStream; }
    [[nodiscard]] Result<ParsedRequest> parse(std::string_view /*body*/, const JsonLimits& /*limits*/,
                                              const Asked& /*asked*/) const override {
        return fail(ErrorKind::internal, "nobody speaks bedrock.converse to Gatehouse");
    }
    [[nodiscard]] Result<std::string> compose(std::string_view /*body*/, const ParsedRequest& /*request*/,
                                              std::span<const std::optional<std::string>> /*changed*/,
                                              std::string_view /*model*/) const override {
        return fail(ErrorKind::internal, "nobody speaks bedrock.converse to Gatehouse");
    }
    [[nodiscard]] std::string refusalBody(const Refusal& /*refusal*/) const override { return {}; }
    [[nodiscard]] std::string refusalFrames(const Refusal& /*refusal*/, StreamPlace /*place*/) const override {
        return {};
    }
    [[nodiscard]] Result<AnswerEvent> read(std::string_view /*document*/, bool /*isWhole*/) const override {
        return fail(ErrorKind::internal, "nobody speaks bedrock.converse to Gatehouse");
    }
    [[nodiscard]] std::string heldText(const AnswerEvent& /*last*/, const TextField& /*field*/,
                                       std::string_view /*text*/) const override {
        return {};
    }
    [[nodiscard]] std::string modelList(std::span<const ModelRow> /*models*/) const override { return {}; }
    [[nodiscard]] const ChatCodec* codec() const override { return &bedrockCodec(); }
};

} // namespace

const ChatCodec& bedrockCodec() {
    static const Codec kCodec;
    return kCodec;
}

const Dialect& bedrockConverse() {
    static const Bedrock kDialect;
    return kDialect;
}

} // namespace gatehouse::dialects
