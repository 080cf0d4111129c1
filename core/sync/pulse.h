// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <string>

#include "audit/chain_reader.h"
#include "base/crypto.h"
#include "sync/collector_link.h"
#include "sync/device.h"

namespace gatehouse::sync {

// What a heartbeat says besides the chain's head.
struct PulseFacts {
    std::string version;
    std::string keyProtection;
    std::string state;
    std::uint64_t policySerial = 0;
    std::uint64_t waiting = 0;
    std::int64_t nowMs = 0;
};

// The policy that the collector distributes, as the agent holds it.
struct PolicyHolder {
    // SHA-256 in hex of the bundle that is held; empty: none.
    std::function<std::string()> held;
    // Verifies and keeps a bundle; denied or invalidInput with a sentence when it does not count.
    std::function<Result<>(std::string_view bundle)> take;
};

// Tells the collector that the device lives and how far its chain is, and fetches the policy when the collector says
// that there is another one. One thread; blocks for disk and network.
class Pulse final {
public:
    explicit Pulse(PolicyHolder holder) : m_holder(std::move(holder)) {}

    // notFound while the chain has no record. Errors of the network as the link gives them; unavailable when the
    // collector cannot take it now, denied when it does not accept the device, invalidInput when not the heartbeat.
    [[nodiscard]] Result<> beat(CollectorLink& link, const Device& device, audit::ChainReader& chain,
                                const PulseFacts& facts);
    // Why the policy that the collector offers does not hold; empty when nothing is wrong.
    [[nodiscard]] const std::string& policyProblem() const { return m_policyProblem; }

private:
    [[nodiscard]] Result<> followPolicy(CollectorLink& link, const std::string& offered);

    PolicyHolder m_holder;
    std::string m_refused; // hash of a bundle that did not count: it is not fetched again
    std::string m_policyProblem;
};

} // namespace gatehouse::sync
