// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <QObject>
#include <QPointer>

#include "chat/conversation.h"
#include "ports/agent_port.h"
#include "tray/tray.h"

class QMessageBox;

namespace gatehouse::ui {

class ActivityWindow;
class ChatWindow;

// Everything that a person sees: the tray, and the windows that it opens on demand and frees when they are closed.
class Desktop final : public QObject {
    Q_OBJECT
public:
    explicit Desktop(AgentPort& agent, QObject* parent = nullptr);
    ~Desktop() override;

    [[nodiscard]] Tray& tray() { return m_tray; }
    void openChat();
    // With `text` in the composer, where the person may change it and choose the model.
    void openChatWith(const QString& text);
    void openDecisions();
    void openAbout();
    // Asks first; quitAccepted() follows a yes.
    void askToQuit();
    // Where no tray turned up within `graceMilliseconds`, opens the chat window: else nothing would be there to see.
    void openIfNoTray(int graceMilliseconds);

signals:
    void quitAccepted();

private:
    [[nodiscard]] QWidget* dialogParent() const;

    AgentPort& m_agent;
    Conversation m_conversation; // survives its window
    Tray m_tray;
    QPointer<ChatWindow> m_chat;
    QPointer<ActivityWindow> m_activity;
    QPointer<QMessageBox> m_quit;
    QPointer<QMessageBox> m_about;
};

} // namespace gatehouse::ui
