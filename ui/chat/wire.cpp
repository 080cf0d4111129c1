// SPDX-License-Identifier: Apache-2.0
#include "chat/wire.h"

#include <QJsonArray>
#include <QJsonDocument>
#include <QJsonObject>

namespace gatehouse::ui {
namespace {

using Qt::StringLiterals::operator""_L1;

std::optional<QJsonObject> objectOf(const QByteArray& json) {
    const QJsonDocument document = QJsonDocument::fromJson(json);
    if (!document.isObject()) {
        return std::nullopt;
    }
    return document.object();
}

// The value under the first of several names: records and answers name some things differently.
QJsonValue firstOf(const QJsonObject& object, std::initializer_list<QLatin1StringView> names) {
    for (const QLatin1StringView name : names) {
        const QJsonValue value = object.value(name);
        if (!value.isUndefined() && !value.isNull()) {
            return value;
        }
    }
    return QJsonValue(QJsonValue::Undefined);
}

std::vector<FindingCount> findingsOf(const QJsonArray& array) {
    std::vector<FindingCount> findings;
    for (const auto& value : array) {
        const QJsonObject object = value.toObject();
        FindingCount finding;
        finding.detector = object.value("detector"_L1).toString();
        const std::string word = firstOf(object, {"class"_L1, "finding_class"_L1}).toString().toStdString();
        finding.findingClass = findingClassFromWord(word).value_or(FindingClass::custom);
        finding.count = static_cast<quint64>(qMax(1.0, object.value("count"_L1).toDouble(1)));
        findings.push_back(finding);
    }
    return findings;
}

ErrorBody errorOf(const QJsonValue& value) {
    if (value.isString()) {
        return {{}, value.toString()};
    }
    const QJsonObject error = value.toObject();
    const QJsonValue code = firstOf(error, {"code"_L1, "type"_L1});
    return {code.isDouble() ? QString::number(code.toInteger()) : code.toString(),
            error.value("message"_L1).toString()};
}

QString contentOf(const QJsonValue& content) {
    if (content.isString()) {
        return content.toString();
    }
    QString text; // content parts
    for (const auto& part : content.toArray()) {
        text += part.toObject().value("text"_L1).toString();
    }
    return text;
}

} // namespace

std::optional<std::vector<ModelChoice>> parseModels(const QByteArray& json) {
    const std::optional<QJsonObject> root = objectOf(json);
    if (!root || !root->value("data"_L1).isArray()) {
        return std::nullopt;
    }
    std::vector<ModelChoice> models;
    for (const auto& value : root->value("data"_L1).toArray()) {
        const QJsonObject object = value.toObject();
        ModelChoice model;
        model.id = object.value("id"_L1).toString();
        model.provider = object.value("owned_by"_L1).toString();
        const QJsonObject more = object.value("gatehouse"_L1).toObject();
        const QString trust = firstOf(more.isEmpty() ? object : more, {"trust"_L1}).toString();
        model.isPreview =
            model.id == "preview"_L1 || model.id.startsWith("preview/"_L1) || model.provider == "preview"_L1;
        model.isLocal = trust == "local"_L1;
        if (!model.id.isEmpty()) {
            models.push_back(model);
        }
    }
    return models;
}

std::optional<ErrorBody> parseError(const QByteArray& json) {
    const std::optional<QJsonObject> root = objectOf(json);
    if (!root || root->value("error"_L1).isUndefined()) {
        return std::nullopt;
    }
    return errorOf(root->value("error"_L1));
}

std::optional<AnswerPiece> parsePiece(const QByteArray& json) {
    const std::optional<QJsonObject> root = objectOf(json);
    if (!root) {
        return std::nullopt;
    }
    AnswerPiece piece;
    const QJsonValue error = root->value("error"_L1);
    if (!error.isUndefined() && !error.isNull()) {
        piece.error = errorOf(error);
        return piece;
    }
    if (!root->value("choices"_L1).isArray()) {
        return std::nullopt;
    }
    const QJsonObject choice = root->value("choices"_L1).toArray().first().toObject(); // empty in the usage chunk
    const QJsonObject message = firstOf(choice, {"delta"_L1, "message"_L1}).toObject();
    piece.text = contentOf(firstOf(message, {"content"_L1, "refusal"_L1}));
    const QString finish = choice.value("finish_reason"_L1).toString();
    piece.isLast = !finish.isEmpty();
    piece.isFiltered = finish == "content_filter"_L1;
    return piece;
}

std::optional<InteractionView> parseInteraction(const QByteArray& json) {
    const std::optional<QJsonObject> root = objectOf(json);
    if (!root) {
        return std::nullopt;
    }
    // Either the record itself or a list of its records, of which the outcome comes last.
    std::vector<QJsonObject> records{*root};
    for (const auto& value : root->value("records"_L1).toArray()) {
        records.push_back(value.toObject());
    }
    InteractionView view;
    for (const QJsonObject& record : records) {
        if (const QJsonValue findings = record.value("findings"_L1);
            findings.isArray() && !findings.toArray().isEmpty()) {
            view.findings = findingsOf(findings.toArray());
        }
        const QJsonValue sent = firstOf(record, {"sanitised_text"_L1, "sanitised"_L1, "sent_text"_L1});
        if (sent.isString()) {
            view.sentText = sent.toString();
        }
        const QJsonValue cost = record.value("cost_usd"_L1);
        if (cost.isDouble()) {
            view.costUsd = cost.toDouble();
        }
        const QJsonValue decision = firstOf(record, {"decision"_L1, "action"_L1});
        view.decision = decision.isString() ? decision.toString() : view.decision;
        const QJsonValue rule = record.value("rule"_L1);
        view.rule = rule.isString() ? rule.toString() : view.rule;
    }
    return view;
}

} // namespace gatehouse::ui
