// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <string>

#include "cms/device_key.h"
#include "database/connection.h"
#include "ledger/merkle_log.h"

// The log over all receipts in the database. Receipts wait in a table that their own transaction writes; one instance
// at a time moves them into the tree and signs a checkpoint over it, so that taking batches waits for nobody.
namespace gatehouse::collector {

struct LogKey {
    std::string origin; // the log's name, and the name of its key
    cms::DeviceKey key; // Ed25519
};

// Moves up to `most` waiting leaves into the tree and signs the checkpoint, all in one transaction. Gives how many were
// moved; 0 when none waits or another instance is at it.
[[nodiscard]] Result<std::size_t> growLog(Connection& connection, const LogKey& log, std::size_t most);

// The newest checkpoint, a signed note; nullopt while the log is empty.
[[nodiscard]] Result<std::optional<std::string>> newestCheckpoint(Connection& connection);

struct InclusionAnswer {
    std::uint64_t index = 0;
    ledger::Proof proof;
};
// nullopt when the leaf is not among the first `size`. invalidInput when the log is not that large.
[[nodiscard]] Result<std::optional<InclusionAnswer>> inclusionOf(Connection& connection, const Sha256Digest& leaf,
                                                                 std::uint64_t size);
[[nodiscard]] Result<ledger::Proof> consistencyOf(Connection& connection, std::uint64_t oldSize, std::uint64_t size);

} // namespace gatehouse::collector
