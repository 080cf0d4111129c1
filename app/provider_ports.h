// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <chrono>
#include <functional>
#include <memory>

#include "policy/policy.h"
#include "providers/make_registry.h"
#include "upstream/upstream.h"

// What providers' discovery asks of other rooms, and its loop.
namespace gatehouse::app {

// GET over upstream, with discovery's small limits.
class UpstreamHttp final : public providers::HttpPort {
public:
    explicit UpstreamHttp(upstream::Upstream& upstream) : m_upstream(upstream) {}
    [[nodiscard]] Task<Result<std::string>> get(std::string url) override;

private:
    upstream::Upstream& m_upstream;
};

// The owners of listening sockets, as the platform finds them.
class PlatformPortOwners final : public providers::PortOwners {
public:
    [[nodiscard]] std::string executableOn(std::uint16_t port) override;
};

// Refreshes the registry at once and then every `pause`, until it is cancelled. `policies` gives what holds at that
// moment.
Task<> keepModelsFresh(providers::DiscoveringRegistry& registry,
                       std::function<std::shared_ptr<const policy::PolicySet>()> policies, std::chrono::seconds pause);

} // namespace gatehouse::app
