// SPDX-License-Identifier: Apache-2.0
// anthropic.messages and anthropic.count_tokens: where the texts are, and how a refusal is said.
#include <algorithm>
#include <array>

#include "dialects/answer_reader.h"
#include "dialects/anthropic_codec.h"
#include "dialects/base64.h"
#include "dialects/openai_parts.h"
#include "dialects/request_reader.h"
#include "dialects/sse.h"

namespace gatehouse::dialects {
namespace {

constexpr std::array<std::string_view, 2> kForwarded{"anthropic-version", "anthropic-beta"};

PartKind kindInBlock(const Segments& segments, std::size_t block) {
    const std::string& member = segments[block];
    if (member == "text") {
        return PartKind::text;
    }
    if (member == "input") {
        return PartKind::toolCall;
    }
    if (member == "title") {
        return PartKind::fileName;
    }
    constexpr std::array<std::string_view, 7> kMetadata{"type", "id",   "name",         "tool_use_id",
                                                        "role", "mode", "cache_control"};
    return std::find(kMetadata.begin(), kMetadata.end(), member) == kMetadata.end() ? PartKind::other
                                                                                    : PartKind::metadata;
}

Label labelInContent(const JsonString& string, const Segments& segments, std::size_t content) {
    if (segments.size() == content + 1) {
        return {PartKind::text};
    }
    const std::string& last = segments.back();
    const bool isSource = segments.size() > 2 && segments[segments.size() - 2] == "source";
    if (isSource && (last == "url" || last == "file_id")) {
        return {PartKind::other, false, !string.text.empty()};
    }
    if (isSource && last == "data") {
        return {isBase64(string.text) ? PartKind::opaque : PartKind::text};
    }
    if (segments.size() == content + 3 && last == "thinking") {
        return {PartKind::text, true}; // its signature covers the text
    }
    if (last == "data" || isSignedMember(last)) {
        return {PartKind::opaque, true};
    }
    if (last == "file_id" || last == "container_upload") {
        return {PartKind::other, false, true};
    }
    if (segments.size() < content + 3) {
        return {};
    }
    // A tool's result holds blocks of its own.
    if (segments[content + 2] == "content") {
        return {segments.size() == content + 3 || last == "text" ? PartKind::toolResult : PartKind::other};
    }
    return {kindInBlock(segments, content + 2)};
}

Label label(const JsonString& string, const Segments& segments) {
    const std::string& first = segments.front();
    if (first == "messages" && segments.size() > 2) {
        return segments[2] == "content" ? labelInContent(string, segments, 2) : Label{PartKind::metadata};
    }
    if (first == "system") {
        return {segments.size() == 1 || segments.back() == "text" ? PartKind::system : PartKind::other};
    }
    if (first == "tools" || first == "output_config" || first == "output_format") {
        return {PartKind::toolSchema};
    }
    if (first == "mcp_servers" || first == "container") {
        return {PartKind::other, false, true}; // the provider would call or look up what it names
    }
    constexpr std::array<std::string_view, 5> kMetadata{"model", "metadata", "tool_choice", "service_tier", "thinking"};
    return {std::find(kMetadata.begin(), kMetadata.end(), first) == kMetadata.end() ? PartKind::other
                                                                                    : PartKind::metadata};
}

std::string_view roleOf(std::string_view first) {
    return first == "system" ? "system" : "";
}

constexpr RequestForm kForm{.label = label, .messages = "messages", .roleOf = roleOf};

// One string of a content block: of an answer ("content/0/…") or of content_block_start.
void setBlockField(TextField& field, const Segments& segments, std::size_t member, const std::string& index) {
    const std::string& name = segments[member];
    if (isSignedMember(name) || name == "data") {
        field.isSealed = true;
    } else if (segments.size() == member + 1 && name == "text") {
        field.channel = index + "/text";
    } else if (segments.size() == member + 1 && name == "thinking") {
        field.channel = index + "/thinking";
        field.isSealed = true;
    } else if (name != "type" && name != "id" && name != "name") {
        field.isCopy = true; // a tool's input, citations, results of the vendor's own tools
    }
}

void setDeltaField(TextField& field, const Segments& segments, const std::string& index) {
    const std::string& name = segments[1];
    if (name == "text" || name == "partial_json" || name == "thinking") {
        field.channel = index + "/" + (name == "partial_json" ? "json" : name);
        field.isJson = name == "partial_json";
        field.isSealed = name == "thinking";
    } else if (name == "signature") {
        field.isSealed = true;
    } else {
        field.isCopy = name != "type" && name != "stop_reason";
    }
}

void setField(TextField& field, const Segments& segments, const OrderedJson& dom) {
    if (segments.size() > 2 && segments[0] == "content") {
        setBlockField(field, segments, 2, segments[1]);
    } else if (segments.size() > 1 && segments[0] == "content_block") {
        setBlockField(field, segments, 1, std::to_string(countAt(dom, "index")));
    } else if (segments.size() > 1 && segments[0] == "delta" && textAt(dom, "type") == "content_block_delta") {
        setDeltaField(field, segments, std::to_string(countAt(dom, "index")));
    }
}

class AnthropicMessages final : public Dialect {
public:
    explicit AnthropicMessages(bool countsTokens) : m_countsTokens(countsTokens) {}

