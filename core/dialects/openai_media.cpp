// SPDX-License-Identifier: Apache-2.0
// Pictures and sound: prompts and texts in, base64, texts or plain bytes out. Nothing is translated between vendors.
#include "dialects/openai_media.h"

#include <algorithm>
#include <array>

#include "dialects/answer_reader.h"
#include "dialects/base64.h"
#include "dialects/multipart.h"
#include "dialects/openai_parts.h"
#include "dialects/openai_words.h"
#include "dialects/request_reader.h"
#include "dialects/responses_codec.h"
#include "dialects/sse.h"

namespace gatehouse::dialects {
namespace {

enum class Kind { generations, edits, variations, transcriptions, translations, speech };

struct Row {
    Kind kind;
    std::string_view name;
    std::string_view needed;   // a member of the request
    std::string_view accepted; // media types
    OtherAnswers others;
};
constexpr std::string_view kJson = "application/json";
constexpr std::array kRows{
    Row{Kind::generations, "openai.images", "/prompt", kJson, OtherAnswers::none},
    Row{Kind::edits, "openai.image-edits", "/prompt", kJson, OtherAnswers::none},
    Row{Kind::variations, "openai.image-variations", "/image", kJson, OtherAnswers::none},
    Row{Kind::transcriptions, "openai.transcriptions", "/file", "application/json, text/*", OtherAnswers::texts},
    Row{Kind::translations, "openai.translations", "/file", "application/json, text/*", OtherAnswers::texts},
    Row{Kind::speech, "openai.speech", "/input", "*/*", OtherAnswers::recordings},
};

Label label(const JsonString& string, const Segments& segments) {
    const std::string& first = segments.front();
    const std::string& last = segments.back();
    if (first == "prompt" || first == "input" || first == "instructions") {
        return {PartKind::text};
    }
    if (isDataUri(string.text) || last == "b64_json") {
        return {PartKind::opaque};
    }
    const bool isReference = last == "image_url" || last == "url" || last == "file_id" || first == "file_id";
    constexpr std::array<std::string_view, 7> kMetadata{"model", "user",    "response_format", "size",
                                                        "style", "quality", "stream_format"};
    const bool isMetadata = std::find(kMetadata.begin(), kMetadata.end(), first) != kMetadata.end();
    return {isMetadata ? PartKind::metadata : PartKind::other, false, isReference && !string.text.empty()};
}

std::string_view roleOf(std::string_view first) {
    return first == "prompt" || first == "input" || first == "instructions" ? "user" : "";
}

// Texts of transcripts run on in "delta"; whole ones stand for themselves.
void setField(TextField& field, const Segments& segments, const OrderedJson& /*dom*/) {
    const std::string& last = segments.back();
    if (last == "b64_json" || last == "audio") {
        field.isBinary = field.isMedia = isBase64(field.text);
        return;
    }
    if (last == "delta" || (last == "content" && segments.front() == "choices")) {
        field.channel = "0/text";
        return;
    }
    const bool isText = last == "text" || last == "word" || last == "revised_prompt" || last == "speaker";
    field.isCopy = isText;
}

bool isEndType(std::string_view type) {
    return type == "image_generation.completed" || type == "image_edit.completed" || type == "transcript.text.done" ||
           type == "speech.audio.done";
}

class OpenAiMedia final : public Dialect {
public:
    explicit OpenAiMedia(Kind kind) : m_row(kRows[static_cast<std::size_t>(kind)]) {}

    [[nodiscard]] std::string_view name() const override { return m_row.name; }
    [[nodiscard]] std::string_view acceptedMedia() const override { return m_row.accepted; }
    [[nodiscard]] OtherAnswers otherAnswers() const override { return m_row.others; }

