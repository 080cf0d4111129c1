// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <atomic>
#include <memory>

#include "audit/audit_store.h"
#include "bridge/bridge.h"
#include "discovery_ports.h"
#include "documents/extract.h"
#include "gateway/gateway.h"
#include "governance/governor.h"
#include "identity/identity.h"
#include "limits/limits.h"
#include "local_model.h"
#include "notifying_writer.h"
#include "pipeline/make_pipeline.h"
#include "pipeline/pipeline.h"
#include "policy/store.h"
#include "routing/make_router.h"
#include "secret_keys.h"
#include "tool_pins.h"
#include "upstream/upstream.h"

// The composition root: every room is built here and handed down by reference. Nothing is global.
namespace gatehouse::app {

// What outlives the services: built before them, on the thread that starts the agent. Members stand in the order in
// which they need each other, so that the last is destroyed first.
struct Foundation {
    SystemClock clock;
    std::string dataFolder;
    std::string socketPath;
    std::unique_ptr<secrets::SecretStore> secrets;
    std::unique_ptr<audit::AuditStore> audit;
    std::unique_ptr<policy::PolicyStore> policies;
    std::vector<std::string> registeredFolders; // where policy's files of registered data lie
    std::unique_ptr<Snapshot<governance::Rules>> rules;
    std::unique_ptr<NotifyingWriter> writer;
    std::unique_ptr<documents::Extractor> extractor;
    std::unique_ptr<LoopbackModel> model; // of the second opinion
    std::unique_ptr<governance::Governor> governor;
    SecureBytes conversationKey;
    std::atomic<std::uint64_t> delivered{0}; // records that the collector has, as far as it is known
};

// Opens secrets, audit, policy and engine. Blocks. conflict when another agent holds the folder.
[[nodiscard]] Result<std::unique_ptr<Foundation>> openFoundation(const AgentOptions& options, AgentObserver* observer);

// Everything that lives on gw-io: built and destroyed there.
struct Services {
    std::unique_ptr<identity::ClientTokens> tokens;
    std::unique_ptr<limits::Prices> prices;
    std::unique_ptr<identity::PeerLookup> peers;
    std::unique_ptr<upstream::Upstream> upstream;
    std::unique_ptr<SecretKeys> keys;
    std::unique_ptr<ToolPinsFile> pins;
    std::unique_ptr<limits::Gate> gate;
    std::unique_ptr<UpstreamHttp> http;
    PlatformPortOwners owners;
    std::unique_ptr<providers::DiscoveringRegistry> registry;
    std::unique_ptr<routing::Router> router;
    std::unique_ptr<pipeline::Pipeline> pipeline;
    std::unique_ptr<gateway::Gateway> gateway; // null while its port is taken
    std::unique_ptr<bridge::Bridge> bridge;    // null while its socket cannot be had
};

// All but gateway and bridge. On gw-io.
[[nodiscard]] Result<std::unique_ptr<Services>> makeServices(Foundation& foundation,
                                                             const asio::any_io_executor& executor);

} // namespace gatehouse::app
