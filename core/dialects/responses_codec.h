// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "dialects/chat_codec.h"

// openai.responses to and from the canonical model (platform.openai.com/docs/api-reference/responses).
namespace gatehouse::dialects {

const ChatCodec& responsesCodec();

// Its parts, one file each.
[[nodiscard]] Result<ChatRequest> decodeResponses(std::string_view body);
[[nodiscard]] Result<std::string> encodeResponses(ChatRequest& request);
std::unique_ptr<AnswerEncoder> makeResponsesEncoder(AnswerContext context);

// Usage in this interface's words.
Usage responsesUsage(const OrderedJson& usage);
OrderedJson responsesUsageJson(const Usage& usage);
// The object that answers are, with `output` as it is by now.
OrderedJson responseObject(const AnswerContext& context, std::string_view status, OrderedJson output);
// Says in `response` how it ended: completed, or incomplete and why.
void setResponseEnd(OrderedJson& response, StopReason stop, const std::optional<Usage>& usage);
// One item of the output. `id` is its own.
OrderedJson responseItem(const ChatBlock& block, const std::string& id, std::string_view status);

} // namespace gatehouse::dialects
