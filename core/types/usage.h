// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <optional>

namespace gatehouse {

// Tokens of one call, in OpenAI's sense: input includes cached tokens, output includes reasoning tokens.
struct Usage {
    std::uint64_t inputTokens = 0;
    std::uint64_t outputTokens = 0;
    std::uint64_t cachedTokens = 0; // of the input, read from a cache
    std::uint64_t reasoningTokens = 0;
    bool isEstimated = false;
    std::uint64_t cacheWriteTokens = 0; // of the input, written into a cache; for the cost alone, not recorded
};

// Money in US dollars; absent when unknown, which is not the same as zero.
using Cost = std::optional<double>;

} // namespace gatehouse
