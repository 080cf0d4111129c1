// SPDX-License-Identifier: Apache-2.0
// ollama.chat and ollama.generate: where the texts are, and how a refusal is said.
#include "dialects/answer_reader.h"
#include "dialects/base64.h"
#include "dialects/ollama_codec.h"
#include "dialects/openai_parts.h"
#include "dialects/request_reader.h"

namespace gatehouse::dialects {
namespace {

Label labelInMessage(const Segments& segments) {
    const std::string& member = segments[2];
    if (member == "content" || member == "thinking") {
        return {PartKind::text};
    }
    if (member == "images") {
        return {PartKind::opaque};
    }
    if (member == "tool_calls") {
        return {segments.size() > 5 && segments[5] == "arguments" ? PartKind::toolCall : PartKind::metadata};
    }
    return {member == "role" || member == "tool_name" || member == "tool_call_id" ? PartKind::metadata
                                                                                  : PartKind::other};
}

Label label(const JsonString& /*string*/, const Segments& segments) {
    const std::string& first = segments.front();
    if (first == "messages" && segments.size() > 2) {
        return labelInMessage(segments);
    }
    if (first == "prompt" || first == "suffix") {
        return {PartKind::text};
    }
    if (first == "system" || first == "template") {
        return {PartKind::system};
    }
    if (first == "images") {
        return {PartKind::opaque};
    }
    if (first == "tools" || first == "format") {
        return {PartKind::toolSchema};
    }
    return {first == "model" || first == "keep_alive" ? PartKind::metadata : PartKind::other};
}

std::string_view roleOf(std::string_view first) {
    return first == "system" ? "system" : first == "prompt" ? "user" : "";
}

constexpr RequestForm kForm{.label = label, .messages = "messages", .roleOf = roleOf, .streamsByDefault = true};

void setField(TextField& field, const Segments& segments, const OrderedJson& /*dom*/) {
    if (segments.size() == 1 && (segments[0] == "response" || segments[0] == "thinking")) {
        field.channel = "0/" + segments[0];
        return;
    }
    if (segments.size() < 2 || segments[0] != "message") {
        return;
    }
    if (segments.size() == 2 && (segments[1] == "content" || segments[1] == "thinking")) {
        field.channel = "0/" + segments[1];
    } else if (segments[1] == "tool_calls") {
        field.isCopy = segments.size() > 5 && segments[4] == "arguments";
    } else if (segments[1] == "images") {
        field.isBinary = field.isMedia = isBase64(field.text);
        field.isCopy = !field.isBinary;
    } else {
        field.isCopy = segments[1] != "role";
    }
}

class Ollama final : public Dialect {
public:
    explicit Ollama(bool isGenerate) : m_isGenerate(isGenerate) {}

    [[nodiscard]] std::string_view name() const override { return m_isGenerate ? "ollama.generate" : "ollama.chat"; }
    [[nodiscard]] Framing framing() const override { return Framing::ndjson; }
    [[nodiscard]] Result<ParsedRequest> parse(std::string_view body, const JsonLimits& limits,
                                              const Asked& asked) const override {
        GH_TRY(ParsedRequest request, readRequest(body, limits, asked, kForm));
        request.wantsUsage = true;
        return request;
    }
    [[nodiscard]] Result<std::string> compose(std::string_view body, const ParsedRequest& request,
                                              std::span<const std::optional<std::string>> changed,
                                              std::string_view model) const override {
        return composeRequest(body, request, changed, model);
    }
    [[nodiscard]] std::string refusalBody(const Refusal& refusal) const override {
        return dump({{"error", refusal.message},
                     {"code", refusalWord(refusal.reason)},
                     {"gatehouse", {{"interaction", refusal.interaction}, {"rule", refusal.rule}}}});
    }
    [[nodiscard]] std::string refusalFrames(const Refusal& refusal, StreamPlace /*place*/) const override {
        return refusalBody(refusal) + "\n";
    }
    [[nodiscard]] std::string frame(std::string_view data, StreamPlace /*place*/) const override {
        return std::string(data) + "\n";
    }
    [[nodiscard]] Result<AnswerEvent> read(std::string_view document, bool isWhole) const override {
        GH_TRY(AnswerDocument read, readAnswerDocument(document, setField));
        AnswerEvent& event = read.event;
        event.isError = !memberOf(read.dom, "error").is_null();
        event.isAnswer = memberOf(read.dom, "message").is_object() || memberOf(read.dom, "response").is_string();
        event.isComplete = event.isLast = flagAt(read.dom, "done");
        if (event.isComplete) {
            event.usage = ollamaUsage(read.dom);
        }
        if (isWhole || event.isComplete) {
            event.finished = {""};
        }
        return std::move(event);
    }
    [[nodiscard]] std::string heldText(const AnswerEvent& last, const TextField& field,
                                       std::string_view text) const override {
        const auto dom = parseOrdered(last.document);
        const std::string member = field.channel.substr(2);
        OrderedJson out;
        for (const char* name : {"model", "created_at"}) {
            if (dom && dom->contains(name)) {
                out[name] = (*dom)[name];
            }
        }
        if (m_isGenerate) {
            out["response"] = "";
            out[member] = text;
        } else {
            out["message"] = {{"role", "assistant"}, {"content", ""}};
            out["message"][member] = text;
        }
        if (!last.tokens.empty()) {
            out["logprobs"] = OrderedJson::array();
        }
        out["done"] = false;
        return dump(out);
    }
    // GET /api/tags.
    [[nodiscard]] std::string modelList(std::span<const ModelRow> models) const override {
        OrderedJson body{{"models", OrderedJson::array()}};
        for (const ModelRow& row : models) {
            OrderedJson model{{"name", row.id}, {"model", row.id}};
            model["modified_at"] = "1970-01-01T00:00:00Z";
            model["size"] = 0;
            model["digest"] = "";
            model["details"] = {{"parent_model", ""},  {"format", ""},         {"family", row.owner},
                                {"families", nullptr}, {"parameter_size", ""}, {"quantization_level", ""}};
            body["models"].push_back(std::move(model));
        }
        return dump(body);
    }
    [[nodiscard]] const ChatCodec* codec() const override { return &ollamaCodec(m_isGenerate); }

private:
    bool m_isGenerate;
};

} // namespace

const Dialect& ollamaChat() {
    static const Ollama kDialect(false);
    return kDialect;
}

const Dialect& ollamaGenerate() {
    static const Ollama kDialect(true);
    return kDialect;
}

} // namespace gatehouse::dialects
