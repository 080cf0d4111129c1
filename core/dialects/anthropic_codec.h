// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "dialects/chat_codec.h"

// anthropic.messages to and from the canonical model (docs.anthropic.com/en/api/messages).
namespace gatehouse::dialects {

const ChatCodec& anthropicCodec();

// Its parts, one file each.
[[nodiscard]] Result<ChatRequest> decodeAnthropic(std::string_view body, const Asked& asked);
[[nodiscard]] Result<std::string> encodeAnthropic(ChatRequest& request, const Quirks& quirks);

// The word that Anthropic has for an HTTP status.
std::string_view anthropicErrorType(int status);
std::string anthropicError(std::string_view type, std::string_view message);
std::optional<StopReason> anthropicStopReason(std::string_view word);
std::string_view anthropicStopWord(StopReason reason);
// Anthropic's input_tokens leave cached ones out; ours include them, those written to the cache too.
Usage anthropicUsage(const OrderedJson& usage);
OrderedJson anthropicUsageJson(const Usage& usage);
// One event as a frame: the event's name is the data's type.
std::string anthropicFrame(const OrderedJson& data);

} // namespace gatehouse::dialects
