// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/json.h"
#include "base/result.h"
#include "types/action.h"
#include "types/finding.h"

// The words of the bridge: what the extension may ask, and what it is told. Parsing is strict (caps, types, closed
// words) because these bytes come from a browser; a message that is refused is named by its fault and never quoted.
// Format: docs/formats/native-message.md.
namespace gatehouse::ipc {

inline constexpr int kProtocolVersion = 1;
// The most bytes of UTF-8 that one text of a verdict holds; leaves room for JSON's escapes in most frames.
inline constexpr std::size_t kTextLimit = 768UL * 1024UL;
inline constexpr std::size_t kJustificationLimit = 2000;
// The most bytes of a file in one message: base64 makes 683 KiB of them.
inline constexpr std::size_t kChunkLimit = 512UL * 1024UL;

// One message with what all have in common.
struct Message {
    std::string type;
    std::string id; // correlates an answer with its question; empty where none is asked for
    Json body;
};
// invalidInput or limit. A wrong protocol version is invalidInput too.
[[nodiscard]] Result<Message> parseMessage(std::string_view document);
// The id of a message that may be wrong in every other way; empty when there is none.
std::string idOf(std::string_view document);

// native host → agent, first on each connection: which extension the browser named when it started the host.
struct Attach {
    std::string origin;
    std::string hostVersion;
};
[[nodiscard]] Result<Attach> parseAttach(const Json& body);
std::string attachMessage(const Attach& attach);

// extension → agent, first of its own.
struct Hello {
    std::string extensionVersion;
    std::string browser; // "chromium", "firefox"
    std::string browserVersion;
    std::string profile; // random id of the browser profile
    bool isIncognito = false;
};
[[nodiscard]] Result<Hello> parseHello(const Json& body);

// May this text enter this page, or leave it?
struct VerdictRequest {
    Channel channel = Channel::paste; // paste, drop, submit (typed, about to be sent) or network (in a request)
    std::string host;                 // of the frame's origin, as the browser told it; lower-case
    std::string topHost;              // of the tab's page; empty when unknown
    std::string text;
    std::optional<std::string> html; // the same content as HTML, where the clipboard had it
};
[[nodiscard]] Result<VerdictRequest> parseVerdict(const Json& body);

// A file that a page is about to get. Its bytes follow in chunks, each acknowledged, then its end is asked about.
struct FileBegin {
    std::string file; // the extension's name for this transfer
    std::string host;
    std::string topHost;
    std::string name; // as the person's folder has it
    std::string mime;
    std::uint64_t size = 0;
};
[[nodiscard]] Result<FileBegin> parseFileBegin(const Json& body);
struct FileChunk {
    std::string file;
    std::uint64_t sequence = 0;
    std::string bytes; // at most kChunkLimit
};
[[nodiscard]] Result<FileChunk> parseFileChunk(const Json& body);
// `file_end` and `file_cancel`: the name of the transfer.
[[nodiscard]] Result<std::string> parseFileName(const Json& body);
// `isEnough`: what follows of this file would change nothing, so that its end may come at once.
std::string fileReply(std::string_view id, bool isEnough);

// The person's answer to `warn` or `justify`.
struct AnswerRequest {
    std::string interaction;
    bool isProceeding = false;
    std::string justification;
    bool isRedacting = false; // with placeholders for all that was found: needs no reason
};
[[nodiscard]] Result<AnswerRequest> parseAnswer(const Json& body);

// Something that happened in the browser, without content.
struct EventReport {
    std::string what; // closed set: eventWords in messages.cpp
    std::string host;
    std::string interaction;
    std::uint32_t count = 1;
};
[[nodiscard]] Result<EventReport> parseEvent(const Json& body);

// The part of policy that the extension needs without the agent.
struct PolicyNotice {
    struct Site {
        std::vector<std::string> hosts;
        bool isGuarded = true;
        std::string name;
        // What is empty is not told.
        std::string composer;
        std::string send;
        std::vector<std::string> prompts;
        std::vector<std::string> quiet;
        std::vector<std::string> helpers;
        std::vector<std::string> paths;
    };
    std::string revision;
    bool isFailClosed = true;
    std::string answers = "leave"; // words of policy's section "browser"
    std::string unlisted = "ignore";
    std::vector<std::string> aiHosts;
    bool hasFastPath = false;
    std::uint64_t patience = 3000; // milliseconds that a verdict may take
    std::vector<Site> sites;
};
std::string helloReply(std::string_view id, std::string_view agentVersion, const PolicyNotice& policy);
std::string policyPush(const PolicyNotice& policy);

// Replaces [begin, end), in UTF-16 code units of the text that was asked about.
struct Span {
    std::size_t begin = 0;
    std::size_t end = 0;
    std::string text;
};

struct VerdictReply {
    struct Found {
        std::string detector;
        std::string name; // for people: "Payment card number"
        std::string findingClass;
        std::size_t count = 0;
    };
    Action action = Action::block;
    std::string reason; // refusal word of types/refusal.h; empty when the text may go
    std::string interaction;
    std::string rule;
    std::string message; // words for people; never a value
    std::vector<Found> findings;
    std::vector<Span> spans; // for redact
    bool keepsHtml = false;  // the HTML form may be inserted as well
};
std::string verdictReply(std::string_view id, const VerdictReply& reply);

// Why a message was not answered as asked; the words are for programs, the sentence for the log.
std::string errorReply(std::string_view id, std::string_view word, std::string_view sentence);
std::string pongReply(std::string_view id);
// native host → extension: the agent cannot be reached. Sent when it goes, and as the answer to each question
// meanwhile.
std::string agentDownNotice();

// Host of an https origin ("https://chatgpt.com" → "chatgpt.com"); invalidInput for other schemes and odd bytes.
[[nodiscard]] Result<std::string> hostOfOrigin(std::string_view origin);

} // namespace gatehouse::ipc
