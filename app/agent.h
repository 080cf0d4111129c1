// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "base/result.h"
#include "base/secure_bytes.h"
#include "bridge/clipboard_port.h"
#include "types/record.h"

// The agent: everything that runs in a person's session except windows. `gatehouse` (tray) and `gatehousectl serve`
// start the same one. It owns the threads gw-io (gateway, pipeline, bridge, timers), store, sync and the dlp pool; see
// docs/threads.md.
namespace gatehouse::app {

struct AgentOptions {
    std::string dataFolder;                         // empty: platform default, or GATEHOUSE_DATA
    std::optional<std::string> policyFile;          // the person's (or a test's) policy; machine policy stands above it
    std::string machinePolicyFolder;                // empty: /etc/gatehouse/policy.d
    std::optional<std::uint16_t> port;              // empty: as policy says (4141); 0: a free one
    std::string socketPath;                         // of the bridge; empty: platform default, or GATEHOUSE_SOCKET
    bool hasLogFile = true;                         // <data>/logs/gatehouse.log besides stderr
    std::function<void(std::string text)> openChat; // shows a text in the chat window; called on gw-io
    bridge::ClipboardPort* clipboard = nullptr;     // where the desktop's can be watched; outlives the agent
};

enum class AgentState { ready, policyBroken, storeLocked, storeBroken, portTaken, stopped };

// Of the audit's way to the collector.
struct SyncStatus {
    std::string state = "off";   // "not enrolled", "up to date", "waiting", "conflict", "failed"
    std::string problem;         // a sentence for people; empty when all is well
    std::uint64_t delivered = 0; // up to this record
    std::uint64_t waiting = 0;   // batches
    std::uint64_t logSize = 0;   // of the collector's log, as far as it was checked
    std::uint64_t unproven = 0;  // receipts that are not proven to be in it
};

struct AgentStatus {
    AgentState state = AgentState::stopped; // the worst that holds; `problem` says more
    std::string problem;                    // a sentence for people, with what to do next; empty when all is well
    std::uint16_t port = 0;                 // 0 while no gateway runs
    std::string baseUrl;                    // "http://127.0.0.1:4141", without /v1
    std::string policyId;
    std::uint64_t policySerial = 0;
    std::string policyProblem; // why another policy than the wanted one holds; empty otherwise
    bool isMonitorMode = false;
    std::string keyProtection; // "keyring", "file"
    bool isBridgeUp = false;
    std::string socketPath;
    std::string dataFolder;
    SyncStatus sync;
};

// Called on the agent's threads: hand over and return at once. Must outlive the agent.
class AgentObserver {
public:
    virtual ~AgentObserver() = default;
    virtual void statusChanged(const AgentStatus& status) = 0;
    // An outcome was recorded (without texts).
    virtual void recorded(const AuditRecord& record) = 0;
};

class Agent {
public:
    // Opens the store, loads policy, starts gateway and bridge. A taken port or a locked store is not an error: the
    // agent runs on without what cannot work and status() says so. conflict: another agent holds the same data folder.
    [[nodiscard]] static Result<std::unique_ptr<Agent>> start(AgentOptions options, AgentObserver* observer);

    // Stops as stop() does.
    virtual ~Agent() = default;
    // Thread-safe, never blocks for long.
    [[nodiscard]] virtual AgentStatus status() const = 0;
    // The chat window's client token ("gatehouse-chat"): made anew at each start.
    [[nodiscard]] virtual SecureBytes chatToken() const = 0;
    // Issues a client token under a name; for `serve --print-client-token`.
    [[nodiscard]] virtual Result<SecureBytes> issueToken(const std::string& name) = 0;
    // The person's yes (and reason) to a refused interaction; `done` is called on gw-io.
    virtual void grantApproval(std::string interaction, std::string justification,
                               std::function<void(Result<>)> done) = 0;
    // The newest outcomes, without texts; reads the database on the calling thread: not for the GUI thread.
    [[nodiscard]] virtual Result<std::vector<AuditRecord>> recent(std::size_t limit) = 0;
    // Stops accepting, drains for some seconds, flushes the audit, joins all threads. Idempotent; blocks.
    virtual void stop() = 0;
};

} // namespace gatehouse::app
