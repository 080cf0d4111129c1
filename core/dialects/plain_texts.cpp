// SPDX-License-Identifier: Apache-2.0
// Interfaces that take texts and are no chat: OpenAI's completions and embeddings, Ollama's embed.
#include "dialects/answer_reader.h"
#include "dialects/base64.h"
#include "dialects/embed_codec.h"
#include "dialects/ollama_codec.h"
#include "dialects/openai_chat_answer.h"
#include "dialects/openai_chat_codec.h"
#include "dialects/openai_chat_request.h"
#include "dialects/openai_parts.h"
#include "dialects/openai_words.h"
#include "dialects/request_reader.h"
#include "dialects/sse.h"

namespace gatehouse::dialects {
namespace {

Label label(const JsonString& /*string*/, const Segments& segments) {
    const std::string& first = segments.front();
    if (first == "prompt" || first == "input" || first == "suffix") {
        return {PartKind::text};
    }
    return {first == "model" || first == "user" || first == "encoding_format" ? PartKind::metadata : PartKind::other};
}

std::string_view roleOf(std::string_view first) {
    return first == "prompt" || first == "input" ? "user" : "";
}

// Texts as numbers of tokens cannot be read here: they are a part that only policy can let through.
void addTokens(std::string_view body, std::string_view pointer, ParsedRequest& request) {
    const std::string_view value = memberBytes(body, request, pointer);
    if (value.starts_with('[') && value.find_first_of("0123456789") != std::string_view::npos &&
        value.find('"') == std::string_view::npos) {
        Part part;
        part.kind = PartKind::opaque;
        part.role = "user";
        part.text = value;
        part.pointer = pointer;
        request.parts.push_back(std::move(part));
    }
}

Result<ParsedRequest> readTexts(std::string_view body, const JsonLimits& limits, const Asked& asked,
                                std::string_view pointer, bool mayStream) {
    RequestForm form{.label = label, .messages = {}, .roleOf = roleOf};
    form.hasStreamMember = mayStream;
    GH_TRY(ParsedRequest request, readRequest(body, limits, asked, form));
    if (findKey(request, pointer) == nullptr) {
        return fail(ErrorKind::invalidInput, "the member '" + std::string(pointer.substr(1)) + "' is missing");
    }
    addTokens(body, pointer, request);
    request.wantsUsage = true;
    return request;
}

class OpenAiTexts : public Dialect {
public:
    [[nodiscard]] std::string refusalBody(const Refusal& refusal) const override { return openAiRefusal(refusal); }
    [[nodiscard]] std::string refusalFrames(const Refusal& refusal, StreamPlace /*place*/) const override {
        return sseFrame(refusalBody(refusal));
    }
    [[nodiscard]] std::string modelList(std::span<const ModelRow> models) const override {
        return openAiModelList(models);
    }
};

class Completions final : public OpenAiTexts {
public:
    [[nodiscard]] std::string_view name() const override { return "openai.completions"; }
    [[nodiscard]] Result<ParsedRequest> parse(std::string_view body, const JsonLimits& limits,
                                              const Asked& asked) const override {
        GH_TRY(ParsedRequest request, readTexts(body, limits, asked, "/prompt", true));
        request.wantsUsage = memberBytes(body, request, "/stream_options/include_usage") == "true";
        return request;
    }
    [[nodiscard]] Result<std::string> compose(std::string_view body, const ParsedRequest& request,
                                              std::span<const std::optional<std::string>> changed,
                                              std::string_view model) const override {
        return composeOpenAiChat(body, request, changed, model);
    }
    [[nodiscard]] Result<AnswerEvent> read(std::string_view document, bool isWhole) const override {
        return readOpenAiAnswer(document, isWhole);
    }
    [[nodiscard]] bool isEnd(std::string_view data) const override { return data.starts_with("[DONE]"); }
    [[nodiscard]] bool saysComplete() const override { return false; }
    [[nodiscard]] std::string heldText(const AnswerEvent& last, const TextField& field,
                                       std::string_view text) const override {
        return heldOpenAiText(last, field, text);
    }
    [[nodiscard]] const ChatCodec* codec() const override { return &openAiCompletionsCodec(); }
};

// A vector as base64 is the form that OpenAI's own clients ask for.
void setEmbedding(TextField& field, const Segments& segments, const OrderedJson& /*dom*/) {
    field.isBinary =
        !segments.empty() && segments.front() == "data" && segments.back() == "embedding" && isBase64(field.text);
}

class Embeddings final : public OpenAiTexts {
public:
    [[nodiscard]] std::string_view name() const override { return "openai.embeddings"; }
    [[nodiscard]] Result<ParsedRequest> parse(std::string_view body, const JsonLimits& limits,
                                              const Asked& asked) const override {
        return readTexts(body, limits, asked, "/input", false);
    }
    [[nodiscard]] Result<std::string> compose(std::string_view body, const ParsedRequest& request,
                                              std::span<const std::optional<std::string>> changed,
                                              std::string_view model) const override {
        return composeRequest(body, request, changed, model);
    }
    [[nodiscard]] Result<AnswerEvent> read(std::string_view document, bool /*isWhole*/) const override {
        GH_TRY(AnswerDocument read, readAnswerDocument(document, setEmbedding, Numbers::left));
        read.event.isAnswer = memberOf(read.dom, "data").is_array();
        read.event.isError = !memberOf(read.dom, "error").is_null();
        read.event.finished = {""};
        if (memberOf(read.dom, "usage").is_object()) {
            read.event.usage = openAiUsage(memberOf(read.dom, "usage"));
        }
        return std::move(read.event);
    }
    [[nodiscard]] std::string heldText(const AnswerEvent& last, const TextField& field,
                                       std::string_view text) const override {
        return documentWithOnly(last, field, text);
    }
    [[nodiscard]] const EmbedCodec* embedCodec() const override { return &openAiEmbedCodec(); }
};

void setNothing(TextField& /*field*/, const Segments& /*segments*/, const OrderedJson& /*dom*/) {}

class OllamaEmbed final : public Dialect {
public:
    // `isOld`: /api/embeddings, with one "prompt".
    explicit OllamaEmbed(bool isOld) : m_isOld(isOld) {}

