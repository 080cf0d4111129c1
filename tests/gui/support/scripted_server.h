// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <QByteArray>
#include <QHash>
#include <QList>
#include <QTcpServer>
#include <QTcpSocket>
#include <functional>

namespace gatehouse::test {

// What came in.
struct Request {
    QByteArray method;
    QByteArray path;
    QHash<QByteArray, QByteArray> headers; // names lower-case
    QByteArray body;
};

// What goes out: the head, then the pieces, each in a write of its own.
struct Reply {
    int status = 200;
    QByteArray type = "application/json";
    QList<std::pair<QByteArray, QByteArray>> headers;
    QList<QByteArray> pieces;
    bool isHeldOpen = false; // no end after the last piece
    bool isCutOff = false;   // the connection closes without a proper end after the last piece
    bool isDropped = false;  // closes without any answer

    static Reply json(const QByteArray& body, int status = 200);
    // One event per text, then a finish and [DONE].
    static Reply answer(const QList<QByteArray>& texts, const QByteArray& decision = "allow");
    static Reply refusal(const QByteArray& code, const QByteArray& message, const QByteArray& rule = "no-cards");
    Reply& with(const QByteArray& name, const QByteArray& value);
};

// A gateway of which a test says what it answers. Replies to a path are given in order; the last one stays.
class ScriptedServer final : public QTcpServer {
    Q_OBJECT
public:
    explicit ScriptedServer(QObject* parent = nullptr);

    void on(const QByteArray& path, const Reply& reply);
    [[nodiscard]] QUrl url() const;
    [[nodiscard]] QList<Request> requests(const QByteArray& path) const;
    [[nodiscard]] int clientsThatLeft() const { return m_left; }

private:
    void accept();
    void read(QTcpSocket& socket);
    void send(QTcpSocket& socket, const Reply& reply);
    void sendPiece(QTcpSocket* socket, const Reply& reply, qsizetype index);

    QHash<QByteArray, QList<Reply>> m_replies;
    QList<Request> m_requests;
    QHash<QTcpSocket*, QByteArray> m_buffers;
    int m_left = 0;
};

} // namespace gatehouse::test
