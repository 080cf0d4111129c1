// SPDX-License-Identifier: Apache-2.0
#include "chat/conversation.h"

#include <QJsonArray>
#include <QJsonDocument>
#include <QJsonObject>
#include <QUuid>
#include <algorithm>

namespace gatehouse::ui {
namespace {

using Qt::StringLiterals::operator""_L1;

QJsonObject message(QLatin1StringView role, const QString& content) {
    return {{"role"_L1, QString(role)}, {"content"_L1, content}};
}

} // namespace

Conversation Conversation::make() {
    Conversation conversation;
    conversation.id = "chat-"_L1 + QUuid::createUuid().toString(QUuid::WithoutBraces);
    return conversation;
}

QByteArray Conversation::requestBody(const QString& asked, const QString& askedModel) const {
    QJsonArray messages;
    for (const Turn& turn : turns) {
        if (turn.state == TurnState::done || (turn.state == TurnState::stopped && !turn.answered.isEmpty())) {
            messages.append(message("user"_L1, turn.asked));
            messages.append(message("assistant"_L1, turn.answered));
        }
    }
    messages.append(message("user"_L1, asked));
    const QJsonObject body{{"model"_L1, askedModel}, {"messages"_L1, messages}, {"stream"_L1, true}};
    return QJsonDocument(body).toJson(QJsonDocument::Compact);
}

std::vector<FindingCount> Conversation::newFindings(std::size_t index, const std::vector<FindingCount>& found) const {
    std::vector<FindingCount> fresh;
    for (const FindingCount& finding : found) {
        quint64 before = 0;
        for (std::size_t i = 0; i < index && i < turns.size(); ++i) {
            for (const FindingCount& earlier : turns[i].found) {
                if (earlier.detector == finding.detector && turns[i].state != TurnState::failed) {
                    before = std::max(before, earlier.count);
                }
            }
        }
        if (finding.count > before) {
            fresh.push_back({finding.detector, finding.findingClass, finding.count - before});
        }
    }
    return fresh;
}

} // namespace gatehouse::ui
