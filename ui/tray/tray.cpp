// SPDX-License-Identifier: Apache-2.0
#include "tray/tray.h"

#include <QTimer>

#include "text/agent_words.h"
#include "widgets/icons.h"

namespace gatehouse::ui {
namespace {

constexpr int kQuietMilliseconds = 8'000;
constexpr int kNoteMilliseconds = 8'000;

} // namespace

Tray::Tray(AgentPort& agent, QObject* parent) : QObject(parent), m_agent(agent) {
    m_menu.setObjectName(QStringLiteral("trayMenu"));
    m_menu.setToolTipsVisible(true);
    buildMenu();
    m_icon.setContextMenu(&m_menu);
    connect(&m_icon, &QSystemTrayIcon::activated, this, [this](QSystemTrayIcon::ActivationReason reason) {
        if (reason == QSystemTrayIcon::Trigger || reason == QSystemTrayIcon::DoubleClick) {
            emit chatRequested();
        }
    });
    connect(&m_icon, &QSystemTrayIcon::messageClicked, this, &Tray::decisionsRequested);
    connect(&agent, &AgentPort::viewChanged, this, &Tray::showAgent);
    connect(&agent, &AgentPort::recorded, this, &Tray::note);
    showAgent();
    m_icon.show(); // without a tray it waits for one
}

Tray::~Tray() {
    m_icon.hide();
}

bool Tray::isAvailable() {
    return QSystemTrayIcon::isSystemTrayAvailable();
}

void Tray::buildMenu() {
    const auto add = [this](const QString& words, const QString& name) {
        QAction* action = m_menu.addAction(words);
        action->setObjectName(name);
        return action;
    };
    m_status = add({}, QStringLiteral("statusAction"));
    m_status->setEnabled(false);
    m_menu.addSeparator();
    QAction* chat = add(text::menuOpenChat(), QStringLiteral("chatAction"));
    m_menu.setDefaultAction(chat);
    connect(chat, &QAction::triggered, this, &Tray::chatRequested);
    connect(add(text::menuDecisions(), QStringLiteral("decisionsAction")), &QAction::triggered, this,
            &Tray::decisionsRequested);
    m_menu.addSeparator();
    add(text::menuPauseIsPolicy(), QStringLiteral("pauseAction"))->setEnabled(false);
    connect(add(text::menuAbout(), QStringLiteral("aboutAction")), &QAction::triggered, this, &Tray::aboutRequested);
    m_menu.addSeparator();
    connect(add(text::menuQuit(), QStringLiteral("quitAction")), &QAction::triggered, this, &Tray::quitRequested);
}

void Tray::showAgent() {
    const AgentView view = m_agent.view();
    m_icon.setIcon(trayIcon(view.phase));
    m_icon.setToolTip(text::trayToolTip(view));
    m_status->setText(text::statusLine(view));
    m_status->setIcon(trayIcon(view.phase));
    m_status->setToolTip(view.problem.isEmpty() ? text::phaseMeaning(view.phase) : view.problem);
}

void Tray::note(const DecisionRow& row) {
    // The chat window shows its own refusals where the person looks.
    if (row.action != Action::block || row.channel == Channel::chat) {
        return;
    }
    if (m_quiet.hasExpired()) {
        m_quiet.setRemainingTime(kQuietMilliseconds);
        sayNote(text::blockedNotice(row));
        return;
    }
    if (++m_held == 1) {
        QTimer::singleShot(static_cast<int>(m_quiet.remainingTime()) + 1, this, [this] {
            m_quiet.setRemainingTime(kQuietMilliseconds);
            sayNote(text::blockedMore(m_held));
            m_held = 0;
        });
    }
}

void Tray::sayNote(const QString& words) {
    m_icon.showMessage(text::blockedTitle(), words, productIcon(), kNoteMilliseconds);
    emit noted(words);
}

} // namespace gatehouse::ui
