// SPDX-License-Identifier: Apache-2.0
#include "dialects/mcp.h"

#include <algorithm>
#include <array>

#include "base/crypto.h"
#include "dialects/answer_reader.h"
#include "dialects/base64.h"
#include "dialects/openai_parts.h"
#include "dialects/request_reader.h"
#include "dialects/sse.h"

namespace gatehouse::dialects {
namespace {

constexpr std::size_t kMaxTool = 128;

// Names by which both sides know each other: they must arrive as they are.
bool isName(const Segments& segments) {
    const std::string& first = segments.front();
    if (segments.size() == 1) {
        return first == "jsonrpc" || first == "id" || first == "method";
    }
    const std::string& last = segments.back();
    return (first == "params" && segments.size() == 2 &&
            (last == "name" || last == "uri" || last == "protocolVersion")) ||
           last == "progressToken" || last == "requestId";
}

Label label(const JsonString& /*string*/, const Segments& segments) {
    if (isName(segments)) {
        return {PartKind::metadata, true};
    }
    const std::string& first = segments.front();
    if (first == "params" && segments.size() > 2 && segments[1] == "arguments") {
        return {PartKind::toolCall};
    }
    if (first != "result" && first != "params") {
        return {PartKind::other};
    }
    if (segments.back() == "data" || segments.back() == "blob") {
        return {PartKind::opaque};
    }
    return {first == "result" ? PartKind::toolResult : PartKind::other};
}

std::string_view roleOf(std::string_view first) {
    return first == "params" ? "user" : first == "result" ? "tool" : "";
}

// An id is a text or a whole number; anything else is none.
bool isId(std::string_view json) {
    return !json.empty() && json.size() <= 256 &&
           (json.front() == '"' || json.find_first_not_of("-0123456789") == std::string_view::npos);
}

Result<McpCall> readCall(std::string_view body, const ParsedRequest& request) {
    const auto wrong = [](const char* why) { return fail(ErrorKind::invalidInput, why); };
    const auto textOf = [&](std::string_view pointer) -> const std::string* {
        const auto found = std::find_if(request.parts.begin(), request.parts.end(), [pointer](const Part& part) {
            return part.kind != PartKind::key && part.pointer == pointer && part.tokenEnd != 0;
        });
        return found == request.parts.end() ? nullptr : &found->text;
    };
    const std::string* version = textOf("/jsonrpc");
    if (version == nullptr || *version != "2.0") {
        return wrong("the body is not a JSON-RPC 2.0 message");
    }
    McpCall call;
    call.id = memberBytes(body, request, "/id");
    if (!call.id.empty() && !isId(call.id)) {
        return wrong("the message's id is neither a text nor a whole number");
    }
    const std::string* method = textOf("/method");
    if (method == nullptr) {
        const bool isAnswer = findKey(request, "/result") != nullptr || findKey(request, "/error") != nullptr;
        return isAnswer ? Result<McpCall>(std::move(call)) : wrong("the message has no method and is no answer");
    }
    call.method = *method;
    if (call.method == "tools/call") {
        const std::string* tool = textOf("/params/name");
        const bool isPlain = tool != nullptr && !tool->empty() && tool->size() <= kMaxTool &&
                             std::all_of(tool->begin(), tool->end(), [](char c) { return c > ' ' && c <= '~'; });
        if (!isPlain) {
            return wrong("the name of the called tool is missing or odd");
        }
        call.tool = *tool;
    }
    return call;
}

// Texts that the record holds like a model's; the rest of a message is inspected and restored string by string.
void setField(TextField& field, const Segments& segments, const OrderedJson& /*dom*/) {
    if (segments.size() == 1 || segments.back() == "progressToken" || segments.back() == "requestId") {
        return;
    }
    const std::string& last = segments.back();
    if (last == "data" || last == "blob") {
        field.isBinary = field.isMedia = isBase64(field.text);
        field.isCopy = !field.isBinary;
    } else if (last == "text" && segments.front() == "result") {
        field.channel = "result";
        for (const std::string& segment : segments) {
            field.channel += "/" + segment;
        }
    } else {
        const bool isPlace = last == "name" || last == "uri" || last == "type" || last == "mimeType";
        field.isCopy = !isPlace && !isSignedMember(last);
        field.isSealed = isSignedMember(last);
    }
}

class Mcp final : public Dialect {
public:
    [[nodiscard]] std::string_view name() const override { return "mcp"; }
    // An empty body belongs to GET (listening) and DELETE (the end of a session).
    [[nodiscard]] Result<ParsedRequest> parse(std::string_view body, const JsonLimits& limits,
                                              const Asked& asked) const override {
        constexpr RequestForm kForm{.label = label, .messages = {}, .roleOf = roleOf, .hasStreamMember = false};
        const std::string_view read = body.empty() ? std::string_view("{}") : body;
        GH_TRY(ParsedRequest request, readRequest(read, limits, asked, kForm));
        request.wantsUsage = true;
        if (body.empty()) {
            request.rpc = McpCall{{}, asked.isListening ? "listen" : "end", {}};
        } else {
            GH_TRY(request.rpc, readCall(body, request));
        }
        return request;
    }
    [[nodiscard]] Result<std::string> compose(std::string_view body, const ParsedRequest& request,
                                              std::span<const std::optional<std::string>> changed,
                                              std::string_view model) const override {
        return composeRequest(body, request, changed, model);
    }
    [[nodiscard]] std::string refusalBody(const Refusal& refusal) const override {
        constexpr int kRefused = -32000; // of the range that JSON-RPC 2.0 leaves to servers
        OrderedJson body{{"jsonrpc", "2.0"}};
        body["id"] = refusal.call.empty() ? OrderedJson() : OrderedJson::parse(refusal.call, nullptr, false);
        body["error"] = {{"code", kRefused}, {"message", refusal.message}};
        body["error"]["data"] = {
            {"reason", refusalWord(refusal.reason)}, {"interaction", refusal.interaction}, {"rule", refusal.rule}};
        return dump(body);
    }
    // Where nobody waits for an answer none is made up: the stream just ends.
    [[nodiscard]] std::string refusalFrames(const Refusal& refusal, StreamPlace place) const override {
        return refusal.call.empty() ? std::string() : frame(refusalBody(refusal), place);
    }
    [[nodiscard]] std::string frame(std::string_view data, StreamPlace /*place*/) const override {
        return data.empty() ? std::string() : "event: message\n" + sseFrame(data);
    }
    [[nodiscard]] Result<AnswerEvent> read(std::string_view document, bool /*isWhole*/) const override {
        if (document.empty()) { // an event that only sets the stream's place
            return AnswerEvent();
        }
        GH_TRY(AnswerDocument read, readAnswerDocument(document, setField));
        AnswerEvent& event = read.event;
        event.isAnswer = memberOf(read.dom, "jsonrpc") == "2.0";
        if (!event.isAnswer) {
            return fail(ErrorKind::invalidInput, "the message is not JSON-RPC 2.0");
        }
        const bool isCall = memberOf(read.dom, "method").is_string();
        event.isComplete = !isCall && (read.dom.contains("result") || read.dom.contains("error"));
        event.finished = {""};
        return std::move(event);
    }
    // A message comes whole or not at all: half a result would be taken for the result.
    [[nodiscard]] std::string heldText(const AnswerEvent& /*last*/, const TextField& /*field*/,
                                       std::string_view /*text*/) const override {
        return {};
    }
    [[nodiscard]] std::string modelList(std::span<const ModelRow> /*models*/) const override { return "{}"; }
    [[nodiscard]] std::span<const std::string_view> forwardedHeaders() const override {
        static constexpr std::array<std::string_view, 2> kHeaders{"mcp-protocol-version", "last-event-id"};
        return kHeaders;
    }
};

// Whatever the order of its keys, a tool that says the same has the same digest.
std::string digestOf(const OrderedJson& tool) {
    const Json sorted = Json::parse(dump(tool), nullptr, false);
    const std::string text = dumpJson(sorted);
    return sha256Hex(text);
}

} // namespace

std::string mcpAction(const McpCall& call) {
    if (!call.tool.empty()) {
        return call.method + "/" + call.tool;
    }
    return call.method.empty() ? "response" : call.method;
}

Result<std::string> filterMcpTools(std::string_view document, const std::function<bool(const McpTool&)>& keeps) {
    GH_TRY(OrderedJson dom, parseOrdered(document));
    const OrderedJson& tools = memberOf(memberOf(dom, "result"), "tools");
    if (!tools.is_array()) {
        return std::string(document);
    }
    OrderedJson kept = OrderedJson::array();
    for (const OrderedJson& tool : tools) {
        if (keeps({textAt(tool, "name"), digestOf(tool)})) {
            kept.push_back(tool);
        }
    }
    if (kept.size() == tools.size()) {
        return std::string(document);
    }
    dom["result"]["tools"] = std::move(kept);
    return dump(dom);
}

const Dialect& mcp() {
    static const Mcp kDialect;
    return kDialect;
}

} // namespace gatehouse::dialects
