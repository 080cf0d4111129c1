// SPDX-License-Identifier: Apache-2.0
// openai.responses: where the texts are, and how a refusal is said.
#include <algorithm>
#include <array>

#include "dialects/answer_reader.h"
#include "dialects/base64.h"
#include "dialects/json_edit.h"
#include "dialects/openai_parts.h"
#include "dialects/openai_words.h"
#include "dialects/request_reader.h"
#include "dialects/responses_codec.h"
#include "dialects/sse.h"

namespace gatehouse::dialects {
namespace {

template <std::size_t count>
bool isOneOf(const std::array<std::string_view, count>& words, std::string_view word) {
    return std::find(words.begin(), words.end(), word) != words.end();
}

// What the provider would look up or fetch.
bool isReference(const JsonString& string, const Segments& segments) {
    constexpr std::array<std::string_view, 8> kStored{
        "previous_response_id", "conversation", "file_id",      "file_url",
        "vector_store_ids",     "server_url",   "connector_id", "container"};
    if (string.text.empty()) {
        return false;
    }
    const bool isStored = std::any_of(segments.begin(), segments.end(),
                                      [&](const std::string& segment) { return isOneOf(kStored, segment); });
    const bool isImage = segments.back() == "image_url" && !isDataUri(string.text);
    const bool isItem = segments.back() == "type" && string.text == "item_reference";
    return isStored || isImage || isItem || segments.front() == "prompt";
}

PartKind kindInItem(const Segments& segments) {
    const std::string& member = segments[2];
    const std::string& last = segments.back();
    if (member == "arguments") {
        return PartKind::toolCall;
    }
    if (member == "output") {
        return segments.size() == 3 || last == "text" ? PartKind::toolResult : PartKind::other;
    }
    if (member == "content" || member == "summary") {
        return segments.size() == 3 || last == "text" || last == "refusal" ? PartKind::text
               : last == "filename"                                        ? PartKind::fileName
               : last == "type" || last == "detail"                        ? PartKind::metadata
                                                                           : PartKind::other;
    }
    constexpr std::array<std::string_view, 7> kMetadata{"type", "role", "id", "call_id", "name", "status", "phase"};
    return isOneOf(kMetadata, member) ? PartKind::metadata : PartKind::other;
}

Label label(const JsonString& string, const Segments& segments) {
    const bool refers = isReference(string, segments);
    const std::string& first = segments.front();
    if (isSignedMember(segments.back())) {
        return {PartKind::opaque, true, refers};
    }
    if (isDataUri(string.text) || segments.back() == "file_data") {
        return {PartKind::opaque, false, refers};
    }
    if (first == "input") {
        return {segments.size() == 1  ? PartKind::text
                : segments.size() > 2 ? kindInItem(segments)
                                      : PartKind::other,
                false, refers};
    }
    if (first == "instructions") {
        return {PartKind::system};
    }
    if (first == "tools" || first == "text") {
        return {PartKind::toolSchema, false, refers};
    }
    constexpr std::array<std::string_view, 8> kMetadata{"model",       "metadata", "include",    "service_tier",
                                                        "tool_choice", "user",     "truncation", "reasoning"};
    return {isOneOf(kMetadata, first) ? PartKind::metadata : PartKind::other, false, refers};
}

std::string_view roleOf(std::string_view first) {
    return first == "instructions" ? "system" : first == "input" ? "user" : "";
}

constexpr RequestForm kForm{.label = label, .messages = "input", .roleOf = roleOf};

// Names that are never a part of what was said.
bool isName(std::string_view member) {
    constexpr std::array<std::string_view, 12> kNames{"id",     "type",    "status",  "role",  "call_id", "name",
                                                      "object", "item_id", "file_id", "model", "reason",  "event_id"};
    return isOneOf(kNames, member);
}

// A picture or a sound, where it is one: what only stands in its place is a text.
bool isBytes(std::string_view member) {
    constexpr std::array<std::string_view, 3> kBytes{"partial_image_b64", "result", "data"};
    return isOneOf(kBytes, member);
}

// A string of an item of the output. `at` is the segment behind the item; `item` is empty where the whole texts were
// said before, so that they are copies.
void setItemField(TextField& field, const Segments& segments, std::size_t at, const std::string& item) {
    const std::string& last = segments.back();
    if (isSignedMember(last)) {
        field.isSealed = true;
        return;
    }
    if (isName(last) || segments.size() <= at) {
        return;
    }
    if (isBytes(last) && isBase64(field.text)) {
        field.isBinary = field.isMedia = true;
        return;
    }
    field.isJson = last == "arguments";
    const bool isText = last == "text" || last == "refusal" || last == "arguments" || last == "input" || last == "code";
    if (item.empty() || !isText) {
        field.isCopy = true;
        return;
    }
    field.channel = item;
    for (std::size_t i = at; i < segments.size(); ++i) {
        field.channel += "/" + segments[i];
    }
}

void setEventField(TextField& field, const Segments& segments, const OrderedJson& dom) {
    const std::string type = textAt(dom, "type");
    const std::string& last = segments.back();
    if (isBytes(last) && segments.size() == 1 && isBase64(field.text)) {
        field.isBinary = field.isMedia = true;
    } else if (segments.size() == 1 && last == "delta") {
        field.isBinary = field.isMedia = type == "response.audio.delta" && isBase64(field.text);
        field.isJson = type.find("arguments") != std::string::npos;
        const char* part = type.find("summary") == std::string::npos ? "content_index" : "summary_index";
        field.channel = field.isBinary ? std::string()
                                       : std::to_string(countAt(dom, "output_index")) + "/" +
                                             std::to_string(countAt(dom, part)) + "/" + type;
    } else if (segments.size() == 1) {
        field.isCopy = !isName(last) && type != "error";
        field.isJson = last == "arguments";
    } else {
        setItemField(field, segments, 1, {});
    }
}

void setField(TextField& field, const Segments& segments, const OrderedJson& dom) {
    const std::string& first = segments.front();
    if (textAt(dom, "object") != "response") {
        setEventField(field, segments, dom);
    } else if (first == "output" && segments.size() > 2) {
        setItemField(field, segments, 2, segments[1]);
    } else if (first == "instructions" || first == "metadata" || first == "tools" || first == "text") {
        field.isCopy = !isName(segments.back()); // said again as they were sent
    }
}

class OpenAiResponses final : public Dialect {
public:
    [[nodiscard]] std::string_view name() const override { return "openai.responses"; }
    [[nodiscard]] Result<ParsedRequest> parse(std::string_view body, const JsonLimits& limits,
                                              const Asked& asked) const override {
        GH_TRY(ParsedRequest request, readRequest(body, limits, asked, kForm));
        if (const std::string_view input = memberBytes(body, request, "/input"); !input.empty() && input[0] != '"') {
            GH_CHECK(needObjects(body, request, "input"));
        }
        request.wantsUsage = true;
        return request;
    }
    [[nodiscard]] Result<std::string> compose(std::string_view body, const ParsedRequest& request,
                                              std::span<const std::optional<std::string>> changed,
                                              std::string_view model) const override {
        return composeRequest(body, request, changed, model);
    }
    [[nodiscard]] std::string refusalBody(const Refusal& refusal) const override { return openAiRefusal(refusal); }
    [[nodiscard]] std::string refusalFrames(const Refusal& refusal, StreamPlace /*place*/) const override {
        OrderedJson event = OrderedJson::parse(openAiRefusal(refusal), nullptr, false);
        event["type"] = "error";
        event["code"] = refusalWord(refusal.reason);
        event["message"] = refusal.message;
        event["param"] = nullptr;
        event["sequence_number"] = 0;
        return sseFrame("error", dump(event));
    }
    [[nodiscard]] std::string frame(std::string_view data, StreamPlace /*place*/) const override {
        const auto dom = parseOrdered(data);
        return dom ? sseFrame(textAt(*dom, "type"), data) : sseFrame(data);
    }
    [[nodiscard]] bool isEnd(std::string_view data) const override { return data.starts_with("[DONE]"); }
    [[nodiscard]] Result<AnswerEvent> read(std::string_view document, bool isWhole) const override {
        GH_TRY(AnswerDocument read, readAnswerDocument(document, setField));
        AnswerEvent& event = read.event;
        const std::string type = textAt(read.dom, "type");
        const OrderedJson& response = isWhole ? read.dom : memberOf(read.dom, "response");
        event.isAnswer = memberOf(response, "output").is_array();
        event.isError =
            type == "error" || type == "response.failed" || (isWhole && memberOf(read.dom, "error").is_object());
        event.isComplete = event.isLast =
            type == "response.completed" || type == "response.incomplete" || type == "response.failed";
        if (memberOf(response, "usage").is_object()) {
            event.usage = responsesUsage(memberOf(response, "usage"));
        }
        if (isWhole || event.isComplete) {
            event.finished = {""};
        } else if (type.ends_with(".done")) {
            event.finished = {std::to_string(countAt(read.dom, "output_index")) + "/"};
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
    [[nodiscard]] const ChatCodec* codec() const override { return &responsesCodec(); }
};

} // namespace

const Dialect& openAiResponses() {
    static const OpenAiResponses kDialect;
    return kDialect;
}

} // namespace gatehouse::dialects
