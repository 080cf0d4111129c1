// SPDX-License-Identifier: Apache-2.0
// Gemini's interfaces: where the texts are, and how a refusal is said.
#include <algorithm>

#include "dialects/answer_reader.h"
#include "dialects/base64.h"
#include "dialects/embed_codec.h"
#include "dialects/gemini_codec.h"
#include "dialects/openai_parts.h"
#include "dialects/request_reader.h"

namespace gatehouse::dialects {
namespace {

enum class Kind { generate, count, embed };

PartKind kindInPart(const Segments& segments, std::size_t at) {
    const std::string& member = segments[at];
    const std::string& last = segments.back();
    if (member == "text") {
        return PartKind::text;
    }
    if (member == "functionCall" || member == "function_call") {
        return segments.size() > at + 2 ? PartKind::toolCall : PartKind::metadata;
    }
    if (member == "functionResponse" || member == "function_response") {
        return segments.size() > at + 2 ? PartKind::toolResult : PartKind::metadata;
    }
    if (last == "data") {
        return PartKind::opaque;
    }
    return last == "displayName" || last == "display_name" ? PartKind::fileName : PartKind::other;
}

Label label(const JsonString& string, const Segments& segments) {
    const std::string& first = segments.front();
    const std::string& last = segments.back();
    if (isSignedMember(last)) {
        return {PartKind::opaque, true};
    }
    const bool refers =
        last == "fileUri" || last == "file_uri" || first == "cachedContent" || first == "cached_content";
    if (refers) {
        return {PartKind::other, false, !string.text.empty()};
    }
    if (first == "systemInstruction" || first == "system_instruction") {
        return {last == "text" || segments.size() == 1 ? PartKind::system : PartKind::other};
    }
    const auto parts = std::find(segments.begin(), segments.end(), "parts");
    if (parts != segments.end() && segments.end() - parts > 2 && first != "tools") {
        return {kindInPart(segments, static_cast<std::size_t>(parts - segments.begin()) + 2)};
    }
    if (first == "tools" || first == "generationConfig" || first == "generation_config") {
        return {PartKind::toolSchema};
    }
    return {last == "role" || first == "model" || first == "safetySettings" || first == "toolConfig"
                ? PartKind::metadata
                : PartKind::other};
}

std::string_view roleOf(std::string_view first) {
    return first == "systemInstruction" || first == "system_instruction" ? "system" : first == "content" ? "user" : "";
}

constexpr RequestForm kForm{.label = label, .messages = "contents", .roleOf = roleOf, .hasStreamMember = false};

void setField(TextField& field, const Segments& segments, const OrderedJson& dom) {
    if (isSignedMember(segments.back())) {
        field.isSealed = true;
        return;
    }
    if (segments.size() < 6 || segments[0] != "candidates" || segments[2] != "content" || segments[3] != "parts") {
        return;
    }
    const OrderedJson& candidate = elementOf(memberOf(dom, "candidates"), segments[1]);
    const OrderedJson& part = elementOf(memberOf(memberOf(candidate, "content"), "parts"), segments[4]);
    if (segments[5] == "text" && segments.size() == 6) {
        const std::uint64_t index = wholeNumberAt(candidate, "index").value_or(0);
        field.channel = std::to_string(index) + (flagAt(part, "thought") ? "/thought" : "/text");
    } else if (segments.back() == "data") {
        field.isBinary = field.isMedia = isBase64(field.text);
        field.isCopy = !field.isBinary;
    } else if (segments[5] != "functionCall" || (segments.size() > 7 && segments[6] == "args")) {
        field.isCopy = true;
    }
}

// A candidate's texts end with its reason, and in front of a call.
void readEnds(const OrderedJson& dom, AnswerEvent& event) {
    const OrderedJson& candidates = memberOf(dom, "candidates");
    if (!candidates.is_array()) {
        return;
    }
    for (const OrderedJson& candidate : candidates) {
        const OrderedJson& parts = memberOf(memberOf(candidate, "content"), "parts");
        const bool hasCall = parts.is_array() && std::any_of(parts.begin(), parts.end(), [](const OrderedJson& part) {
                                 return memberOf(part, "functionCall").is_object();
                             });
        const bool hasEnded = !textAt(candidate, "finishReason").empty();
        if (hasEnded || hasCall) {
            event.finished.push_back(std::to_string(countAt(candidate, "index")) + "/");
        }
        event.isComplete = event.isComplete || hasEnded;
    }
}

class Gemini final : public Dialect {
public:
    explicit Gemini(Kind kind) : m_kind(kind) {}

