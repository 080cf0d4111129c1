// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include <nlohmann/json.hpp>

#include "types/usage.h"

// The canonical model: what a chat means, whatever dialect it is written in. Only requests and answers that pass from
// one dialect to another go through it.
namespace gatehouse::dialects {

// Keys stay in their order: schemas of structured output are read in order by models.
using OrderedJson = nlohmann::ordered_json;

enum class ChatRole { system, user, assistant, tool };

enum class BlockKind { text, refusal, image, audio, file, toolCall, toolResult, reasoning };

struct ChatBlock {
    BlockKind kind = BlockKind::text;
    std::string text; // of a text; of a tool call its arguments as JSON; of a reasoning what may be shown
    std::string id;   // toolCall, toolResult: the call's
    std::string name; // toolCall, toolResult: the function; file: its name
    std::string mediaType;
    std::string data; // base64
    std::string url;  // instead of data
    std::string detail;
    std::string signature;          // of a reasoning or a tool call, as its vendor made it
    std::string sealed;             // encrypted reasoning
    std::vector<ChatBlock> content; // toolResult: texts, images, files
    bool isError = false;
    OrderedJson tokens; // of an answer's text: log probabilities in OpenAI's form, an array; else null
};

struct ChatMessage {
    ChatRole role = ChatRole::user;
    std::vector<ChatBlock> blocks;
};

struct ChatTool {
    std::string name;
    std::string description;
    OrderedJson schema;
    std::optional<bool> isStrict;
};

enum class ToolMode { automatic, none, required, named };
enum class OutputForm { text, json, schema };

struct ChatRequest {
    std::string model;
    bool isStream = false;
    std::vector<ChatMessage> messages; // system messages in their places
    std::vector<ChatTool> tools;
    std::optional<ToolMode> toolMode;
    std::string toolName; // of ToolMode::named
    std::optional<bool> allowsParallelCalls;
    OutputForm output = OutputForm::text;
    std::string outputName;
    OrderedJson outputSchema;
    std::optional<bool> isOutputStrict;
    std::optional<std::uint64_t> maxTokens;
    std::optional<double> temperature;
    std::optional<double> topP;
    std::optional<std::uint64_t> topK;
    std::vector<std::string> stop;
    std::optional<std::int64_t> seed;
    std::optional<double> presencePenalty;
    std::optional<double> frequencyPenalty;
    std::string effort; // "minimal", "low", "medium", "high"
    std::optional<std::uint64_t> reasoningTokens;
    std::optional<bool> wantsReasoning;
    std::string user;
    std::optional<std::uint64_t> tokenChoices; // log probabilities are asked for, of so many tokens beside each
    // Names of members that have no counterpart on the other side; told in a header. Never a value.
    std::vector<std::string> untranslated;
};

enum class StopReason { stop, length, toolCalls, contentFilter, stopSequence, pause, contextFull };

// An error in the words of the canonical model; dialects have their own for each status.
struct ChatFault {
    int status = 0; // HTTP status, 0 when unknown
    std::string type;
    std::string code;
    std::string message;
};

struct ChatAnswer {
    std::string id;
    std::string model;
    std::int64_t created = 0; // Unix seconds
    std::vector<ChatBlock> blocks;
    std::optional<StopReason> stop;
    std::string stopSequence;
    std::optional<Usage> usage;
    std::optional<ChatFault> fault;
};

// Pieces of an answer in their order. A tool call begins with toolStart and ends with the next event that is not its
// toolArguments.
enum class ChatEventKind {
    start,
    text,
    refusal,
    reasoning,
    signature,
    sealed,
    toolStart,
    toolArguments,
    stop,
    usage,
    fault
};

struct ChatEvent {
    ChatEventKind kind = ChatEventKind::text;
    std::size_t tool = 0; // which tool call, from 0
    std::string text;     // the piece; of a signature the signature
    std::string id;       // start: of the answer; toolStart: of the call
    std::string name;     // start: the model; toolStart: the function
    std::int64_t created = 0;
    StopReason stop = StopReason::stop;
    std::string stopSequence;
    Usage usage;
    ChatFault fault;
    OrderedJson tokens; // of a text: log probabilities of its tokens, as in ChatBlock
};

} // namespace gatehouse::dialects
