// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <QThread>
#include <functional>
#include <memory>

#include "agent.h"
#include "ports/agent_port.h"

namespace gatehouse::app {

class AgentWorker;

// The windows' port on the real agent. The agent is started, asked for records and stopped on a thread of its own
// ("agent-desk"), because all three may take a while; the agent's own threads report by queued signals. The GUI thread
// never waits for any of them, except for the join after its event loop has ended.
class AgentAdapter final : public ui::AgentPort {
    Q_OBJECT
public:
    using Starter = std::function<Result<std::unique_ptr<Agent>>(AgentOptions, AgentObserver*)>;

    AgentAdapter(AgentOptions options, Starter starter, QObject* parent = nullptr);
    // Stops the agent if it still runs; blocks until its threads have joined.
    ~AgentAdapter() override;

    // Starts the agent; view() says "starting" until it has answered.
    void start();

    [[nodiscard]] ui::AgentView view() const override { return m_view; }
    [[nodiscard]] SecureBytes chatToken() const override { return m_token; }
    void grantApproval(const QString& interaction, const QString& justification) override;
    void requestRecent(int limit) override;
    void requestStop() override;

signals:
    // To the worker's thread.
    void startWanted();
    void approvalWanted(const QString& interaction, const QString& justification);
    void recentWanted(int limit);
    void stopWanted();

private:
    void connectWorker();
    void take(const ui::AgentView& view);
    void takeToken(const SecureBytes& token);

    QThread m_thread;
    AgentWorker* m_worker; // lives on m_thread and is deleted there
    ui::AgentView m_view;
    SecureBytes m_token;
};

// The agent's records and states as the windows show them.
ui::DecisionRow rowOf(const AuditRecord& record);
ui::AgentView viewOf(const AgentStatus& status);

} // namespace gatehouse::app
