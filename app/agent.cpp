// SPDX-License-Identifier: Apache-2.0
#include "agent.h"

#include <atomic>
#include <mutex>

#include <fmt/format.h>

#include "background.h"
#include "base/log.h"
#include "collector_policy.h"
#include "io_thread.h"
#include "platform/process.h"
#include "services.h"
#include "status_file.h"
#include "sync_settings.h"
#include "upkeep.h"

namespace gatehouse::app {
namespace {

constexpr std::chrono::seconds kDrain{5};
constexpr const char* kVersion = GATEHOUSE_VERSION;

class LiveAgent final : public Agent, private Background::Owner {
public:
    LiveAgent(AgentOptions options, AgentObserver* observer, std::unique_ptr<Foundation> foundation)
        : m_options(std::move(options))
        , m_observer(observer)
        , m_foundation(std::move(foundation)) {}

    ~LiveAgent() override { stop(); }

    Result<> start() {
        Result<> result;
        m_io.run([this, &result] { result = startOnIo(); });
        if (result) {
            publish();
            startUploader();
        }
        return result;
    }

    [[nodiscard]] AgentStatus status() const override {
        const std::scoped_lock lock(m_mutex);
        return m_status;
    }

    [[nodiscard]] SecureBytes chatToken() const override {
        const std::scoped_lock lock(m_mutex);
        return m_chatToken;
    }

    Result<SecureBytes> issueToken(const std::string& name) override {
        Result<SecureBytes> token = fail(ErrorKind::unavailable, "the agent is stopping");
        if (!m_isStopped) {
            m_io.run([this, &name, &token] { token = freshToken(name); });
        }
        return token;
    }

    void grantApproval(std::string interaction, std::string justification,
                       std::function<void(Result<>)> done) override {
        m_io.post(
            [this, interaction = std::move(interaction), justification = std::move(justification),
             done = std::move(done)] { done(m_foundation->governor->approvals().grant(interaction, justification)); });
    }

    Result<std::vector<AuditRecord>> recent(std::size_t limit) override {
        return m_foundation->audit->reader().list({.limit = limit});
    }

    void stop() override {
        if (m_isStopped.exchange(true)) {
            return;
        }
        m_background.stop();
        m_uploader.reset();
        m_upkeep.reset();
        m_foundation->model->stop(); // while those who asked can still hear that there is no answer
        m_io.runTask([this] { return drain(); });
        m_io.run([this] { m_services.reset(); });
        m_io.stop();
        m_foundation->audit->writer().flush();
        removeStatusFile(m_foundation->dataFolder);
        {
            const std::scoped_lock lock(m_mutex);
            m_status.state = AgentState::stopped;
            m_status.port = 0;
        }
        logInfo("agent", "stopped");
    }

private:
    // On gw-io.
    Result<> startOnIo() {
        GH_TRY(m_services, makeServices(*m_foundation, m_io.executor()));
        GH_TRY(m_chatToken, freshToken("gatehouse-chat"));
        startGateway();
        startBridge();
        m_background.start(*m_foundation, *m_services, m_io.executor(), *this);
        return {};
    }

    void startUploader() {
        m_upkeep = std::make_unique<Upkeep>(*m_foundation);
        m_uploader =
            sync::Uploader::start({.dataFolder = m_foundation->dataFolder,
                                   .version = kVersion,
                                   .policyHolder = policyHolder(),
                                   .secrets = *m_foundation->secrets,
                                   .clock = m_foundation->clock,
                                   .settings = [this] { return uploadSettings(*m_foundation->rules->get()->policy); },
                                   .report =
                                       [this](const sync::DeliveryReport& report) {
                                           m_foundation->delivered = report.delivered;
                                           const SyncStatus status{std::string(sync::syncStateWord(report.state)),
                                                                   report.problem,
                                                                   report.delivered,
                                                                   report.waiting,
                                                                   report.logSize,
                                                                   report.unproven};
                                           m_io.post([this, status] {
                                               m_sync = status;
                                               publish();
                                           });
                                       }});
    }

    // Called on the thread "sync".
    [[nodiscard]] sync::PolicyHolder policyHolder() const {
        const std::string data = m_foundation->dataFolder;
        const std::string machine = m_options.machinePolicyFolder.empty() ? policy::StoreOptions{}.machineFolder
                                                                          : m_options.machinePolicyFolder;
        return {.held = [data] { return heldCollectorPolicy(data); },
                .take =
                    [this, data, machine](std::string_view bundle) {
                        return takeCollectorPolicy(data, machine, bundle, m_foundation->clock.wall());
                    }};
    }

    // A token under a name that had one before replaces it. On gw-io.
    Result<SecureBytes> freshToken(const std::string& name) {
        if (const auto revoked = m_services->tokens->revoke(name);
            !revoked && revoked.error().kind != ErrorKind::notFound) {
            return std::unexpected(revoked.error());
        }
        return m_services->tokens->issue(name, std::nullopt);
    }

    void startGateway() {
        const auto& policy = m_foundation->rules->get()->policy->primary();
        gateway::GatewayOptions options;
        options.port = m_options.port.value_or(policy.port());
        options.limits.connections = policy.limits().connections;
        options.limits.connectionsPerClient = policy.limits().connectionsPerClient;
        auto started = gateway::Gateway::start(options, *m_services->pipeline, m_io.executor());
        m_gatewayProblem = started ? std::string() : started.error().what;
        if (started) {
            m_services->gateway = std::move(*started);
            logInfo("agent", "the gateway listens on 127.0.0.1:{}", m_services->gateway->port());
        } else {
            logError("agent", "no gateway: {}", m_gatewayProblem);
        }
    }

