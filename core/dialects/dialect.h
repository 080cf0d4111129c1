// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/json.h"
#include "base/result.h"
#include "types/interaction.h"
#include "types/refusal.h"
#include "types/usage.h"

// What the JSON and the streams of one vendor's API mean: where the texts are, how a refusal is said, what a call used.
// Pure: no I/O, no clock, no state between calls; any thread. All bytes that are not changed stay as they came.
namespace gatehouse::dialects {

struct ParsedRequest {
    std::string model;
    bool isStream = false;
    bool wantsUsage = false;    // the client asked for usage in the stream
    std::vector<Part> parts;    // every JSON string, keys too, in document order
    std::string conversation;   // the dialect's own conversation id; empty when it has none
    std::string seed;           // system text and first user text: tells conversations apart where there is no id
    bool hasReferences = false; // something that the provider would fetch: a URL, a file id, a stored conversation
};

// One string inside an event of an answer.
struct TextField {
    std::string channel;   // "0/content", "0/tool/1/arguments"; empty: belongs to no running text
    std::size_t begin = 0; // byte range of its JSON token in AnswerEvent::document, quotes included
    std::size_t end = 0;
    std::string text;    // decoded
    bool isJson = false; // JSON inside the string: arguments of tool calls
    bool isKey = false;
};

// One event of a stream, or a whole buffered answer.
struct AnswerEvent {
    std::string document;
    bool isChanged = false;        // differs from what came: log probabilities were taken out (docs/known-issues.md)
    std::vector<TextField> fields; // every string, keys too, in document order
    std::vector<std::string> finished; // channels that begin with one of these end with this event ("0/")
    std::optional<Usage> usage;
    bool isUsageOnly = false; // carries nothing but usage
    bool isError = false;     // the provider's own error
    bool isAnswer = false;    // has what an answer must have (choices)
};

// An answer that Gatehouse itself gives (preview).
struct PlainAnswer {
    std::string id;
    std::string model;
    std::int64_t created = 0; // Unix seconds
    std::string text;
    Usage usage;
    bool hasUsage = true; // streams: a last chunk with usage
};

struct ModelRow {
    std::string id;
    std::string owner;
};

class Dialect {
public:
    virtual ~Dialect() = default;
    [[nodiscard]] virtual std::string_view name() const = 0; // "openai.chat": Interaction::surface
    [[nodiscard]] virtual std::string_view path() const = 0; // behind a provider's base URL
    // invalidInput or limit with a reason for the caller (never text of the body).
    [[nodiscard]] virtual Result<ParsedRequest> parse(std::string_view body, const JsonLimits& limits) const = 0;
    // The body that leaves: changed parts spliced in (`changed` is in the order of parts), the target's own model name,
    // and usage asked for in streams. With nothing to change the bytes are those of `body`.
    [[nodiscard]] virtual Result<std::string> compose(std::string_view body, const ParsedRequest& request,
                                                      std::span<const std::optional<std::string>> changed,
                                                      std::string_view model) const = 0;
    [[nodiscard]] virtual std::string refusalBody(const Refusal& refusal) const = 0;
    // The same inside a stream that has begun: whole frames, ready to send; nothing may follow.
    [[nodiscard]] virtual std::string refusalFrames(const Refusal& refusal) const = 0;
    // Reads one event's data (isWhole false) or a buffered answer (true). invalidInput when it is not strict JSON.
    [[nodiscard]] virtual Result<AnswerEvent> read(std::string_view document, bool isWhole) const = 0;
    // True for the data that ends a stream and is not JSON ("[DONE]").
    [[nodiscard]] virtual bool isEnd(std::string_view data) const = 0;
    // An event that carries nothing but `text` for the channel of `field`, shaped after `last`, in which that field
    // stood.
    [[nodiscard]] virtual std::string heldText(const AnswerEvent& last, const TextField& field,
                                               std::string_view text) const = 0;
    [[nodiscard]] virtual std::string wholeAnswer(const PlainAnswer& answer) const = 0;
    [[nodiscard]] virtual std::vector<std::string> streamedAnswer(const PlainAnswer& answer) const = 0; // frames
    [[nodiscard]] virtual std::string modelList(std::span<const ModelRow> models) const = 0;
};

// POST /v1/chat/completions (platform.openai.com/docs/api-reference/chat), as OpenAI and compatible servers speak it.
const Dialect& openAiChat();

} // namespace gatehouse::dialects
