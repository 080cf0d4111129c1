// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <QObject>
#include <QPointer>
#include <optional>

#include "chat/sse_parser.h"
#include "chat/wire.h"

class QNetworkReply;

namespace gatehouse::ui {

// What the x-gatehouse-* headers of an answer say.
struct AnswerHead {
    int status = 0;
    QString interaction;
    std::optional<Action> decision;
    QString rule;
    QString provider;
    QString model;
    std::optional<double> costUsd;

    static AnswerHead of(const QNetworkReply& reply);
};

// How a request failed.
struct AnswerFailure {
    enum class Kind {
        unreachable, // no answer at all
        refused,     // an answer with an error status: `code` and `message` are the gateway's
        ended,       // the stream ended with an error event: `code` and `message` as above
        brokenOff,   // the stream ended without its end
        nonsense,    // not in a form that we understand
    };
    Kind kind = Kind::unreachable;
    QString code;
    QString message;
};

// One answer on its way in: headers, then text as it comes, then exactly one of finished() and failed(). Deleting it,
// or stop(), closes the connection, which the gateway takes as "the client left". Frees itself after its last signal.
class ChatStream final : public QObject {
    Q_OBJECT
public:
    static constexpr qint64 kMaxAnswerBytes = 64LL * 1024 * 1024;

    // Takes the reply.
    ChatStream(QNetworkReply* reply, QObject* parent);
    ~ChatStream() override;

    // Ends the answer without another signal.
    void stop();

signals:
    void started(const gatehouse::ui::AnswerHead& head);
    void arrived(const QString& text);
    void finished();
    void failed(const gatehouse::ui::AnswerFailure& failure, const gatehouse::ui::AnswerHead& head);

private:
    void readHead();
    void readBody();
    void readEvent(const QByteArray& event);
    void take(const AnswerPiece& piece);
    void end();
    void fail(AnswerFailure failure);
    void detach();

    QPointer<QNetworkReply> m_reply;
    SseParser m_parser;
    AnswerHead m_head;
    QByteArray m_whole; // of an answer that is no stream, or of an error body
    qint64 m_taken = 0;
    bool m_isEventStream = false;
    bool m_hasHead = false;
    bool m_sawEnd = false;
    bool m_isOver = false;
};

} // namespace gatehouse::ui