    [[nodiscard]] std::string_view name() const override {
        return m_kind == Kind::generate ? "gemini.generate" : m_kind == Kind::count ? "gemini.count" : "gemini.embed";
    }
    [[nodiscard]] Result<ParsedRequest> parse(std::string_view body, const JsonLimits& limits,
                                              const Asked& asked) const override {
        GH_TRY(ParsedRequest request, readRequest(body, limits, asked, kForm));
        if (m_kind == Kind::generate) {
            GH_CHECK(needObjects(body, request, "contents"));
        }
        request.wantsUsage = true;
        return request;
    }
    // Where the body repeats the model's name, it must be that of the URL.
    [[nodiscard]] Result<std::string> compose(std::string_view body, const ParsedRequest& request,
                                              std::span<const std::optional<std::string>> changed,
                                              std::string_view model) const override {
        const std::string name = "models/" + std::string(model);
        std::vector<JsonEdit> edits;
        std::vector<std::optional<std::string>> rest(changed.begin(), changed.end());
        for (std::size_t i = 0; i < rest.size(); ++i) {
            const Part& part = request.parts[i];
            if (m_kind == Kind::embed && part.kind != PartKind::key && part.pointer.starts_with("/requests/") &&
                part.pointer.ends_with("/model") && pointerSegments(part.pointer).size() == 3) {
                edits.push_back({part.tokenBegin, part.tokenEnd, quoteJson(name)});
                rest[i].reset();
            }
        }
        return composeRequest(body, request, rest, name, std::move(edits));
    }
    [[nodiscard]] std::string refusalBody(const Refusal& refusal) const override {
        OrderedJson body =
            OrderedJson::parse(geminiError(refusalStatus(refusal.reason), refusal.message), nullptr, false);
        OrderedJson detail{{"@type", "type.googleapis.com/google.rpc.ErrorInfo"}};
        detail["reason"] = refusalWord(refusal.reason);
        detail["domain"] = "gatehouse";
        detail["metadata"] = {{"interaction", refusal.interaction}, {"rule", refusal.rule}};
        body["error"]["details"] = OrderedJson::array({std::move(detail)});
        return dump(body);
    }
    [[nodiscard]] std::string refusalFrames(const Refusal& refusal, StreamPlace place) const override {
        return geminiFrame(refusalBody(refusal), place) + (place.framing == Framing::jsonArray ? "]" : "");
    }
    [[nodiscard]] std::string frame(std::string_view data, StreamPlace place) const override {
        return geminiFrame(data, place);
    }
    [[nodiscard]] Result<AnswerEvent> read(std::string_view document, bool isWhole) const override {
        GH_TRY(AnswerDocument read, readAnswerDocument(document, setField));
        AnswerEvent& event = read.event;
        event.isError = memberOf(read.dom, "error").is_object();
        event.isAnswer = m_kind == Kind::generate ? memberOf(read.dom, "candidates").is_array() ||
                                                        memberOf(read.dom, "promptFeedback").is_object()
                         : m_kind == Kind::count ? memberOf(read.dom, "totalTokens").is_number()
                                                 : read.dom.contains("embedding") || read.dom.contains("embeddings");
        readEnds(read.dom, event);
        event.isComplete = event.isComplete || !textAt(memberOf(read.dom, "promptFeedback"), "blockReason").empty();
        if (memberOf(read.dom, "usageMetadata").is_object()) {
            event.usage = geminiUsage(memberOf(read.dom, "usageMetadata"));
        }
        if (isWhole) {
            event.finished = {""};
        }
        return std::move(event);
    }
    [[nodiscard]] std::string heldText(const AnswerEvent& last, const TextField& field,
                                       std::string_view text) const override {
        const auto dom = parseOrdered(last.document);
        OrderedJson part{{"text", text}};
        if (field.channel.ends_with("/thought")) {
            part["thought"] = true;
        }
        OrderedJson candidate;
        candidate["content"] = {{"parts", OrderedJson::array({std::move(part)})}, {"role", "model"}};
        candidate["index"] = std::strtoull(field.channel.c_str(), nullptr, 10);
        if (!last.tokens.empty()) {
            candidate["logprobsResult"] = {{"topCandidates", OrderedJson::array()},
                                           {"chosenCandidates", OrderedJson::array()}};
        }
        OrderedJson out;
        out["candidates"] = OrderedJson::array({std::move(candidate)});
        for (const char* name : {"modelVersion", "responseId"}) {
            if (dom && dom->contains(name)) {
                out[name] = (*dom)[name];
            }
        }
        return dump(out);
    }
    [[nodiscard]] std::string modelList(std::span<const ModelRow> models) const override {
        OrderedJson body{{"models", OrderedJson::array()}};
        for (const ModelRow& row : models) {
            OrderedJson model{{"name", "models/" + row.id}, {"displayName", row.id}};
            model["version"] = "1";
            model["supportedGenerationMethods"] = {"generateContent", "countTokens"};
            body["models"].push_back(std::move(model));
        }
        return dump(body);
    }
    [[nodiscard]] std::string wholeAnswer(const PlainAnswer& answer) const override {
        return m_kind == Kind::count ? dump(OrderedJson{{"totalTokens", answer.usage.inputTokens}})
                                     : Dialect::wholeAnswer(answer);
    }
    [[nodiscard]] bool isAnsweredByEstimate() const override { return m_kind == Kind::count; }
    [[nodiscard]] const ChatCodec* codec() const override {
        return m_kind == Kind::generate ? &geminiCodec() : nullptr;
    }
    [[nodiscard]] const EmbedCodec* embedCodec() const override {
        return m_kind == Kind::embed ? &geminiEmbedCodec() : nullptr;
    }

private:
    Kind m_kind;
};

} // namespace

const Dialect& geminiGenerate() {
    static const Gemini kDialect(Kind::generate);
    return kDialect;
}

const Dialect& geminiCountTokens() {
    static const Gemini kDialect(Kind::count);
    return kDialect;
}

const Dialect& geminiEmbed() {
    static const Gemini kDialect(Kind::embed);
    return kDialect;
}

} // namespace gatehouse::dialects