    [[nodiscard]] std::string_view name() const override {
        return m_countsTokens ? "anthropic.count_tokens" : "anthropic.messages";
    }
    [[nodiscard]] Result<ParsedRequest> parse(std::string_view body, const JsonLimits& limits,
                                              const Asked& asked) const override {
        GH_TRY(ParsedRequest request, readRequest(body, limits, asked, kForm));
        GH_CHECK(needObjects(body, request, "messages"));
        request.wantsUsage = true;
        return request;
    }
    [[nodiscard]] Result<std::string> compose(std::string_view body, const ParsedRequest& request,
                                              std::span<const std::optional<std::string>> changed,
                                              std::string_view model) const override {
        return composeRequest(body, request, changed, model);
    }
    [[nodiscard]] std::string refusalBody(const Refusal& refusal) const override {
        OrderedJson body = OrderedJson::parse(
            anthropicError(anthropicErrorType(refusalStatus(refusal.reason)), refusal.message), nullptr, false);
        body["error"]["code"] = refusalWord(refusal.reason);
        body["error"]["gatehouse"] = {{"interaction", refusal.interaction}, {"rule", refusal.rule}};
        body["request_id"] = refusal.interaction;
        return dump(body);
    }
    [[nodiscard]] std::string refusalFrames(const Refusal& refusal, StreamPlace /*place*/) const override {
        return sseFrame("error", refusalBody(refusal));
    }
    [[nodiscard]] std::string frame(std::string_view data, StreamPlace /*place*/) const override {
        const auto dom = parseOrdered(data);
        return dom ? sseFrame(textAt(*dom, "type"), data) : sseFrame(data);
    }
    [[nodiscard]] Result<AnswerEvent> read(std::string_view document, bool isWhole) const override {
        GH_TRY(AnswerDocument read, readAnswerDocument(document, setField));
        AnswerEvent& event = read.event;
        const std::string type = textAt(read.dom, "type");
        event.isError = type == "error";
        event.isAnswer =
            m_countsTokens ? memberOf(read.dom, "input_tokens").is_number() : memberOf(read.dom, "content").is_array();
        const OrderedJson& usage =
            type == "message_start" ? memberOf(memberOf(read.dom, "message"), "usage") : memberOf(read.dom, "usage");
        if (usage.is_object()) {
            event.usage = anthropicUsage(usage);
        }
        event.isComplete = event.isLast = type == "message_stop";
        if (isWhole || event.isComplete) {
            event.finished = {""};
        } else if (type == "content_block_stop") {
            event.finished = {std::to_string(countAt(read.dom, "index")) + "/"};
        }
        return std::move(event);
    }
    [[nodiscard]] std::string heldText(const AnswerEvent& /*last*/, const TextField& field,
                                       std::string_view text) const override {
        const std::size_t slash = field.channel.find('/');
        const std::string kind = field.channel.substr(slash + 1);
        OrderedJson delta{{"type", kind == "json" ? "input_json_delta" : kind + "_delta"}};
        delta[kind == "json" ? "partial_json" : kind] = text;
        return dump({{"type", "content_block_delta"},
                     {"index", std::strtoull(field.channel.c_str(), nullptr, 10)},
                     {"delta", std::move(delta)}});
    }
    [[nodiscard]] std::string modelList(std::span<const ModelRow> models) const override {
        OrderedJson body{{"data", OrderedJson::array()}};
        for (const ModelRow& row : models) {
            body["data"].push_back(
                {{"type", "model"}, {"id", row.id}, {"display_name", row.id}, {"created_at", "1970-01-01T00:00:00Z"}});
        }
        body["has_more"] = false;
        body["first_id"] = models.empty() ? OrderedJson() : OrderedJson(models.front().id);
        body["last_id"] = models.empty() ? OrderedJson() : OrderedJson(models.back().id);
        return dump(body);
    }
    [[nodiscard]] std::string wholeAnswer(const PlainAnswer& answer) const override {
        return m_countsTokens ? dump({{"input_tokens", answer.usage.inputTokens}}) : Dialect::wholeAnswer(answer);
    }
    [[nodiscard]] bool isAnsweredByEstimate() const override { return m_countsTokens; }
    [[nodiscard]] const ChatCodec* codec() const override { return m_countsTokens ? nullptr : &anthropicCodec(); }
    [[nodiscard]] std::span<const std::string_view> forwardedHeaders() const override { return kForwarded; }

private:
    bool m_countsTokens;
};

} // namespace

const Dialect& anthropicMessages() {
    static const AnthropicMessages kDialect(false);
    return kDialect;
}

const Dialect& anthropicCountTokens() {
    static const AnthropicMessages kDialect(true);
    return kDialect;
}

} // namespace gatehouse::dialects
