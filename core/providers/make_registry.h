// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <memory>
#include <string>

#include "base/async.h"
#include "base/result.h"
#include "policy/policy.h"
#include "providers/registry.h"

namespace gatehouse::providers {

// How discovery reads model lists. app/wiring implements it over upstream. gw-io thread.
class HttpPort {
public:
    virtual ~HttpPort() = default;
    // The body of a 200 answer to GET, at most 1 MiB, within two seconds; an error otherwise.
    [[nodiscard]] virtual Task<Result<std::string>> get(std::string url) = 0;
};

// Who serves a loopback port. app/wiring implements it over platform.
class PortOwners {
public:
    virtual ~PortOwners() = default;
    // The absolute path of the program that listens there; empty when the system does not tell.
    [[nodiscard]] virtual std::string executableOn(std::uint16_t port) = 0;
};

// Where known model servers listen by default; tests set others. 0 leaves one out.
struct DiscoveryPorts {
    std::uint16_t ollama = 11434;
    std::uint16_t lmStudio = 1234;
    std::uint16_t llamaServer = 8080;
};

// The registry with its background side: model lists are what the last refresh found.
class DiscoveringRegistry : public Registry {
public:
    // Asks the discovered servers, and the declared ones on loopback that need no key, for their models. A server that
    // does not answer is gone. Run it at start, then every half minute; rounds must not overlap.
    [[nodiscard]] virtual Task<> refresh(std::shared_ptr<const policy::PolicySet> policies) = 0;
};

// `http` and `owners` must outlive the registry.
std::unique_ptr<DiscoveringRegistry> makeRegistry(HttpPort& http, PortOwners& owners, DiscoveryPorts ports = {});

} // namespace gatehouse::providers
