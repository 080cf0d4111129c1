// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <cstdlib>

#include "dialects/dialect.h"

// The first byte of an input chooses the dialect, so that one corpus serves all.
namespace gatehouse::fuzz {

inline const dialects::Dialect& chosenDialect(unsigned char byte) {
    using namespace dialects; // in an order that the corpora depend on: new ones stand last
    static const std::array<const Dialect*, 20> kDialects{
        &openAiChat(),       &anthropicMessages(),    &ollamaChat(),           &geminiGenerate(),
        &openAiResponses(),  &ollamaGenerate(),       &anthropicCountTokens(), &openAiCompletions(),
        &openAiEmbeddings(), &ollamaEmbed(),          &ollamaEmbeddings(),     &geminiCountTokens(),
        &geminiEmbed(),      &openAiImages(),         &openAiImageEdits(),     &openAiImageVariations(),
        &openAiSpeech(),     &openAiTranscriptions(), &openAiTranslations(),   &mcp()};
    return *kDialects.at(byte % kDialects.size());
}

// Chats that providers speak: the first of those that clients speak too, and Bedrock's.
inline constexpr unsigned char kSpokenToClients = 5;
inline constexpr unsigned char kSpokenByProviders = 6;
inline const dialects::Dialect& chosenProvider(unsigned char byte) {
    return byte % kSpokenByProviders == kSpokenToClients ? dialects::bedrockConverse()
                                                         : chosenDialect(byte % kSpokenByProviders);
}

inline void require(bool holds) {
    if (!holds) {
        std::abort();
    }
}

} // namespace gatehouse::fuzz
