// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>

#include "base/result.h"
#include "store/database.h"

// The search index: which values occur in which block of 256 records, from when to when a block reaches, and the words
// of sanitised texts. It is derived from records and texts, written when nobody waits, and never trusted for more than
// where to look: search.h reads the records themselves. Format: docs/formats/database.md.
namespace gatehouse::audit {

inline constexpr std::uint64_t kBlockRecords = 256;
inline std::uint64_t blockOf(std::uint64_t sequence) {
    return (sequence - 1) / kBlockRecords;
}

// How many whole blocks are in the index, from the first record on.
[[nodiscard]] Result<std::uint64_t> indexedBlocks(store::Database& database);

// Adds the next whole block in a transaction of its own. False when there is none. The writer's thread only.
[[nodiscard]] Result<bool> indexNextBlock(store::Database& database);

// Takes a text out of the index before its row is deleted; inside the caller's transaction. `indexed` is
// indexedBlocks().
[[nodiscard]] Result<> unindexText(store::Database& database, std::uint64_t sequence, std::uint64_t indexed);

} // namespace gatehouse::audit
