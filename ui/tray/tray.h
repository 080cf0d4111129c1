// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <QDeadlineTimer>
#include <QMenu>
#include <QObject>
#include <QSystemTrayIcon>

#include "ports/agent_port.h"

namespace gatehouse::ui {

// The icon in the tray: state, menu, and a note when something was held back. Shows itself as soon as there is a tray.
class Tray final : public QObject {
    Q_OBJECT
public:
    explicit Tray(AgentPort& agent, QObject* parent = nullptr);
    ~Tray() override;

    [[nodiscard]] static bool isAvailable();
    [[nodiscard]] QMenu& menu() { return m_menu; }
    [[nodiscard]] QString toolTip() const { return m_icon.toolTip(); }
    [[nodiscard]] QRect geometry() const { return m_icon.geometry(); }

signals:
    void chatRequested();
    void decisionsRequested();
    void aboutRequested();
    void quitRequested();
    // What the note said; also sent where no tray shows it.
    void noted(const QString& words);

private:
    void buildMenu();
    void showAgent();
    void note(const DecisionRow& row);
    void sayNote(const QString& words);

    AgentPort& m_agent;
    QMenu m_menu;
    QSystemTrayIcon m_icon;
    QAction* m_status = nullptr;
    QDeadlineTimer m_quiet{0}; // several blocks in a row give one note
    int m_held = 0;
};

} // namespace gatehouse::ui
