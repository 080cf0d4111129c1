// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <QPointer>
#include <QWidget>

#include "chat/chat_session.h"
#include "chat/conversation.h"
#include "chat/gateway_client.h"
#include "ports/agent_port.h"

class QLabel;
class QTimer;
class QToolButton;

namespace gatehouse::ui {

class ApprovalDialog;
class Composer;
class ModelPicker;
class NoticeBox;
class ThreadView;

// The chat window: picks a model, sends, shows the answer as it comes. Made on demand and deleted on close; the
// conversation that it shows belongs to the caller and outlives it.
class ChatWindow final : public QWidget {
    Q_OBJECT
public:
    ChatWindow(AgentPort& agent, Conversation& conversation, QWidget* parent = nullptr);
    ~ChatWindow() override;

    // Puts `text` into the composer, in front of what stands there.
    void giveBack(const QString& text);

signals:
    void decisionsRequested();
    void aboutRequested();
    void quitRequested();

protected:
    void changeEvent(QEvent* event) override;

private:
    [[nodiscard]] QWidget* makeHeader();
    void connectSession();
    void addMenu(QToolButton& button);
    void send(const QString& asked);
    void showTurns();
    void addTurn(int index);
    void growAnswer(int index, const QString& text);
    void flushAnswer();
    void ask(const PersonQuestion& question);
    void showSent(int index);
    void copyAnswer(int index);
    void refreshModels();
    void showAgent();
    void showModelHint();
    void recolor();

    AgentPort& m_agent;
    Conversation& m_conversation;
    GatewayClient m_client;
    ChatSession m_session;
    ModelPicker* m_picker;
    QToolButton* m_newButton;
    QToolButton* m_menuButton;
    QLabel* m_hint;
    NoticeBox* m_banner;
    ThreadView* m_thread;
    Composer* m_composer;
    QPointer<ApprovalDialog> m_dialog;
    QTimer* m_flush; // text is drawn some 30 times a second, however small the pieces are
    QString m_pending;
    int m_pendingTurn = -1;
};

} // namespace gatehouse::ui
