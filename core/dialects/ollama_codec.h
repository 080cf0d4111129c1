// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "dialects/chat_codec.h"

// Ollama's own API to and from the canonical model (github.com/ollama/ollama, docs/api.md).
namespace gatehouse::dialects {

// `isGenerate`: /api/generate (one prompt), else /api/chat.
const ChatCodec& ollamaCodec(bool isGenerate);

// Its parts, one file each.
[[nodiscard]] Result<ChatRequest> decodeOllamaChat(std::string_view body);
[[nodiscard]] Result<ChatRequest> decodeOllamaGenerate(std::string_view body);
[[nodiscard]] Result<std::string> encodeOllamaChat(ChatRequest& request);

std::string_view ollamaStopWord(StopReason reason);
Usage ollamaUsage(const OrderedJson& answer);

} // namespace gatehouse::dialects
