// SPDX-License-Identifier: Apache-2.0
#include "gui/support/scripted_server.h"

#include <QJsonDocument>
#include <QJsonObject>
#include <QTimer>
#include <QUrl>

namespace gatehouse::test {
namespace {

QByteArray quoted(const QByteArray& text) {
    const QByteArray object =
        QJsonDocument(QJsonObject{{QStringLiteral("v"), QString::fromUtf8(text)}}).toJson(QJsonDocument::Compact);
    return object.mid(5, object.size() - 6); // {"v":"…"}
}

} // namespace

Reply Reply::json(const QByteArray& body, int status) {
    Reply reply;
    reply.status = status;
    reply.pieces = {body};
    return reply;
}

Reply Reply::answer(const QList<QByteArray>& texts, const QByteArray& decision) {
    Reply reply;
    reply.type = "text/event-stream";
    for (const QByteArray& text : texts) {
        reply.pieces.append(
            "data: {\"object\":\"chat.completion.chunk\",\"choices\":[{\"index\":0,\"delta\":{\"content\":" +
            quoted(text) + "},\"finish_reason\":null}]}\n\n");
    }
    reply.pieces.append("data: {\"choices\":[{\"index\":0,\"delta\":{},\"finish_reason\":\"stop\"}]}\n\n");
    reply.pieces.append("data: [DONE]\n\n");
    return reply.with("x-gatehouse-interaction", "i-1")
        .with("x-gatehouse-decision", decision)
        .with("x-gatehouse-provider", "desk")
        .with("x-gatehouse-model", "tiny");
}

Reply Reply::refusal(const QByteArray& code, const QByteArray& message, const QByteArray& rule) {
    return json("{\"error\":{\"message\":" + quoted(message) + ",\"type\":\"gatehouse_refusal\",\"code\":\"" + code +
                    "\",\"param\":null}}",
                403)
        .with("x-gatehouse-interaction", "i-1")
        .with("x-gatehouse-decision", code == "confirmation_required"    ? "warn"
                                      : code == "justification_required" ? "justify"
                                                                         : "block")
        .with("x-gatehouse-rule", rule)
        .with("x-should-retry", "false");
}

Reply& Reply::with(const QByteArray& name, const QByteArray& value) {
    headers.append({name, value});
    return *this;
}

ScriptedServer::ScriptedServer(QObject* parent) : QTcpServer(parent) {
    connect(this, &QTcpServer::newConnection, this, &ScriptedServer::accept);
    listen(QHostAddress::LocalHost, 0);
}

void ScriptedServer::on(const QByteArray& path, const Reply& reply) {
    m_replies[path].append(reply);
}

QUrl ScriptedServer::url() const {
    return QUrl(QStringLiteral("http://127.0.0.1:%1").arg(serverPort()));
}

QList<Request> ScriptedServer::requests(const QByteArray& path) const {
    QList<Request> found;
    for (const Request& request : m_requests) {
        if (request.path == path) {
            found.append(request);
        }
    }
    return found;
}

void ScriptedServer::accept() {
    while (QTcpSocket* socket = nextPendingConnection()) {
        connect(socket, &QTcpSocket::readyRead, this, [this, socket] { read(*socket); });
        connect(socket, &QTcpSocket::disconnected, this, [this, socket] {
            ++m_left;
            m_buffers.remove(socket);
            socket->deleteLater();
        });
    }
}

void ScriptedServer::read(QTcpSocket& socket) {
    QByteArray& buffer = m_buffers[&socket];
    buffer.append(socket.readAll());
    const qsizetype headEnd = buffer.indexOf("\r\n\r\n");
    if (headEnd < 0) {
        return;
    }
    Request request;
    QList<QByteArray> lines = buffer.left(headEnd).replace('\r', "").split('\n');
    const QList<QByteArray> words = lines.takeFirst().split(' ');
    request.method = words.value(0);
    request.path = words.value(1);
    for (const QByteArray& line : lines) {
        const qsizetype colon = line.indexOf(':');
        request.headers.insert(line.left(colon).toLower(), line.mid(colon + 1).trimmed());
    }
    const qsizetype length = request.headers.value("content-length").toLongLong();
    if (buffer.size() < headEnd + 4 + length) {
        return;
    }
    request.body = buffer.mid(headEnd + 4, length);
    buffer.remove(0, headEnd + 4 + length);
    m_requests.append(request);
    QList<Reply>& replies = m_replies[request.path];
    if (replies.isEmpty()) {
        send(socket, Reply::json("{\"error\":{\"message\":\"no such path\",\"code\":\"unknown_path\"}}", 404));
        return;
    }
    send(socket, replies.size() > 1 ? replies.takeFirst() : replies.first());
}

void ScriptedServer::send(QTcpSocket& socket, const Reply& reply) {
    if (reply.isDropped) {
        socket.abort();
        return;
    }
    QByteArray head = "HTTP/1.1 " + QByteArray::number(reply.status) + " Scripted\r\ncontent-type: " + reply.type +
                      "\r\ntransfer-encoding: chunked\r\n";
    for (const auto& [name, value] : reply.headers) {
        head += name + ": " + value + "\r\n";
    }
    socket.write(head + "\r\n");
    socket.flush();
    sendPiece(&socket, reply, 0);
}

void ScriptedServer::sendPiece(QTcpSocket* socket, const Reply& reply, qsizetype index) {
    if (index >= reply.pieces.size()) {
        if (reply.isCutOff) {
            socket->abort();
        } else if (!reply.isHeldOpen) {
            socket->write("0\r\n\r\n");
        }
        return;
    }
    const QByteArray& piece = reply.pieces[index];
    socket->write(QByteArray::number(piece.size(), 16) + "\r\n" + piece + "\r\n");
    socket->flush();
    QTimer::singleShot(1, socket, [this, socket, reply, index] { sendPiece(socket, reply, index + 1); });
}

} // namespace gatehouse::test
