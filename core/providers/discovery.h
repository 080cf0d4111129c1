// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "providers/make_registry.h"
#include "providers/model_list.h"

namespace gatehouse::providers {

// A model server that answered on a well-known loopback port.
struct FoundServer {
    std::string kind;            // "ollama", "lmstudio", "llama-server"; its id, too
    std::string baseUrl;         // with /v1
    bool isKnownProgram = false; // the socket's owner is a program that serves models of this kind
    std::vector<ListedModel> models;
};

// True when the program at this path is known to serve models of that kind. A name is evidence, not proof: it keeps
// tunnels and other gateways from passing as local by accident.
bool isModelServer(std::string_view kind, std::string_view executable);

// One round over all ports.
[[nodiscard]] Task<std::vector<FoundServer>> discover(HttpPort& http, PortOwners& owners, DiscoveryPorts ports);

} // namespace gatehouse::providers
