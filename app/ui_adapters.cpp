// SPDX-License-Identifier: Apache-2.0
#include "ui_adapters.h"

#include <array>

#include "agent_worker.h"

namespace gatehouse::app {
namespace {

// In the order of AgentState.
constexpr std::array<ui::AgentPhase, 6> kPhases{ui::AgentPhase::ready,       ui::AgentPhase::policyBroken,
                                                ui::AgentPhase::storeLocked, ui::AgentPhase::storeBroken,
                                                ui::AgentPhase::portTaken,   ui::AgentPhase::stopped};

QString text(const std::string& utf8) {
    return QString::fromStdString(utf8);
}

} // namespace

ui::AgentView viewOf(const AgentStatus& status) {
    ui::AgentView view;
    view.phase = kPhases.at(static_cast<std::size_t>(status.state));
    view.problem = text(status.problem);
    view.baseUrl = QUrl(text(status.baseUrl));
    view.policyId = text(status.policyId);
    view.policySerial = status.policySerial;
    view.isMonitorMode = status.isMonitorMode;
    view.keyProtection = text(status.keyProtection);
    view.isBridgeUp = status.isBridgeUp;
    view.dataFolder = text(status.dataFolder);
    return view;
}

ui::DecisionRow rowOf(const AuditRecord& record) {
    ui::DecisionRow row;
    row.sequence = record.sequence;
    row.time = QDateTime::fromMSecsSinceEpoch(record.timeMs);
    row.interaction = text(record.interaction);
    row.channel = record.channel;
    row.direction = record.direction;
    row.client = text(record.client);
    row.program = text(record.process.executable);
    row.site = text(record.site);
    row.provider = text(record.destination.provider);
    row.model = text(record.destination.model);
    row.action = record.action;
    row.rule = text(record.rule);
    row.outcome = text(record.outcome);
    row.reason = text(record.reason);
    row.policyId = text(record.policyId);
    row.policySerial = record.policySerial;
    for (const FindingSummary& finding : record.findings) {
        row.findings.push_back({text(finding.detector), finding.findingClass, finding.count});
    }
    row.inputTokens = record.usage.inputTokens;
    row.outputTokens = record.usage.outputTokens;
    row.costUsd = record.costUsd;
    row.latencyMicros = record.latencyMicros;
    return row;
}

AgentAdapter::AgentAdapter(AgentOptions options, Starter starter, QObject* parent)
    : ui::AgentPort(parent)
    , m_worker(new AgentWorker(std::move(options), std::move(starter))) {
    m_thread.setObjectName(QStringLiteral("agent-desk"));
    m_worker->moveToThread(&m_thread);
    connect(&m_thread, &QThread::finished, m_worker, &QObject::deleteLater);
    connectWorker();
    m_thread.start();
}

AgentAdapter::~AgentAdapter() {
    m_worker->disconnect(this);
    m_thread.quit();
    m_thread.wait(); // deletes the worker, which stops the agent
}

// Every connection is queued, whichever thread the signal comes from: the agent's threads hand over and go on.
void AgentAdapter::connectWorker() {
    constexpr Qt::ConnectionType queued = Qt::QueuedConnection;
    connect(this, &AgentAdapter::startWanted, m_worker, &AgentWorker::start, queued);
    connect(this, &AgentAdapter::approvalWanted, m_worker, &AgentWorker::grantApproval, queued);
    connect(this, &AgentAdapter::recentWanted, m_worker, &AgentWorker::loadRecent, queued);
    connect(this, &AgentAdapter::stopWanted, m_worker, &AgentWorker::stop, queued);

    connect(m_worker, &AgentWorker::viewArrived, this, &AgentAdapter::take, queued);
    connect(m_worker, &AgentWorker::tokenArrived, this, &AgentAdapter::takeToken, queued);
    connect(m_worker, &AgentWorker::rowArrived, this, &ui::AgentPort::recorded, queued);
    connect(m_worker, &AgentWorker::recentLoaded, this, &ui::AgentPort::recentLoaded, queued);
    connect(m_worker, &AgentWorker::recentFailed, this, &ui::AgentPort::recentFailed, queued);
    connect(m_worker, &AgentWorker::approvalAnswered, this, &ui::AgentPort::approvalAnswered, queued);
    connect(m_worker, &AgentWorker::stopped, this, &ui::AgentPort::stopped, queued);
}

void AgentAdapter::start() {
    emit startWanted();
}

void AgentAdapter::grantApproval(const QString& interaction, const QString& justification) {
    emit approvalWanted(interaction, justification);
}

void AgentAdapter::requestRecent(int limit) {
    emit recentWanted(limit);
}

void AgentAdapter::requestStop() {
    emit stopWanted();
}

void AgentAdapter::takeToken(const SecureBytes& token) {
    m_token = token;
    emit viewChanged(); // what could not be asked without a token can be asked now
}

void AgentAdapter::take(const ui::AgentView& view) {
    if (!(view == m_view)) {
        m_view = view;
        emit viewChanged();
    }
}

} // namespace gatehouse::app
