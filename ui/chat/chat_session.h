// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <QObject>
#include <QPointer>

#include "chat/conversation.h"
#include "chat/gateway_client.h"
#include "ports/agent_port.h"

namespace gatehouse::ui {

// What the agent wants to know from the person before a message may leave.
struct PersonQuestion {
    enum class Kind { confirm, justify };
    Kind kind = Kind::confirm;
    QString message; // the gateway's sentence: what was found, which rule
    QString rule;
};

// The logic of a chat window without widgets: sends turns, follows the stream, asks the person when policy wants that,
// and sends the same bytes again after a yes. One request at a time. Works on a Conversation that it borrows.
class ChatSession final : public QObject {
    Q_OBJECT
public:
    ChatSession(AgentPort& agent, GatewayClient& client, Conversation& conversation, QObject* parent = nullptr);
    // A running answer ends as stopped: the gateway sees that its client left.
    ~ChatSession() override;

    [[nodiscard]] bool isBusy() const { return m_isBusy; }
    [[nodiscard]] const Conversation& conversation() const { return m_conversation; }
    // Adds a turn and sends it. Ignored while busy, or when there is nothing to say.
    void send(const QString& asked, const QString& model);
    // Ends the running answer; what came stays.
    void stop();
    // Answers questionAsked().
    void approve(const QString& justification);
    void decline();
    // Throws the turns away and begins anew under a new id.
    void startAnew();

signals:
    void turnAdded(int index);
    void turnChanged(int index);
    void answerGrew(int index, const QString& text);
    void busyChanged(bool isBusy);
    void questionAsked(const gatehouse::ui::PersonQuestion& question);
    // A failed turn's text, for the input.
    void textReturned(const QString& text);
    void cleared();

private:
    void launch();
    void watch(ChatStream& stream);
    void onStarted(const AnswerHead& head);
    void onArrived(const QString& text);
    void onFinished();
    void onFailed(const AnswerFailure& failure, const AnswerHead& head);
    void onInteraction(const QString& interaction, const InteractionView& view);
    void onApproval(const QString& interaction, bool isGranted);
    [[nodiscard]] text::Notice noticeFor(const AnswerFailure& failure) const;
    void failTurn(const text::Notice& notice);
    void setBusy(bool isBusy);
    [[nodiscard]] Turn& current() { return m_conversation.turns.back(); }
    [[nodiscard]] int currentIndex() const { return static_cast<int>(m_conversation.turns.size()) - 1; }

    AgentPort& m_agent;
    GatewayClient& m_client;
    Conversation& m_conversation;
    QPointer<ChatStream> m_stream;
    QByteArray m_body; // sent again, byte by byte, after an approval
    bool m_isBusy = false;
};

} // namespace gatehouse::ui
