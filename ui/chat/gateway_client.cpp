// SPDX-License-Identifier: Apache-2.0
#include "chat/gateway_client.h"

#include <QHostAddress>
#include <QNetworkCookieJar>
#include <QNetworkProxy>
#include <QNetworkReply>
#include <QNetworkRequest>

#include "chat/once_device.h"

namespace gatehouse::ui {
namespace {

constexpr qint64 kMaxListBytes = 4LL * 1024 * 1024;
constexpr qint64 kMaxRecordBytes = 32LL * 1024 * 1024;

bool isLoopback(const QUrl& url) {
    return url.scheme() == QLatin1String("http") && url.port() > 0 &&
           (url.host() == QLatin1String("localhost") || QHostAddress(url.host()).isLoopback());
}

// Ends a reply that grows above `limit`; what it says is then not read.
void capReply(QNetworkReply* reply, qint64 limit) {
    QObject::connect(reply, &QNetworkReply::readyRead, reply, [reply, limit] {
        if (reply->bytesAvailable() > limit) {
            reply->abort();
        }
    });
}

} // namespace

GatewayClient::GatewayClient(const AgentPort& agent, QObject* parent) : QObject(parent), m_agent(agent) {
    m_network.setProxy(QNetworkProxy::NoProxy);
    m_network.setRedirectPolicy(QNetworkRequest::ManualRedirectPolicy);
    m_network.setAutoDeleteReplies(false);
}

bool GatewayClient::isUp() const {
    return isLoopback(m_agent.view().baseUrl) && !m_agent.chatToken().empty();
}

QNetworkRequest GatewayClient::request(const QString& path) const {
    QUrl url = m_agent.view().baseUrl;
    url.setPath(path);
    QNetworkRequest made(url);
    const SecureBytes token = m_agent.chatToken();
    made.setRawHeader("Authorization",
                      "Bearer " + QByteArray(token.text().data(), static_cast<qsizetype>(token.size())));
    made.setAttribute(QNetworkRequest::CookieLoadControlAttribute, QNetworkRequest::Manual);
    made.setAttribute(QNetworkRequest::CookieSaveControlAttribute, QNetworkRequest::Manual);
    made.setAttribute(QNetworkRequest::AuthenticationReuseAttribute, QNetworkRequest::Manual);
    made.setAttribute(QNetworkRequest::CacheLoadControlAttribute, QNetworkRequest::AlwaysNetwork);
    made.setAttribute(QNetworkRequest::CacheSaveControlAttribute, false);
    made.setAttribute(QNetworkRequest::Http2AllowedAttribute, false);
    return made;
}

void GatewayClient::fetchModels() {
    if (m_modelsReply != nullptr) {
        m_modelsReply->disconnect(this);
        m_modelsReply->abort();
        m_modelsReply->deleteLater();
    }
    if (!isUp()) {
        emit modelsFailed();
        return;
    }
    m_modelsReply = m_network.get(request(QStringLiteral("/v1/models")));
    capReply(m_modelsReply, kMaxListBytes);
    connect(m_modelsReply, &QNetworkReply::finished, this, [this, reply = m_modelsReply.data()] {
        readModels(*reply);
        reply->deleteLater();
    });
}

void GatewayClient::readModels(QNetworkReply& reply) {
    const auto models = reply.error() == QNetworkReply::NoError ? parseModels(reply.readAll()) : std::nullopt;
    if (models) {
        emit modelsLoaded(*models);
    } else {
        emit modelsFailed();
    }
}

ChatStream* GatewayClient::ask(const QByteArray& body, const QString& conversation, QObject* owner) {
    if (!isUp()) {
        return nullptr;
    }
    QNetworkRequest made = request(QStringLiteral("/v1/chat/completions"));
    made.setHeader(QNetworkRequest::ContentTypeHeader, QByteArray("application/json"));
    made.setHeader(QNetworkRequest::ContentLengthHeader, body.size());
    made.setRawHeader("Accept", "text/event-stream, application/json");
    // Compressed events would be held back until a block is full.
    made.setRawHeader("Accept-Encoding", "identity");
    made.setRawHeader("x-gatehouse-conversation", conversation.toLatin1());
    // With its own buffering the client could, and would, send the body a second time: see OnceDevice.
    made.setAttribute(QNetworkRequest::DoNotBufferUploadDataAttribute, true);
    auto* device = new OnceDevice(body);
    QNetworkReply* reply = m_network.post(made, device);
    device->setParent(reply);
    return new ChatStream(reply, owner);
}

void GatewayClient::fetchInteraction(const QString& interaction) {
    if (!isUp() || interaction.isEmpty() || interaction.contains(QLatin1Char('/'))) {
        return;
    }
    QNetworkReply* reply = m_network.get(request(QStringLiteral("/gatehouse/v1/interactions/") + interaction));
    capReply(reply, kMaxRecordBytes);
    connect(reply, &QNetworkReply::finished, this, [this, reply, interaction] {
        if (reply->error() == QNetworkReply::NoError) {
            if (const std::optional<InteractionView> view = parseInteraction(reply->readAll())) {
                emit interactionLoaded(interaction, *view);
            }
        }
        reply->deleteLater();
    });
}

} // namespace gatehouse::ui
