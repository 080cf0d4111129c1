// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "dialects/chat_codec.h"

// openai.chat to and from the canonical model.
namespace gatehouse::dialects {

const ChatCodec& openAiChatCodec();
// openai.completions: from the client only; its provider is told a chat.
const ChatCodec& openAiCompletionsCodec();

// Its parts, one file each.
[[nodiscard]] Result<ChatRequest> decodeOpenAiChat(std::string_view body, const Asked& asked);
[[nodiscard]] Result<std::string> encodeOpenAiChat(ChatRequest& request, const Quirks& quirks);

// What OpenAI's two chat APIs have in common.
// {"name","description","parameters","strict"} of a function.
ChatTool openAiFunction(const OrderedJson& function);
OrderedJson openAiFunctionJson(const ChatTool& tool);
// A picture of an "image_url": a data URI or a remote address.
void setImageUrl(ChatBlock& block, const std::string& url);
std::string imageUrlOf(const ChatBlock& block);
std::optional<StopReason> openAiStopReason(std::string_view word);
std::string_view openAiStopWord(StopReason reason);
ChatFault openAiFault(const OrderedJson& error, int status);
OrderedJson openAiFaultJson(const ChatFault& fault);
// OpenAI refuses a strict schema that leaves something open: it goes as one that is not strict, and "strict" is noted.
void noteLooseSchemas(ChatRequest& request);
// Usage as chat completions say it.
Usage openAiUsage(const OrderedJson& usage);
OrderedJson openAiUsageJson(const Usage& usage);

} // namespace gatehouse::dialects
