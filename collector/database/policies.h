// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <string>

#include "base/clock.h"
#include "base/crypto.h"
#include "database/connection.h"

// The policy that devices get: signed bundles, newest last. The collector distributes, it does not sign.
namespace gatehouse::collector {

struct PublishedPolicy {
    std::string id;
    std::int64_t serial = 0;
    std::string signer;
    Sha256Digest hash{};
};

// Publishes a bundle that is signed by whom `signersPem` names, compiles, and has a higher serial than every one before
// of the same id. denied, invalidInput or conflict otherwise, with a sentence for the operator.
[[nodiscard]] Result<PublishedPolicy> publishPolicy(Connection& connection, std::string_view bundle,
                                                    const std::string& signersPem, WallTime now);

// nullopt while none was published.
[[nodiscard]] Result<std::optional<Sha256Digest>> newestPolicyHash(Connection& connection);
struct DistributedPolicy {
    Sha256Digest hash{};
    Bytes bundle;
};
[[nodiscard]] Result<std::optional<DistributedPolicy>> newestPolicy(Connection& connection);

} // namespace gatehouse::collector
