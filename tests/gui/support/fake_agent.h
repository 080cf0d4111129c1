// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <QTimer>

#include "ports/agent_port.h"

namespace gatehouse::test {

// An agent port of which a test sets everything; answers come a turn of the event loop later, as the real one's do.
class FakeAgent final : public ui::AgentPort {
    Q_OBJECT
public:
    explicit FakeAgent(const QUrl& baseUrl = {}) {
        m_view.phase = ui::AgentPhase::ready;
        m_view.baseUrl = baseUrl;
        m_view.policyId = QStringLiteral("acme");
        m_view.policySerial = 12;
        m_view.keyProtection = QStringLiteral("keyring");
    }

    [[nodiscard]] ui::AgentView view() const override { return m_view; }
    [[nodiscard]] SecureBytes chatToken() const override { return SecureBytes(std::string_view("ghc_test")); }
    void grantApproval(const QString& interaction, const QString& justification) override {
        granted.append({interaction, justification});
        QTimer::singleShot(0, this, [this, interaction] { emit approvalAnswered(interaction, doesGrant); });
    }
    void requestRecent(int /*limit*/) override {
        ++recentRequests;
        QTimer::singleShot(0, this, [this] {
            if (doesFailRecent) {
                emit recentFailed();
            } else {
                emit recentLoaded(rows);
            }
        });
    }
    void requestStop() override {
        QTimer::singleShot(0, this, [this] { emit stopped(); });
    }
    void setView(const ui::AgentView& view) {
        m_view = view;
        emit viewChanged();
    }

    QList<std::pair<QString, QString>> granted;
    std::vector<ui::DecisionRow> rows;
    bool doesGrant = true;
    bool doesFailRecent = false;
    int recentRequests = 0;

private:
    ui::AgentView m_view;
};

} // namespace gatehouse::test
