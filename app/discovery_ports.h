// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "platform/port_owner.h"
#include "providers/make_registry.h"
#include "upstream/upstream.h"

namespace gatehouse::app {

// Discovery's view of HTTP, over upstream.
class UpstreamHttp final : public providers::HttpPort {
public:
    explicit UpstreamHttp(upstream::Upstream& upstream) : m_upstream(upstream) {}
    [[nodiscard]] Task<Result<std::string>> get(std::string url) override;

private:
    upstream::Upstream& m_upstream;
};

// Discovery's view of the machine, over platform.
class PlatformPortOwners final : public providers::PortOwners {
public:
    [[nodiscard]] std::string executableOn(std::uint16_t port) override;
};

// The well-known ports, or those of GATEHOUSE_DISCOVERY_PORTS ("ollama,lmstudio,llama-server", 0 leaves one out): for
// tests.
providers::DiscoveryPorts discoveryPorts();

} // namespace gatehouse::app
