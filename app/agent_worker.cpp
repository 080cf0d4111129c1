// SPDX-License-Identifier: Apache-2.0
#include "agent_worker.h"

#include <algorithm>

#include "text/agent_words.h"

namespace gatehouse::app {
namespace {

QString startProblem(const Error& error) {
    return error.kind == ErrorKind::conflict ? ui::text::startConflict()
                                             : ui::text::startFailed(QString::fromStdString(error.what));
}

} // namespace

AgentWorker::AgentWorker(AgentOptions options, AgentAdapter::Starter starter)
    : m_options(std::move(options))
    , m_starter(std::move(starter)) {}

AgentWorker::~AgentWorker() {
    stop();
}

void AgentWorker::start() {
    Result<std::unique_ptr<Agent>> agent = m_starter(m_options, this);
    if (!agent) {
        ui::AgentView view;
        view.phase = ui::AgentPhase::stopped;
        view.problem = startProblem(agent.error());
        emit viewArrived(view);
        return;
    }
    m_agent = std::move(*agent);
    emit tokenArrived(m_agent->chatToken());
    emit viewArrived(viewOf(m_agent->status()));
}

void AgentWorker::grantApproval(const QString& interaction, const QString& justification) {
    if (m_agent == nullptr) {
        emit approvalAnswered(interaction, false);
        return;
    }
    m_agent->grantApproval(interaction.toStdString(), justification.toStdString(), [this, interaction](Result<> done) {
        emit approvalAnswered(interaction, done.has_value());
    });
}

void AgentWorker::loadRecent(int limit) {
    if (m_agent == nullptr) {
        emit recentFailed();
        return;
    }
    const Result<std::vector<AuditRecord>> records = m_agent->recent(static_cast<std::size_t>(std::max(0, limit)));
    if (!records) {
        emit recentFailed();
        return;
    }
    std::vector<ui::DecisionRow> rows;
    rows.reserve(records->size());
    for (const AuditRecord& record : *records) {
        if (record.kind == RecordKind::outcome) {
            rows.push_back(rowOf(record));
        }
    }
    emit recentLoaded(rows);
}

void AgentWorker::stop() {
    if (m_agent != nullptr) {
        m_agent->stop();
        m_agent.reset(); // no callback comes after this
    }
    ui::AgentView view;
    view.phase = ui::AgentPhase::stopped;
    emit viewArrived(view);
    emit stopped();
}

void AgentWorker::statusChanged(const AgentStatus& status) {
    emit viewArrived(viewOf(status));
}

void AgentWorker::recorded(const AuditRecord& record) {
    if (record.kind == RecordKind::outcome) {
        emit rowArrived(rowOf(record));
    }
}

} // namespace gatehouse::app
