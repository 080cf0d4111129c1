// SPDX-License-Identifier: Apache-2.0

#include "dialects/dialect.h"
#include "dialects/openai_chat_answer.h"
#include "dialects/openai_chat_codec.h"
#include "dialects/openai_chat_request.h"
#include "dialects/openai_words.h"
#include "dialects/sse.h"

namespace gatehouse::dialects {
namespace {

class OpenAiChat final : public Dialect {
public:
    [[nodiscard]] std::string_view name() const override { return "openai.chat"; }
    [[nodiscard]] Result<ParsedRequest> parse(std::string_view body, const JsonLimits& limits,
                                              const Asked& asked) const override {
        return parseOpenAiChat(body, limits, asked);
    }
    [[nodiscard]] Result<std::string> compose(std::string_view body, const ParsedRequest& request,
                                              std::span<const std::optional<std::string>> changed,
                                              std::string_view model) const override {
        return composeOpenAiChat(body, request, changed, model);
    }
    [[nodiscard]] std::string refusalBody(const Refusal& refusal) const override { return openAiRefusal(refusal); }
    [[nodiscard]] std::string refusalFrames(const Refusal& refusal, StreamPlace /*place*/) const override {
        return sseFrame(refusalBody(refusal));
    }
    [[nodiscard]] Result<AnswerEvent> read(std::string_view document, bool isWhole) const override {
        return readOpenAiAnswer(document, isWhole);
    }
    [[nodiscard]] bool isEnd(std::string_view data) const override { return data == "[DONE]" || data == "[DONE] "; }
    [[nodiscard]] std::string heldText(const AnswerEvent& last, const TextField& field,
                                       std::string_view text) const override {
        return heldOpenAiText(last, field, text);
    }
    [[nodiscard]] std::string wholeAnswer(const PlainAnswer& answer) const override {
        return wholeOpenAiAnswer(answer);
    }
    [[nodiscard]] std::vector<std::string> streamedAnswer(const PlainAnswer& answer) const override {
        return streamedOpenAiAnswer(answer);
    }
    [[nodiscard]] std::string modelList(std::span<const ModelRow> models) const override {
        return openAiModelList(models);
    }
    [[nodiscard]] bool saysComplete() const override { return false; }
    [[nodiscard]] const ChatCodec* codec() const override { return &openAiChatCodec(); }
};

} // namespace

const Dialect& openAiChat() {
    static const OpenAiChat kDialect;
    return kDialect;
}

} // namespace gatehouse::dialects
