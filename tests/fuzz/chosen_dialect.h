// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <cstdlib>
#include <string_view>

#include "dialects/dialect.h"

// The first byte of an input chooses the dialect, so that one corpus serves all.
namespace gatehouse::fuzz {

inline const dialects::Dialect& chosenDialect(unsigned char byte) {
    constexpr std::array<std::string_view, 13> kNames{
        "openai.chat",       "anthropic.messages",     "ollama.chat",        "gemini.generate",   "openai.responses",
        "ollama.generate",   "anthropic.count_tokens", "openai.completions", "openai.embeddings", "ollama.embed",
        "ollama.embeddings", "gemini.count",           "gemini.embed"};
    const dialects::Dialect* const found = dialects::findDialect(kNames.at(byte % kNames.size()));
    if (found == nullptr) {
        std::abort();
    }
    return *found;
}

inline void require(bool holds) {
    if (!holds) {
        std::abort();
    }
}

} // namespace gatehouse::fuzz
