// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "dialects/chat_codec.h"

// gemini.generate to and from the canonical model (ai.google.dev/api/generate-content).
namespace gatehouse::dialects {

const ChatCodec& geminiCodec();

// Its parts, one file each.
[[nodiscard]] Result<ChatRequest> decodeGemini(std::string_view body, const Asked& asked);
[[nodiscard]] Result<std::string> encodeGemini(ChatRequest& request);

// Both spellings are taken in requests: "systemInstruction" and "system_instruction".
const OrderedJson& eitherOf(const OrderedJson& value, std::string_view camel, std::string_view snake);
// The word that Google has for an HTTP status.
std::string_view geminiStatus(int status);
std::string geminiError(int status, std::string_view message);
Usage geminiUsage(const OrderedJson& metadata);
// One element of a stream.
std::string geminiFrame(std::string_view data, StreamPlace place);

} // namespace gatehouse::dialects
