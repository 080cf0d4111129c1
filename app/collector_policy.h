// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <string_view>

#include "base/clock.h"
#include "base/result.h"

// The policy that the collector distributes: a signed bundle in <data>/policy/collector.p7, which the policy store
// loads beside the machine's own (core/policy/load.cpp).
namespace gatehouse::app {

// SHA-256 in hex of the bundle that is kept; empty: none.
std::string heldCollectorPolicy(const std::string& dataFolder);

// Keeps a bundle when it is signed by whom the machine folder's signers.pem names, compiles, and its serial does not go
// back; otherwise the one before stays. Errors are sentences for people.
[[nodiscard]] Result<> takeCollectorPolicy(const std::string& dataFolder, const std::string& machineFolder,
                                           std::string_view bundle, WallTime now);

} // namespace gatehouse::app
