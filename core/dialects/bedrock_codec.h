// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "dialects/chat_codec.h"

// bedrock.converse from and to the canonical model (docs.aws.amazon.com/bedrock, Converse and ConverseStream). Nobody
// speaks it to Gatehouse: it is only sent.
namespace gatehouse::dialects {

const ChatCodec& bedrockCodec();
[[nodiscard]] Result<std::string> encodeBedrock(ChatRequest& request);

} // namespace gatehouse::dialects