    [[nodiscard]] Result<ParsedRequest> parse(std::string_view body, const JsonLimits& limits,
                                              const Asked& asked) const override {
        constexpr RequestForm kForm{.label = label, .messages = {}, .roleOf = roleOf};
        GH_TRY(ParsedRequest request,
               asked.boundary.empty() ? readRequest(body, limits, asked, kForm) : readFormRequest(body, limits, asked));
        const bool isThere = std::any_of(request.parts.begin(), request.parts.end(), [&](const Part& part) {
            return part.kind == PartKind::key &&
                   (part.pointer == m_row.needed || (!asked.boundary.empty() && part.pointer == needsList()));
        });
        if (!isThere) {
            return fail(ErrorKind::invalidInput, "the member '" + std::string(m_row.needed.substr(1)) + "' is missing");
        }
        request.wantsUsage = true;
        for (const Part& part : request.parts) { // speech says it in words
            request.isStream = request.isStream || (part.pointer == "/stream_format" && part.text == "sse");
        }
        return request;
    }

    [[nodiscard]] Result<std::string> compose(std::string_view body, const ParsedRequest& request,
                                              std::span<const std::optional<std::string>> changed,
                                              std::string_view model) const override {
        // A form begins with "--", JSON with a brace.
        return body.starts_with("--") ? composeFormRequest(body, request, changed, model)
                                      : composeRequest(body, request, changed, model);
    }

    [[nodiscard]] std::string refusalBody(const Refusal& refusal) const override { return openAiRefusal(refusal); }
    [[nodiscard]] std::string refusalFrames(const Refusal& refusal, StreamPlace /*place*/) const override {
        return sseFrame("error", refusalBody(refusal));
    }
    [[nodiscard]] std::string frame(std::string_view data, StreamPlace /*place*/) const override {
        const auto dom = parseOrdered(data);
        const std::string type = dom ? textAt(*dom, "type") : std::string();
        return type.empty() ? sseFrame(data) : sseFrame(type, data);
    }
    [[nodiscard]] bool isEnd(std::string_view data) const override { return data.starts_with("[DONE]"); }

    [[nodiscard]] Result<AnswerEvent> read(std::string_view document, bool isWhole) const override {
        GH_TRY(AnswerDocument read, readAnswerDocument(document, setField));
        AnswerEvent& event = read.event;
        const std::string type = textAt(read.dom, "type");
        event.isAnswer = memberOf(read.dom, "data").is_array() || memberOf(read.dom, "text").is_string();
        event.isError = memberOf(read.dom, "error").is_object() || type == "error";
        event.isComplete = event.isLast = isEndType(type);
        if (isWhole || event.isComplete) {
            event.finished = {""};
        }
        const OrderedJson& usage = memberOf(read.dom, "usage");
        if (usage.is_object() && usage.contains("input_tokens")) {
            event.usage = responsesUsage(usage);
        }
        return std::move(event);
    }
    [[nodiscard]] std::string heldText(const AnswerEvent& last, const TextField& field,
                                       std::string_view text) const override {
        return documentWithOnly(last, field, text);
    }
    [[nodiscard]] std::string modelList(std::span<const ModelRow> models) const override {
        return openAiModelList(models);
    }

private:
    // Clients write a list of one as "image[]", too.
    [[nodiscard]] std::string needsList() const { return std::string(m_row.needed) + "[]"; }

    Row m_row;
};

template <Kind kind>
const Dialect& media() {
    static const OpenAiMedia kDialect(kind);
    return kDialect;
}

} // namespace

const Dialect& openAiImages() {
    return media<Kind::generations>();
}
const Dialect& openAiImageEdits() {
    return media<Kind::edits>();
}
const Dialect& openAiImageVariations() {
    return media<Kind::variations>();
}
const Dialect& openAiTranscriptions() {
    return media<Kind::transcriptions>();
}
const Dialect& openAiTranslations() {
    return media<Kind::translations>();
}
const Dialect& openAiSpeech() {
    return media<Kind::speech>();
}

} // namespace gatehouse::dialects
