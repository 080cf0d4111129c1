// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <QDateTime>
#include <QObject>
#include <QString>
#include <QUrl>
#include <optional>
#include <vector>

#include "base/secure_bytes.h"
#include "types/action.h"

// What windows and tray may know of the agent and ask of it. app/ui_adapters implements it on the real agent; tests on
// a fake. Everything lives on the GUI thread, nothing waits: answers come as signals.
namespace gatehouse::ui {

// The state that the tray shows; the worst that holds.
enum class AgentPhase { starting, ready, policyBroken, storeLocked, storeBroken, portTaken, stopped };

struct AgentView {
    AgentPhase phase = AgentPhase::starting;
    QString problem; // a sentence for people with what to do next; empty when all is well
    QUrl baseUrl;    // "http://127.0.0.1:4141", without /v1; empty while no gateway runs
    QString policyId;
    quint64 policySerial = 0;
    bool isMonitorMode = false;
    QString keyProtection; // "keyring", "file"
    bool isBridgeUp = false;
    QString dataFolder;

    friend bool operator==(const AgentView&, const AgentView&) = default;
};

// How often one detector fired; never the value.
struct FindingCount {
    QString detector; // "pci.any.card"
    FindingClass findingClass = FindingClass::custom;
    quint64 count = 0;

    friend bool operator==(const FindingCount&, const FindingCount&) = default;
};

// One recorded outcome, as the list of recent decisions shows it.
struct DecisionRow {
    quint64 sequence = 0;
    QDateTime time;
    QString interaction;
    Channel channel = Channel::sdk;
    Direction direction = Direction::prompt;
    QString client;  // name of the client token, or of the browser profile
    QString program; // executable of the calling process, where it is known
    QString site;    // host, for browser channels
    QString provider;
    QString model;
    Action action = Action::allow;
    QString rule;
    QString outcome; // "completed", "refused", …
    QString reason;  // refusal word, or detail without the person's text
    QString policyId;
    quint64 policySerial = 0;
    std::vector<FindingCount> findings;
    quint64 inputTokens = 0;
    quint64 outputTokens = 0;
    std::optional<double> costUsd;
    quint64 latencyMicros = 0;
};

class AgentPort : public QObject {
    Q_OBJECT
public:
    using QObject::QObject;

    [[nodiscard]] virtual AgentView view() const = 0;
    // The chat window's client token; empty until the agent is up. Fetched for each request, never kept.
    [[nodiscard]] virtual SecureBytes chatToken() const = 0;
    // The person's yes (and reason) to a refused interaction; approvalAnswered() follows, always.
    virtual void grantApproval(const QString& interaction, const QString& justification) = 0;
    // Asks for the newest outcomes; recentLoaded() or recentFailed() follows.
    virtual void requestRecent(int limit) = 0;
    // Stops the agent after its requests drained; viewChanged() tells when it has stopped, and stopped() follows.
    virtual void requestStop() = 0;

signals:
    void viewChanged();
    void recorded(const gatehouse::ui::DecisionRow& row);
    void approvalAnswered(const QString& interaction, bool isGranted);
    void recentLoaded(const std::vector<gatehouse::ui::DecisionRow>& rows);
    void recentFailed();
    void stopped();
};

} // namespace gatehouse::ui
