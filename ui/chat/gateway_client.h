// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <QNetworkAccessManager>
#include <QObject>

#include "chat/chat_stream.h"
#include "chat/wire.h"
#include "ports/agent_port.h"

namespace gatehouse::ui {

// The chat window's client of the gateway: plain HTTP on loopback with a client token, like any other client. No proxy,
// no redirects, no cookies, no cache; refuses a base URL that is not http on a loopback address.
class GatewayClient final : public QObject {
    Q_OBJECT
public:
    explicit GatewayClient(const AgentPort& agent, QObject* parent = nullptr);

    // True when there is a gateway to ask.
    [[nodiscard]] bool isUp() const;
    // modelsLoaded() or modelsFailed() follows; a newer call replaces an older one.
    void fetchModels();
    // Sends `body` to /v1/chat/completions once. Null when the gateway is not up. The caller owns the stream.
    [[nodiscard]] ChatStream* ask(const QByteArray& body, const QString& conversation, QObject* owner);
    // interactionLoaded() follows when the record could be had.
    void fetchInteraction(const QString& interaction);

signals:
    void modelsLoaded(const std::vector<gatehouse::ui::ModelChoice>& models);
    void modelsFailed();
    void interactionLoaded(const QString& interaction, const gatehouse::ui::InteractionView& view);

private:
    [[nodiscard]] QNetworkRequest request(const QString& path) const;
    void readModels(QNetworkReply& reply);

    const AgentPort& m_agent;
    QNetworkAccessManager m_network;
    QPointer<QNetworkReply> m_modelsReply;
};

} // namespace gatehouse::ui
