// SPDX-License-Identifier: Apache-2.0
#include "chat/chat_session.h"

namespace gatehouse::ui {

using Qt::StringLiterals::operator""_L1;

ChatSession::ChatSession(AgentPort& agent, GatewayClient& client, Conversation& conversation, QObject* parent)
    : QObject(parent)
    , m_agent(agent)
    , m_client(client)
    , m_conversation(conversation) {
    connect(&agent, &AgentPort::approvalAnswered, this, &ChatSession::onApproval);
    connect(&client, &GatewayClient::interactionLoaded, this, &ChatSession::onInteraction);
}

ChatSession::~ChatSession() {
    if (m_isBusy && !m_conversation.turns.empty()) {
        Turn& turn = current();
        if (turn.answered.isEmpty()) {
            turn.state = TurnState::failed;
            turn.notice = text::stoppedNotice();
            m_conversation.draft = m_conversation.draft.isEmpty() ? turn.asked : m_conversation.draft;
        } else {
            turn.state = TurnState::stopped;
        }
    }
}

void ChatSession::send(const QString& asked, const QString& model) {
    if (m_isBusy || asked.trimmed().isEmpty()) {
        return;
    }
    m_body = m_conversation.requestBody(asked, model);
    Turn turn;
    turn.asked = asked;
    turn.askedModel = model;
    m_conversation.turns.push_back(std::move(turn));
    setBusy(true);
    emit turnAdded(currentIndex());
    launch();
}

void ChatSession::launch() {
    current().state = TurnState::waiting;
    ChatStream* stream = m_client.ask(m_body, m_conversation.id, this);
    if (stream == nullptr) {
        failTurn(text::unreachableNotice(m_agent.view()));
        return;
    }
    watch(*stream);
    emit turnChanged(currentIndex());
}

void ChatSession::watch(ChatStream& stream) {
    m_stream = &stream;
    connect(&stream, &ChatStream::started, this, &ChatSession::onStarted);
    connect(&stream, &ChatStream::arrived, this, &ChatSession::onArrived);
    connect(&stream, &ChatStream::finished, this, &ChatSession::onFinished);
    connect(&stream, &ChatStream::failed, this, &ChatSession::onFailed);
}

void ChatSession::onStarted(const AnswerHead& head) {
    current().head = head;
    current().state = TurnState::answering;
    if (head.decision && *head.decision != Action::allow) {
        m_client.fetchInteraction(head.interaction);
    }
    emit turnChanged(currentIndex());
}

void ChatSession::onArrived(const QString& text) {
    current().answered += text;
    emit answerGrew(currentIndex(), text);
}

void ChatSession::onFinished() {
    current().state = TurnState::done;
    m_client.fetchInteraction(current().head.interaction); // the cost is known only now
    setBusy(false);
    emit turnChanged(currentIndex());
}

void ChatSession::onFailed(const AnswerFailure& failure, const AnswerHead& head) {
    current().head = head;
    const bool isConfirm = failure.code == "confirmation_required"_L1;
    const bool isJustify = failure.code == "justification_required"_L1;
    if (failure.kind == AnswerFailure::Kind::refused && (isConfirm || isJustify) && !head.interaction.isEmpty()) {
        current().state = TurnState::asking;
        emit turnChanged(currentIndex());
        emit questionAsked(
            {isConfirm ? PersonQuestion::Kind::confirm : PersonQuestion::Kind::justify, failure.message, head.rule});
        return;
    }
    failTurn(noticeFor(failure));
}

text::Notice ChatSession::noticeFor(const AnswerFailure& failure) const {
    switch (failure.kind) {
    case AnswerFailure::Kind::unreachable:
        return text::unreachableNotice(m_agent.view());
    case AnswerFailure::Kind::refused:
    case AnswerFailure::Kind::ended:
        return text::refusalNotice(failure.code, failure.message);
    case AnswerFailure::Kind::brokenOff:
        return text::brokenOffNotice();
    case AnswerFailure::Kind::nonsense:
        return text::nonsenseNotice();
    }
    return text::nonsenseNotice();
}

void ChatSession::failTurn(const text::Notice& notice) {
    Turn& turn = current();
    turn.state = TurnState::failed;
    turn.notice = notice;
    turn.isTextBack = true;
    const QString asked = turn.asked;
    setBusy(false);
    emit textReturned(asked);
    emit turnChanged(currentIndex());
}

void ChatSession::stop() {
    if (!m_isBusy) {
        return;
    }
    if (m_stream != nullptr) {
        m_stream->stop();
    }
    if (current().answered.isEmpty()) {
        failTurn(text::stoppedNotice());
        return;
    }
    current().state = TurnState::stopped;
    setBusy(false);
    emit turnChanged(currentIndex());
}

void ChatSession::approve(const QString& justification) {
    if (m_isBusy && current().state == TurnState::asking) {
        m_agent.grantApproval(current().head.interaction, justification);
    }
}

void ChatSession::decline() {
    if (m_isBusy && current().state == TurnState::asking) {
        failTurn(text::declinedNotice());
    }
}

void ChatSession::onApproval(const QString& interaction, bool isGranted) {
    if (!m_isBusy || current().state != TurnState::asking || current().head.interaction != interaction) {
        return;
    }
    if (isGranted) {
        launch();
    } else {
        failTurn(text::approvalExpiredNotice());
    }
}

void ChatSession::onInteraction(const QString& interaction, const InteractionView& view) {
    for (std::size_t i = 0; i < m_conversation.turns.size(); ++i) {
        Turn& turn = m_conversation.turns[i];
        if (turn.head.interaction != interaction) {
            continue;
        }
        turn.found = view.findings;
        turn.replaced = m_conversation.newFindings(i, view.findings);
        turn.sentText = view.sentText ? view.sentText : turn.sentText;
        turn.head.costUsd = view.costUsd ? view.costUsd : turn.head.costUsd;
        emit turnChanged(static_cast<int>(i));
    }
}

void ChatSession::startAnew() {
    if (m_isBusy) {
        if (m_stream != nullptr) {
            m_stream->stop();
        }
        setBusy(false);
    }
    const QString model = m_conversation.model;
    const QString draft = m_conversation.draft;
    m_conversation = Conversation::make();
    m_conversation.model = model;
    m_conversation.draft = draft;
    emit cleared();
}

void ChatSession::setBusy(bool isBusy) {
    if (m_isBusy != isBusy) {
        m_isBusy = isBusy;
        emit busyChanged(isBusy);
    }
}

} // namespace gatehouse::ui
