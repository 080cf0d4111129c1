// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/json.h"
#include "base/result.h"
#include "ipc/messages.h"

// What the agent is asked besides verdicts: what a page shows the person, and which page the person looks at. Format:
// docs/formats/native-message.md.
namespace gatehouse::ipc {

inline constexpr std::size_t kReadingLimit = 64; // placeholders in one question
inline constexpr std::size_t kPlaceholderLimit = 64;

// A text that a page shows: what stands behind its placeholders, and is something secret in it?
struct ReadingRequest {
    std::string host;
    std::string topHost;
    std::string text; // may be empty: only placeholders are asked about
    std::vector<std::string> placeholders;
};
[[nodiscard]] Result<ReadingRequest> parseReading(const Json& body);

// [begin, end) in UTF-16 code units of the text that was asked about.
struct Mark {
    std::size_t begin = 0;
    std::size_t end = 0;
    std::string name; // for people
};
struct ReadingReply {
    std::vector<std::pair<std::string, std::string>> values; // placeholder as it was asked about, value
    std::vector<Mark> marks;
};
std::string readingReply(std::string_view id, const ReadingReply& reply);

// A guarded page got the focus, or lost it. Meanwhile the agent says what it thinks of the clipboard.
struct Focus {
    bool isFocused = false;
    std::string host; // these are empty without focus
    std::string key;  // random, of this focus: the clipboard is only named by digests under it
};
[[nodiscard]] Result<Focus> parseFocus(const Json& body);

// A text that may only go to a model on this computer: the person wants it in the chat window.
struct ChatRequest {
    std::string host; // where it was held
    std::string text;
};
[[nodiscard]] Result<ChatRequest> parseChat(const Json& body);
std::string chatReply(std::string_view id, bool isOpened);

// HMAC-SHA-256 under the focus's key, in lower-case hex, of the clipboard's forms as they are in UTF-8; empty where it
// has no such form.
struct ClipNotice {
    std::string key;
    std::string text;
    std::string html;
    bool isAllowed = false; // it may be pasted there as it is
};
std::string clipPush(const ClipNotice& notice);

} // namespace gatehouse::ipc
