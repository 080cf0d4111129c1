// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "dialects/chat.h"
#include "dialects/dialect.h"

// One dialect to and from the canonical model. Pure; any thread.
namespace gatehouse::dialects {

// Where servers that speak the same dialect differ.
struct Quirks {
    bool takesMaxCompletionTokens = false; // openai.chat: instead of max_tokens
    bool refusesParallelCalls = false;     // knows no parallel_tool_calls
    bool refusesSchemas = false;           // knows JSON as a form of answers, and no schema of it
    bool refusesStreamOptions = false;     // gives usage unasked, and knows no stream_options
};

// What an answer says about itself in the client's dialect.
struct AnswerContext {
    std::string id; // without prefix
    std::string model;
    std::int64_t created = 0; // Unix seconds
    bool wantsUsage = true;   // openai.chat streams: a last chunk with usage
    Framing framing = Framing::sse;
    std::uint64_t inputTokens = 0; // estimated: some dialects tell it before the provider does
};

// Reads the events of one stream, frame by frame.
class AnswerDecoder {
public:
    virtual ~AnswerDecoder() = default;
    // One frame's data. invalidInput when it is not JSON of the dialect.
    [[nodiscard]] virtual Result<std::vector<ChatEvent>> push(std::string_view data) = 0;
};

// Writes one stream. Fed with events in the order of an answer.
class AnswerEncoder {
public:
    virtual ~AnswerEncoder() = default;
    // Frames, ready to send; empty where the event says nothing in this dialect.
    [[nodiscard]] virtual std::string push(const ChatEvent& event) = 0;
    // The end of the stream. What was not said before (a missing stop) is said now.
    [[nodiscard]] virtual std::string finish() = 0;
};

class ChatCodec {
public:
    virtual ~ChatCodec() = default;
    // The body as it would have left. invalidInput with a reason for the caller when it holds what no other dialect
    // can say.
    [[nodiscard]] virtual Result<ChatRequest> decodeRequest(std::string_view body, const Asked& asked) const = 0;
    // invalidInput with a reason for the caller when this dialect cannot say it. What is left out without changing the
    // meaning is named in `request.untranslated`.
    [[nodiscard]] virtual Result<std::string> encodeRequest(ChatRequest& request, const Quirks& quirks) const = 0;
    // A buffered answer, or the body of an error (`status` from 400 on).
    [[nodiscard]] virtual Result<ChatAnswer> decodeAnswer(std::string_view document, int status) const = 0;
    [[nodiscard]] virtual std::string encodeAnswer(const ChatAnswer& answer, const AnswerContext& context) const = 0;
    // False where tools may have any names (fitting.h).
    [[nodiscard]] virtual bool limitsToolNames() const { return true; }
    [[nodiscard]] virtual std::unique_ptr<AnswerDecoder> makeDecoder() const = 0;
    [[nodiscard]] virtual std::unique_ptr<AnswerEncoder> makeEncoder(AnswerContext context) const = 0;
};

// A fault instead of a picture or a sound in an answer that is told in another dialect.
ChatEvent unspeakable();

// The same answer as pieces, and pieces put together.
std::vector<ChatEvent> eventsOf(const ChatAnswer& answer);
class AnswerCollector final {
public:
    void push(const ChatEvent& event);
    [[nodiscard]] ChatAnswer take() { return std::move(m_answer); }

private:
    ChatAnswer m_answer;
};

} // namespace gatehouse::dialects
