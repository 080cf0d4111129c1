// SPDX-License-Identifier: Apache-2.0
#include "tray/desktop.h"

#include <QMessageBox>
#include <QTimer>

#include "activity/activity_window.h"
#include "chat/chat_window.h"
#include "dialogs/message_dialogs.h"

namespace gatehouse::ui {
namespace {

void present(QWidget& window) {
    window.setWindowState(window.windowState() & ~Qt::WindowMinimized);
    window.show();
    window.raise();
    window.activateWindow();
}

} // namespace

Desktop::Desktop(AgentPort& agent, QObject* parent)
    : QObject(parent)
    , m_agent(agent)
    , m_conversation(Conversation::make())
    , m_tray(agent) {
    connect(&m_tray, &Tray::chatRequested, this, &Desktop::openChat);
    connect(&m_tray, &Tray::decisionsRequested, this, &Desktop::openDecisions);
    connect(&m_tray, &Tray::aboutRequested, this, &Desktop::openAbout);
    connect(&m_tray, &Tray::quitRequested, this, &Desktop::askToQuit);
}

Desktop::~Desktop() {
    delete m_quit;
    delete m_about;
    delete m_chat;
    delete m_activity;
}

void Desktop::openChat() {
    if (m_chat == nullptr) {
        m_chat = new ChatWindow(m_agent, m_conversation);
        m_chat->setAttribute(Qt::WA_DeleteOnClose);
        connect(m_chat, &ChatWindow::decisionsRequested, this, &Desktop::openDecisions);
        connect(m_chat, &ChatWindow::aboutRequested, this, &Desktop::openAbout);
        connect(m_chat, &ChatWindow::quitRequested, this, &Desktop::askToQuit);
    }
    present(*m_chat);
}

void Desktop::openChatWith(const QString& text) {
    openChat();
    m_chat->giveBack(text);
}

void Desktop::openDecisions() {
    if (m_activity == nullptr) {
        m_activity = new ActivityWindow(m_agent);
        m_activity->setAttribute(Qt::WA_DeleteOnClose);
    }
    present(*m_activity);
}

void Desktop::openAbout() {
    if (m_about == nullptr) {
        m_about = makeAboutDialog(dialogParent());
        m_about->open();
    }
    present(*m_about);
}

void Desktop::askToQuit() {
    if (m_quit == nullptr) {
        m_quit = makeQuitDialog(dialogParent());
        connect(m_quit, &QDialog::accepted, this, &Desktop::quitAccepted);
        m_quit->open();
    }
    present(*m_quit);
}

void Desktop::openIfNoTray(int graceMilliseconds) {
    if (Tray::isAvailable()) {
        return;
    }
    QTimer::singleShot(graceMilliseconds, this, [this] {
        if (!Tray::isAvailable()) {
            openChat();
        }
    });
}

QWidget* Desktop::dialogParent() const {
    return m_chat;
}

} // namespace gatehouse::ui
