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
#include "dialects/stream_frame.h"
#include "types/interaction.h"
#include "types/refusal.h"
#include "types/usage.h"

// What the JSON and the streams of one vendor's API mean: where the texts are, how a refusal is said, what a call used.
// Pure: no I/O, no clock, no state between calls; any thread. All bytes that are not changed stay as they came.
namespace gatehouse::dialects {

class ChatCodec;  // chat_codec.h
class EmbedCodec; // embed_codec.h

// What a request's URL says besides its body (Gemini's and Azure's paths name the model).
struct Asked {
    std::string model; // empty: the body names it
    bool isStream = false;
    bool isBatch = false;           // several texts at once (batchEmbedContents)
    bool isListening = false;       // a stream that nobody asked something (GET of MCP): it ends when it ends
    Framing framing = Framing::sse; // of the stream, where the URL chooses
    std::string boundary;           // of a body that is a form; empty: it is JSON
};

// Where a frame goes.
struct StreamPlace {
    Framing framing = Framing::sse;
    bool isEmpty = true; // nothing was written to the stream yet
};

// What a JSON-RPC message asks for (MCP).
struct McpCall {
    std::string id;     // as JSON; empty of a notification
    std::string method; // empty of an answer to the server
    std::string tool;   // of tools/call
};

struct ParsedRequest {
    std::string model;
    bool isStream = false;
    bool wantsUsage = false;    // the client asked for usage in the stream
    std::vector<Part> parts;    // every JSON string, keys too, in document order
    std::string conversation;   // the dialect's own conversation id; empty when it has none
    std::string seed;           // system text and first user text: tells conversations apart where there is no id
    std::optional<McpCall> rpc; // of MCP alone
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
    bool isCopy = false;   // a whole text that stands for itself: placeholders in it are restored
    bool isSealed = false; // signed or encrypted: inspected, never changed; what would have to be changed blocks
    bool isBinary = false; // bytes as base64 (numbers of an embedding, a picture): no text to inspect
    bool isMedia = false;  // binary, and what a person would see or hear: policy says whether it may be
};

// What a model thought of each token of a text (log probabilities). It repeats that text, so that it may be told only
// as far as the text itself is told, and only where that is told as it came.
struct TokenList {
    static constexpr std::size_t kNoCopy = static_cast<std::size_t>(-1);
    struct Range {
        std::size_t begin = 0; // of an array in AnswerEvent::document, brackets included
        std::size_t end = 0;
    };
    std::string channel;        // of the running text; empty: the text is the field `copy`
    std::size_t copy = kNoCopy; // index of a field that stands for itself
    bool spellsText = false;    // the tokens, put together, are the text of this event
    std::vector<Range> lists;   // the tokens, and arrays that run beside them
    std::size_t begin = 0;      // all of the value
    std::size_t end = 0;
};

// One event of a stream, or a whole buffered answer.
struct AnswerEvent {
    std::string document;
    std::vector<TextField> fields; // every string, keys and long numbers too, in document order
    std::vector<TokenList> tokens;
    std::vector<std::string> finished; // channels that begin with one of these end with this event ("0/")
    std::optional<Usage> usage;
    bool isUsageOnly = false; // carries nothing but usage
    bool isError = false;     // the provider's own error
    bool isAnswer = false;    // has what an answer must have (choices)
    bool isComplete = false;  // says that the answer is whole
    bool isLast = false;      // nothing that belongs to the answer can follow
};

// An answer that Gatehouse itself gives (preview).
struct PlainAnswer {
    std::string id;
    std::string model;
    std::int64_t created = 0; // Unix seconds
    std::string text;
    Usage usage;
    bool hasUsage = true; // streams: a last chunk with usage
    Framing framing = Framing::sse;
};

struct ModelRow {
    std::string id;
    std::string owner;
};

// What an answer may be besides JSON and a stream of events.
enum class OtherAnswers {
    none,
    texts,      // plain text, subtitles
    recordings, // bytes that cannot be inspected
};

class Dialect {
public:
    virtual ~Dialect() = default;
    [[nodiscard]] virtual std::string_view name() const = 0; // "openai.chat": Interaction::surface
    // invalidInput or limit with a reason for the caller (never text of the body).
    [[nodiscard]] virtual Result<ParsedRequest> parse(std::string_view body, const JsonLimits& limits,
                                                      const Asked& asked) const = 0;
    [[nodiscard]] Result<ParsedRequest> parse(std::string_view body, const JsonLimits& limits) const {
        return parse(body, limits, Asked());
    }
    // The body that leaves: changed parts spliced in (`changed` is in the order of parts), the target's own model name,
    // and usage asked for in streams. With nothing to change the bytes are those of `body`.
    [[nodiscard]] virtual Result<std::string> compose(std::string_view body, const ParsedRequest& request,
                                                      std::span<const std::optional<std::string>> changed,
                                                      std::string_view model) const = 0;
    [[nodiscard]] virtual std::string refusalBody(const Refusal& refusal) const = 0;
    // The same inside a stream that has begun: whole frames, ready to send; nothing may follow.
    [[nodiscard]] virtual std::string refusalFrames(const Refusal& refusal, StreamPlace place) const = 0;
    // How its streams are cut, where the URL does not choose.
    [[nodiscard]] virtual Framing framing() const { return Framing::sse; }
    // One event's data as a frame of its own.
    [[nodiscard]] virtual std::string frame(std::string_view data, StreamPlace place) const;
    // True when each stream says that it is over (AnswerEvent::isComplete); false where only its texts tell.
    [[nodiscard]] virtual bool saysComplete() const { return true; }
    // Reads one event's data (isWhole false) or a buffered answer (true). invalidInput when it is not strict JSON.
    [[nodiscard]] virtual Result<AnswerEvent> read(std::string_view document, bool isWhole) const = 0;
    // True for the data that ends a stream and is not JSON ("[DONE]").
    [[nodiscard]] virtual bool isEnd(std::string_view data) const;
    // An event that carries nothing but `text` for the channel of `field`, shaped after `last`, in which that field
    // stood.
    [[nodiscard]] virtual std::string heldText(const AnswerEvent& last, const TextField& field,
                                               std::string_view text) const = 0;
    // By default made by the codec; of a dialect without one they are empty.
    [[nodiscard]] virtual std::string wholeAnswer(const PlainAnswer& answer) const;
    [[nodiscard]] virtual std::vector<std::string> streamedAnswer(const PlainAnswer& answer) const; // frames
    [[nodiscard]] virtual std::string modelList(std::span<const ModelRow> models) const = 0;
    // To and from the canonical model; null for what is no chat.
    [[nodiscard]] virtual const ChatCodec* codec() const { return nullptr; }
    // The same for vectors of texts; null for what gives none.
    [[nodiscard]] virtual const EmbedCodec* embedCodec() const { return nullptr; }
    // What a request for a whole answer accepts.
    [[nodiscard]] virtual std::string_view acceptedMedia() const { return "application/json"; }
    [[nodiscard]] virtual OtherAnswers otherAnswers() const { return OtherAnswers::none; }
    // True when an estimate answers it where the provider cannot: wholeAnswer() with nothing but a usage.
    [[nodiscard]] virtual bool isAnsweredByEstimate() const { return false; }
    // Headers of a request that the provider must get. Their values are inspected as parts that cannot be changed.
    [[nodiscard]] virtual std::span<const std::string_view> forwardedHeaders() const { return {}; }
};

// POST /v1/chat/completions (platform.openai.com/docs/api-reference/chat), as OpenAI and compatible servers speak it.
const Dialect& openAiChat();
// POST /v1/responses, /v1/completions and /v1/embeddings.
const Dialect& openAiResponses();
const Dialect& openAiCompletions();
const Dialect& openAiEmbeddings();
// POST /v1/images/generations, edits and variations; POST /v1/audio/transcriptions, translations and speech. JSON or
// forms, and only between those who speak the same.
const Dialect& openAiImages();
const Dialect& openAiImageEdits();
const Dialect& openAiImageVariations();
const Dialect& openAiTranscriptions();
const Dialect& openAiTranslations();
const Dialect& openAiSpeech();
// POST /v1/messages (docs.anthropic.com/en/api/messages).
const Dialect& anthropicMessages();
// POST /v1/messages/count_tokens: the same request, answered by a number.
const Dialect& anthropicCountTokens();
// POST /api/chat and /api/generate (github.com/ollama/ollama, docs/api.md).
const Dialect& ollamaChat();
const Dialect& ollamaGenerate();
// POST /api/embed, and /api/embeddings as it was before.
const Dialect& ollamaEmbed();
const Dialect& ollamaEmbeddings();

// POST /v1beta/models/{model}:generateContent and :streamGenerateContent, :countTokens, :embedContent and
// :batchEmbedContents (ai.google.dev/api).
const Dialect& geminiGenerate();
const Dialect& geminiCountTokens();
const Dialect& geminiEmbed();

// POST /model/{model}/converse and /converse-stream of AWS Bedrock: only sent, never asked for.
const Dialect& bedrockConverse();

// POST …:predict of Vertex AI, for vectors: only sent, never asked for.
const Dialect& vertexEmbed();

// One message of the Model Context Protocol (dialects/mcp.h).
const Dialect& mcp();

// By name; null when there is none.
const Dialect* findDialect(std::string_view name);

} // namespace gatehouse::dialects
