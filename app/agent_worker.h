// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <QObject>
#include <memory>

#include "ui_adapters.h"

namespace gatehouse::app {

// Owns the agent on the thread agent-desk. Its slots run there; the observer's calls come from the agent's threads and
// leave as signals at once.
class AgentWorker final : public QObject, public AgentObserver {
    Q_OBJECT
public:
    AgentWorker(AgentOptions options, AgentAdapter::Starter starter);
    ~AgentWorker() override;

    void start();
    void grantApproval(const QString& interaction, const QString& justification);
    void loadRecent(int limit);
    void stop();

    void statusChanged(const AgentStatus& status) override;
    void recorded(const AuditRecord& record) override;

signals:
    void viewArrived(const gatehouse::ui::AgentView& view);
    void tokenArrived(const gatehouse::SecureBytes& token);
    void rowArrived(const gatehouse::ui::DecisionRow& row);
    void recentLoaded(const std::vector<gatehouse::ui::DecisionRow>& rows);
    void recentFailed();
    void approvalAnswered(const QString& interaction, bool isGranted);
    void stopped();

private:
    AgentOptions m_options;
    AgentAdapter::Starter m_starter;
    std::unique_ptr<Agent> m_agent;
};

} // namespace gatehouse::app
