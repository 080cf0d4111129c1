// SPDX-License-Identifier: Apache-2.0
// openai.completions onto the canonical model: a prompt is what the user says, and its answer is one text.
#include <algorithm>
#include <array>

#include "dialects/json_view.h"
#include "dialects/openai_chat_codec.h"
#include "dialects/sse.h"
#include "dialects/token_lists.h"

namespace gatehouse::dialects {
namespace {

constexpr std::array<std::string_view, 15> kKnown{
    "model", "prompt", "stream",  "stream_options",   "max_tokens",        "temperature",
    "top_p", "top_k",  "stop",    "presence_penalty", "frequency_penalty", "seed",
    "user",  "n",      "logprobs"};

Result<> refuseImpossible(const OrderedJson& dom) {
    if (wholeNumberAt(dom, "n").value_or(1) != 1 || wholeNumberAt(dom, "best_of").value_or(1) != 1) {
        return fail(ErrorKind::invalidInput,
                    "more than one choice ('n', 'best_of') is not possible with this model's provider");
    }
    if (!textAt(dom, "suffix").empty() || flagAt(dom, "echo")) {
        return fail(ErrorKind::invalidInput, "'suffix' and 'echo' are not possible with this model's provider");
    }
    return {};
}

// One text; a list of one is the same. Lists of tokens cannot be read, lists of texts ask for several choices.
Result<std::string> promptOf(const OrderedJson& dom) {
    const OrderedJson& prompt = memberOf(dom, "prompt");
    const OrderedJson& only = prompt.is_array() && prompt.size() == 1 ? prompt.front() : prompt;
    if (!only.is_string()) {
        return fail(ErrorKind::invalidInput, "'prompt' must be one text for this model's provider");
    }
    return only.get<std::string>();
}

OrderedJson answerOf(const AnswerContext& context, std::string_view text, OrderedJson reason) {
    OrderedJson out{{"id", "cmpl-" + context.id}, {"object", "text_completion"}};
    out["created"] = context.created;
    out["model"] = context.model;
    OrderedJson choice{{"index", 0}, {"text", text}, {"logprobs", nullptr}};
    choice["finish_reason"] = std::move(reason);
    out["choices"] = OrderedJson::array({std::move(choice)});
    return out;
}

void setTokens(OrderedJson& answer, const OrderedJson& tokens) {
    if (!tokens.is_null()) {
        answer["choices"][0]["logprobs"] = completionTokensJson(tokens);
    }
}

class Encoder final : public AnswerEncoder {
public:
    explicit Encoder(AnswerContext context) : m_context(std::move(context)) {}

    std::string push(const ChatEvent& event) override {
        switch (event.kind) {
        case ChatEventKind::text:
        case ChatEventKind::refusal: {
            OrderedJson said = answerOf(m_context, event.text, nullptr);
            setTokens(said, event.tokens);
            return sseFrame(dump(said));
        }
        case ChatEventKind::stop:
            m_hasStopped = true;
            return sseFrame(dump(answerOf(m_context, "", openAiStopWord(event.stop))));
        case ChatEventKind::usage:
            m_usage = event.usage;
            return {};
        case ChatEventKind::fault:
            m_hasFailed = true;
            return sseFrame(dump({{"error", openAiFaultJson(event.fault)}}));
        case ChatEventKind::start:
        case ChatEventKind::reasoning: // has no place in this interface
        case ChatEventKind::signature:
        case ChatEventKind::sealed:
        case ChatEventKind::toolStart:
        case ChatEventKind::toolArguments:
            return {};
        }
        return {};
    }

    std::string finish() override {
        if (m_hasFailed || !m_hasStopped) {
            return {}; // broken off: whoever reads it sees no end
        }
        std::string out;
        if (m_context.wantsUsage && m_usage) {
            OrderedJson last = answerOf(m_context, "", nullptr);
            last["choices"] = OrderedJson::array();
            last["usage"] = openAiUsageJson(*m_usage);
            out = sseFrame(dump(last));
        }
        return out + "data: [DONE]\n\n";
    }

private:
    AnswerContext m_context;
    std::optional<Usage> m_usage;
    bool m_hasStopped = false;
    bool m_hasFailed = false;
};

class Codec final : public ChatCodec {
public:
    Result<ChatRequest> decodeRequest(std::string_view body, const Asked& asked) const override {
        GH_TRY(OrderedJson dom, parseOrdered(body));
        GH_CHECK(refuseImpossible(dom));
        GH_TRY(const std::string prompt, promptOf(dom));
        OrderedJson message{{"role", "user"}, {"content", prompt}};
        OrderedJson chat = OrderedJson::object();
        for (const auto& [name, value] : dom.items()) {
            if (name != "prompt" && name != "logprobs" &&
                std::find(kKnown.begin(), kKnown.end(), name) != kKnown.end()) {
                chat[name] = value;
            }
        }
        chat["messages"] = OrderedJson::array({std::move(message)});
        GH_TRY(ChatRequest request, decodeOpenAiChat(dump(chat), asked));
        request.tokenChoices = wholeNumberAt(dom, "logprobs");
        for (const auto& [name, value] : dom.items()) {
            if (!value.is_null() && std::find(kKnown.begin(), kKnown.end(), name) == kKnown.end()) {
                addUntranslated(request.untranslated, name);
            }
        }
        return request;
    }
    Result<std::string> encodeRequest(ChatRequest& /*request*/, const Quirks& /*quirks*/) const override {
        return fail(ErrorKind::internal, "nothing is translated into openai.completions");
    }
    Result<ChatAnswer> decodeAnswer(std::string_view /*document*/, int /*status*/) const override {
        return fail(ErrorKind::internal, "nothing is translated from openai.completions");
    }
    std::string encodeAnswer(const ChatAnswer& answer, const AnswerContext& context) const override {
        if (answer.fault) {
            return dump({{"error", openAiFaultJson(*answer.fault)}});
        }
        std::string text;
        for (const ChatBlock& block : answer.blocks) {
            text += block.kind == BlockKind::text || block.kind == BlockKind::refusal ? block.text : "";
        }
        OrderedJson out = answerOf(context, text, openAiStopWord(answer.stop.value_or(StopReason::stop)));
        setTokens(out, allTokens(answer.blocks));
        if (answer.usage) {
            out["usage"] = openAiUsageJson(*answer.usage);
        }
        return dump(out);
    }
    std::unique_ptr<AnswerDecoder> makeDecoder() const override { return openAiChatCodec().makeDecoder(); }
    std::unique_ptr<AnswerEncoder> makeEncoder(AnswerContext context) const override {
        return std::make_unique<Encoder>(std::move(context));
    }
};

} // namespace

const ChatCodec& openAiCompletionsCodec() {
    static const Codec kCodec;
    return kCodec;
}

} // namespace gatehouse::dialects
