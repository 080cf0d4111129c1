// SPDX-License-Identifier: Apache-2.0
#include "dialects/openai_chat_answer.h"

#include <algorithm>
#include <array>

#include "base/utf8.h"
#include "dialects/answer_reader.h"
#include "dialects/json_edit.h"
#include "dialects/openai_parts.h"
#include "dialects/sse.h"

namespace gatehouse::dialects {
namespace {

// Members of a delta that name things and are never continued by the next delta.
constexpr std::array<std::string_view, 6> kNames{"role", "id", "type", "name", "format", "object"};

// The number that the API gave the element, else its place.
std::string indexOf(const OrderedJson& element, const std::string& place) {
    const OrderedJson& index = memberOf(element, "index");
    return index.is_number_unsigned() ? std::to_string(index.get<std::uint64_t>()) : place;
}

// Sets the channel of a string that is running text. Segments: choices, n, delta or message, …
void setChannel(TextField& field, const Segments& segments, const OrderedJson& dom) {
    if (segments.size() < 3 || segments[0] != "choices") {
        return;
    }
    const OrderedJson& choice = elementOf(memberOf(dom, "choices"), segments[1]);
    const std::string prefix = indexOf(choice, segments[1]) + "/";
    if (segments[2] == "text" && segments.size() == 3) {
        field.channel = prefix + "text";
        return;
    }
    if ((segments[2] != "delta" && segments[2] != "message") || segments.size() < 4) {
        return;
    }
    if (std::find(kNames.begin(), kNames.end(), segments.back()) != kNames.end()) {
        return;
    }
    if (isSignedMember(segments.back()) || segments[3] == "reasoning_details") {
        field.isSealed = true; // must come back to its vendor as it is
        return;
    }
    if (segments[3] == "tool_calls" && segments.size() == 7) {
        const OrderedJson& call = elementOf(memberOf(memberOf(choice, segments[2]), "tool_calls"), segments[4]);
        field.channel = prefix + "tool/" + indexOf(call, segments[4]) + "/" + segments[5] + "/" + segments[6];
        field.isJson = segments[6] == "arguments";
        return;
    }
    field.channel = prefix;
    for (std::size_t i = 3; i < segments.size(); ++i) {
        field.channel += (i == 3 ? "" : "/") + segments[i];
    }
    field.isJson = segments[3] == "function_call" && segments.back() == "arguments";
}

void readUsage(AnswerEvent& event, const OrderedJson& dom) {
    const OrderedJson& usage = memberOf(dom, "usage");
    if (!usage.is_object()) {
        return;
    }
    Usage counted;
    counted.inputTokens = countAt(usage, "prompt_tokens");
    counted.outputTokens = countAt(usage, "completion_tokens");
    counted.cachedTokens = countAt(memberOf(usage, "prompt_tokens_details"), "cached_tokens");
    counted.reasoningTokens = countAt(memberOf(usage, "completion_tokens_details"), "reasoning_tokens");
    event.usage = counted;
    const OrderedJson& choices = memberOf(dom, "choices");
    event.isUsageOnly = choices.is_array() && choices.empty();
}

void readEnds(AnswerEvent& event, const OrderedJson& dom) {
    const OrderedJson& choices = memberOf(dom, "choices");
    if (!choices.is_array()) {
        return;
    }
    for (std::size_t i = 0; i < choices.size(); ++i) {
        const OrderedJson& reason = memberOf(choices[i], "finish_reason");
        // Some servers say "" or "null" in the middle of a stream.
        const bool isEnd = reason.is_string() && reason != "" && reason != "null";
        if (isEnd) {
            event.finished.push_back(indexOf(choices[i], std::to_string(i)) + "/");
        }
    }
}

// {"index":…,"delta":{…}} for the channels whose shape is known; null for others.
OrderedJson heldDelta(std::string_view channel, std::string_view text) {
    Segments segments = pointerSegments("/" + std::string(channel));
    if (segments.size() == 2 && segments[1] != "text") {
        return OrderedJson::object({{segments[1], text}});
    }
    if (segments.size() == 3 && segments[1] == "function_call") {
        return OrderedJson::object({{"function_call", OrderedJson::object({{segments[2], text}})}});
    }
    if (segments.size() == 5 && segments[1] == "tool") {
        OrderedJson call = OrderedJson::object();
        call["index"] = std::strtoull(segments[2].c_str(), nullptr, 10);
        call[segments[3]] = OrderedJson::object({{segments[4], text}});
        return OrderedJson::object({{"tool_calls", OrderedJson::array({call})}});
    }
    return nullptr;
}

OrderedJson chunk(const PlainAnswer& answer, OrderedJson delta, OrderedJson finishReason) {
    OrderedJson out;
    out["id"] = answer.id;
    out["object"] = "chat.completion.chunk";
    out["created"] = answer.created;
    out["model"] = answer.model;
    OrderedJson choice;
    choice["index"] = 0;
    choice["delta"] = std::move(delta);
    choice["finish_reason"] = std::move(finishReason);
    out["choices"] = OrderedJson::array({std::move(choice)});
    return out;
}

OrderedJson usageJson(const Usage& usage) {
    OrderedJson out;
    out["prompt_tokens"] = usage.inputTokens;
    out["completion_tokens"] = usage.outputTokens;
    out["total_tokens"] = usage.inputTokens + usage.outputTokens;
    return out;
}

} // namespace

Result<AnswerEvent> readOpenAiAnswer(std::string_view document, bool isWhole) {
    GH_TRY(AnswerDocument read, readAnswerDocument(document, setChannel));
    AnswerEvent& event = read.event;
    const OrderedJson& choices = memberOf(read.dom, "choices");
    event.isAnswer = choices.is_array();
    if (!event.isAnswer && !choices.is_null()) {
        return fail(ErrorKind::invalidInput, "the answer's choices are not a list");
    }
    readUsage(event, read.dom);
    readEnds(event, read.dom);
    if (isWhole) {
        event.finished = {""};
    }
    const OrderedJson& error = memberOf(read.dom, "error");
    event.isError = error.is_object() || error.is_string();
    return std::move(event);
}

std::string heldOpenAiText(const AnswerEvent& last, const TextField& field, std::string_view text) {
    OrderedJson delta = heldDelta(field.channel, text);
    OrderedJson dom = OrderedJson::parse(last.document, nullptr, false);
    if (delta.is_null() || !dom.is_object()) {
        // A shape that is not known: the event again, with its other running texts emptied.
        return documentWithOnly(last, field, text);
    }
    OrderedJson choice;
    choice["index"] = std::strtoull(field.channel.c_str(), nullptr, 10);
    choice["delta"] = std::move(delta);
    if (!last.tokens.empty()) {
        choice["logprobs"] = {{"content", OrderedJson::array()}, {"refusal", OrderedJson::array()}};
    }
    choice["finish_reason"] = nullptr;
    dom["choices"] = OrderedJson::array({std::move(choice)});
    if (dom.contains("usage")) {
        dom["usage"] = nullptr;
    }
    return dump(dom);
}

std::string wholeOpenAiAnswer(const PlainAnswer& answer) {
    OrderedJson out;
    out["id"] = answer.id;
    out["object"] = "chat.completion";
    out["created"] = answer.created;
    out["model"] = answer.model;
    OrderedJson choice;
    choice["index"] = 0;
    choice["message"]["role"] = "assistant";
    choice["message"]["content"] = answer.text;
    choice["finish_reason"] = "stop";
    out["choices"] = OrderedJson::array({std::move(choice)});
    out["usage"] = usageJson(answer.usage);
    return dump(out);
}

std::vector<std::string> streamedOpenAiAnswer(const PlainAnswer& answer) {
    constexpr std::size_t kPiece = 48;
    std::vector<std::string> frames;
    frames.push_back(sseFrame(dump(chunk(answer, {{"role", "assistant"}, {"content", ""}}, nullptr))));
    const std::string_view text = answer.text;
    for (std::size_t at = 0; at < text.size();) {
        std::size_t end = at + kPiece >= text.size() ? text.size() : utf8Boundary(text, at + kPiece);
        end = end <= at ? text.size() : end; // bytes that are not UTF-8 have no boundary
        frames.push_back(sseFrame(dump(chunk(answer, {{"content", text.substr(at, end - at)}}, nullptr))));
        at = end;
    }
    frames.push_back(sseFrame(dump(chunk(answer, OrderedJson::object(), "stop"))));
    if (answer.hasUsage) {
        OrderedJson last = chunk(answer, OrderedJson::object(), nullptr);
        last["choices"] = OrderedJson::array();
        last["usage"] = usageJson(answer.usage);
        frames.push_back(sseFrame(dump(last)));
    }
    frames.emplace_back("data: [DONE]\n\n");
    return frames;
}

} // namespace gatehouse::dialects