    void startBridge() {
        auto started = bridge::Bridge::start({.socketPath = m_foundation->socketPath,
                                              .person = identity::currentPerson(),
                                              .agentVersion = kVersion,
                                              .openChat = m_options.openChat,
                                              .clipboard = m_options.clipboard},
                                             *m_foundation->governor, m_foundation->clock, m_io.executor());
        m_bridgeProblem = started ? std::string() : started.error().what;
        if (started) {
            m_services->bridge = std::move(*started);
        } else {
            logError("agent", "no bridge for browsers: {}", m_bridgeProblem);
        }
    }

    // Background::Owner, on gw-io.
    void retryGateway() override {
        if (!m_services->gateway) {
            startGateway();
        }
    }
    void rulesChanged() override {
        if (m_services->bridge) {
            m_services->bridge->policyChanged();
        }
    }
    void changed() override { publish(); }

    Task<> drain() {
        if (m_services && m_services->bridge) {
            m_services->bridge->stop();
        }
        if (m_services && m_services->gateway) {
            co_await m_services->gateway->drain(kDrain);
        }
    }

    // What status() tells from now on; tells the observer and the status file when it differs.
    void publish() {
        AgentStatus fresh = currentStatus();
        {
            const std::scoped_lock lock(m_mutex);
            if (m_isPublished && statusJson(fresh) == statusJson(m_status)) {
                return;
            }
            m_isPublished = true;
            m_status = fresh;
        }
        if (const auto written = writeStatusFile(fresh); !written) {
            logWarning("agent", "the status file cannot be written: {}", written.error().what);
        }
        if (m_observer != nullptr) {
            m_observer->statusChanged(fresh);
        }
    }

    [[nodiscard]] AgentStatus currentStatus() const {
        const auto rules = m_foundation->rules->get();
        AgentStatus status;
        status.dataFolder = m_foundation->dataFolder;
        status.socketPath = m_foundation->socketPath;
        status.isBridgeUp = m_services->bridge != nullptr;
        status.keyProtection = secrets::keyProtectionWord(m_foundation->audit->keyProtection());
        status.policyId = rules->policy->primary().id();
        status.policySerial = rules->policy->primary().serial();
        status.policyProblem = rules->policy->problem();
        status.sync = m_sync;
        status.isMonitorMode = rules->policy->primary().isMonitor();
        if (m_services->gateway) {
            status.port = m_services->gateway->port();
            status.baseUrl = fmt::format("http://127.0.0.1:{}", status.port);
        }
        judge(status, *rules->policy);
        return status;
    }

    // The worst that holds comes first: a locked store stops everything, a taken port only the gateway.
    void judge(AgentStatus& status, const policy::PolicySet& policies) const {
        const audit::StoreState store = m_foundation->audit->state();
        if (store != audit::StoreState::ready) {
            status.state = store == audit::StoreState::locked ? AgentState::storeLocked : AgentState::storeBroken;
            status.problem = m_foundation->audit->problem();
        } else if (!m_gatewayProblem.empty()) {
            status.state = AgentState::portTaken;
            status.problem = m_gatewayProblem;
        } else if (!policies.problem().empty()) {
            status.state = AgentState::policyBroken;
            status.problem = policies.problem();
        } else {
            status.state = AgentState::ready;
            status.problem = m_bridgeProblem;
        }
    }

    AgentOptions m_options;
    AgentObserver* m_observer;
    std::unique_ptr<Foundation> m_foundation;
    std::unique_ptr<Services> m_services; // gw-io only
    Background m_background;
    std::string m_gatewayProblem; // gw-io, and the starting thread before it
    std::string m_bridgeProblem;
    SyncStatus m_sync; // gw-io
    std::atomic<bool> m_isStopped{false};

    mutable std::mutex m_mutex; // of what follows
    AgentStatus m_status;
    SecureBytes m_chatToken;
    bool m_isPublished = false;

    std::unique_ptr<sync::Uploader> m_uploader;
    std::unique_ptr<Upkeep> m_upkeep;
    IoThread m_io; // last: its thread ends before anything that it uses goes
};

} // namespace

Result<std::unique_ptr<Agent>> Agent::start(AgentOptions options, AgentObserver* observer) {
    for (const std::string& measure : platform::hardenProcess()) {
        logInfo("agent", "hardening: {}", measure);
    }
    auto foundation = openFoundation(options, observer);
    if (!foundation && foundation.error().kind == ErrorKind::conflict) {
        const auto running = findRunningAgent(options.dataFolder);
        return fail(ErrorKind::conflict,
                    running
                        ? fmt::format("another agent (pid {}) runs on this data folder; gatehousectl status shows it",
                                      running->pid)
                        : foundation.error().what);
    }
    if (!foundation) {
        return std::unexpected(foundation.error());
    }
    auto agent = std::make_unique<LiveAgent>(std::move(options), observer, std::move(*foundation));
    GH_CHECK(agent->start());
    return std::unique_ptr<Agent>(std::move(agent));
}

} // namespace gatehouse::app