    [[nodiscard]] std::string_view name() const override { return m_isOld ? "ollama.embeddings" : "ollama.embed"; }
    [[nodiscard]] Result<ParsedRequest> parse(std::string_view body, const JsonLimits& limits,
                                              const Asked& asked) const override {
        return readTexts(body, limits, asked, m_isOld ? "/prompt" : "/input", false);
    }
    [[nodiscard]] Result<std::string> compose(std::string_view body, const ParsedRequest& request,
                                              std::span<const std::optional<std::string>> changed,
                                              std::string_view model) const override {
        return composeRequest(body, request, changed, model);
    }
    [[nodiscard]] std::string refusalBody(const Refusal& refusal) const override {
        return ollamaChat().refusalBody(refusal);
    }
    [[nodiscard]] std::string refusalFrames(const Refusal& refusal, StreamPlace place) const override {
        return ollamaChat().refusalFrames(refusal, place);
    }
    [[nodiscard]] Result<AnswerEvent> read(std::string_view document, bool /*isWhole*/) const override {
        GH_TRY(AnswerDocument read, readAnswerDocument(document, setNothing, Numbers::left));
        read.event.isAnswer = memberOf(read.dom, m_isOld ? "embedding" : "embeddings").is_array();
        read.event.isError = !memberOf(read.dom, "error").is_null();
        read.event.finished = {""};
        if (memberOf(read.dom, "prompt_eval_count").is_number()) { // /api/embeddings counts nothing
            read.event.usage = ollamaUsage(read.dom);
        }
        return std::move(read.event);
    }
    [[nodiscard]] std::string heldText(const AnswerEvent& last, const TextField& field,
                                       std::string_view text) const override {
        return documentWithOnly(last, field, text);
    }
    [[nodiscard]] std::string modelList(std::span<const ModelRow> models) const override {
        return ollamaChat().modelList(models);
    }
    [[nodiscard]] const EmbedCodec* embedCodec() const override { return &ollamaEmbedCodec(m_isOld); }

private:
    bool m_isOld;
};

} // namespace

const Dialect& openAiCompletions() {
    static const Completions kDialect;
    return kDialect;
}

const Dialect& openAiEmbeddings() {
    static const Embeddings kDialect;
    return kDialect;
}

const Dialect& ollamaEmbed() {
    static const OllamaEmbed kDialect(false);
    return kDialect;
}

const Dialect& ollamaEmbeddings() {
    static const OllamaEmbed kDialect(true);
    return kDialect;
}

} // namespace gatehouse::dialects
