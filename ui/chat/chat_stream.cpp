// SPDX-License-Identifier: Apache-2.0
#include "chat/chat_stream.h"

#include <QNetworkReply>

namespace gatehouse::ui {
namespace {

QString header(const QNetworkReply& reply, const char* name) {
    return QString::fromUtf8(reply.rawHeader(name)).left(512);
}

} // namespace

AnswerHead AnswerHead::of(const QNetworkReply& reply) {
    AnswerHead head;
    head.status = reply.attribute(QNetworkRequest::HttpStatusCodeAttribute).toInt();
    head.interaction = header(reply, "x-gatehouse-interaction");
    head.decision = actionFromWord(reply.rawHeader("x-gatehouse-decision").toStdString());
    head.rule = header(reply, "x-gatehouse-rule");
    head.provider = header(reply, "x-gatehouse-provider");
    head.model = header(reply, "x-gatehouse-model");
    bool isNumber = false;
    const double cost = reply.rawHeader("x-gatehouse-cost-usd").toDouble(&isNumber);
    if (isNumber) {
        head.costUsd = cost;
    }
    return head;
}

ChatStream::ChatStream(QNetworkReply* reply, QObject* parent) : QObject(parent), m_reply(reply) {
    reply->setParent(this);
    connect(reply, &QNetworkReply::metaDataChanged, this, &ChatStream::readHead);
    connect(reply, &QNetworkReply::readyRead, this, &ChatStream::readBody);
    connect(reply, &QNetworkReply::finished, this, &ChatStream::end);
}

ChatStream::~ChatStream() {
    detach();
}

void ChatStream::stop() {
    m_isOver = true;
    detach();
    deleteLater();
}

void ChatStream::detach() {
    if (m_reply != nullptr) {
        m_reply->disconnect(this);
        m_reply->abort();
    }
}

void ChatStream::readHead() {
    const int status = m_reply->attribute(QNetworkRequest::HttpStatusCodeAttribute).toInt();
    if (m_hasHead || status == 0) {
        return;
    }
    m_hasHead = true;
    m_head = AnswerHead::of(*m_reply);
    m_isEventStream = status == 200 && m_reply->rawHeader("content-type").toLower().startsWith("text/event-stream");
    if (status == 200) {
        emit started(m_head);
    }
}

void ChatStream::readBody() {
    readHead();
    const QByteArray bytes = m_reply->readAll();
    m_taken += bytes.size();
    if (m_taken > kMaxAnswerBytes) {
        fail({AnswerFailure::Kind::nonsense, {}, {}});
        return;
    }
    if (!m_isEventStream) {
        m_whole.append(bytes);
        return;
    }
    for (const QByteArray& event : m_parser.push(bytes)) {
        readEvent(event);
        if (m_isOver) {
            return; // a listener stopped us, or the event ended it
        }
    }
    if (m_parser.isBroken()) {
        fail({AnswerFailure::Kind::nonsense, {}, {}});
    }
}

void ChatStream::readEvent(const QByteArray& event) {
    if (event == "[DONE]") {
        m_sawEnd = true;
        return;
    }
    const std::optional<AnswerPiece> piece = parsePiece(event);
    if (!piece) {
        fail({AnswerFailure::Kind::nonsense, {}, {}});
        return;
    }
    take(*piece);
}

void ChatStream::take(const AnswerPiece& piece) {
    if (piece.error) {
        fail({AnswerFailure::Kind::ended, piece.error->code, piece.error->message});
        return;
    }
    m_sawEnd = m_sawEnd || piece.isLast;
    if (!piece.text.isEmpty()) {
        emit arrived(piece.text);
    }
}

void ChatStream::end() {
    if (m_isOver) {
        return;
    }
    readBody();
    if (m_isOver) {
        return;
    }
    if (!m_hasHead) {
        fail({AnswerFailure::Kind::unreachable, {}, {}});
        return;
    }
    if (m_head.status != 200) {
        const ErrorBody error = parseError(m_whole).value_or(ErrorBody{});
        fail({AnswerFailure::Kind::refused, error.code, error.message});
        return;
    }
    if (!m_isEventStream) {
        const std::optional<AnswerPiece> whole = parsePiece(m_whole);
        if (!whole) {
            fail({AnswerFailure::Kind::nonsense, {}, {}});
            return;
        }
        take(*whole);
        m_sawEnd = true;
    }
    if (m_isOver) {
        return;
    }
    if (!m_sawEnd || m_reply->error() != QNetworkReply::NoError) {
        fail({AnswerFailure::Kind::brokenOff, {}, {}});
        return;
    }
    m_isOver = true;
    emit finished();
    deleteLater();
}

void ChatStream::fail(AnswerFailure failure) {
    m_isOver = true;
    detach();
    emit failed(failure, m_head);
    deleteLater();
}

} // namespace gatehouse::ui
