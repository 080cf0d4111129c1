// SPDX-License-Identifier: Apache-2.0
#include "text/chat_words.h"

#include <QLocale>

#include "text/finding_words.h"
#include "text/words.h"

namespace gatehouse::ui::text {

QString chatTitle() {
    return Words::tr("Gatehouse chat");
}
QString emptyChatTitle() {
    return Words::tr("Ask a model, safely");
}
QString emptyChatSentence() {
    return Words::tr("Write below. What may not leave this computer is replaced or held back before it goes, "
                     "and you see what happened.");
}
QString inputPlaceholder() {
    return Words::tr("Write a message (Enter sends, Shift+Enter starts a new line)");
}
QString inputName() {
    return Words::tr("Message");
}
QString send() {
    return Words::tr("Send");
}
QString stop() {
    return Words::tr("Stop");
}
QString newConversation() {
    return Words::tr("New conversation");
}
QString copyAnswer() {
    return Words::tr("Copy");
}
QString copied() {
    return Words::tr("Copied");
}
QString menuName() {
    return Words::tr("More");
}
QString modelPickerName() {
    return Words::tr("Model");
}
QString noModels() {
    return Words::tr("No model available");
}
QString loadingModels() {
    return Words::tr("Looking for models…");
}
QString previewSentence() {
    return Words::tr("Preview asks no model: it answers with exactly what would have left this computer.");
}
QString previewSuffix() {
    return Words::tr("preview, asks no model");
}
QString localSuffix() {
    return Words::tr("on this computer");
}
QString waitingForAnswer() {
    return Words::tr("Waiting for the answer…");
}
QString you() {
    return Words::tr("You");
}
QString answerOf(const QString& model) {
    return model.isEmpty() ? Words::tr("Answer") : Words::tr("Answer of %1").arg(model);
}
QString stoppedByYou() {
    return Words::tr("You stopped the answer here.");
}
QString textIsBack() {
    return Words::tr("Your text is back in the box below.");
}

QString replacedBeforeLeaving(const std::vector<FindingCount>& findings) {
    const quint64 total = totalCount(findings);
    return (total == 1 ? Words::tr("1 thing was replaced before this left: %1")
                       : Words::tr("%1 things were replaced before this left: %2").arg(total))
        .arg(listedFindings(findings));
}

QString replacedAgain(const std::vector<FindingCount>& findings) {
    return Words::tr("Still replaced from earlier in this conversation: %1").arg(listedFindings(findings));
}

QString replacedUnknown() {
    return Words::tr("Something was replaced before this left");
}

QString notedFindings(const std::vector<FindingCount>& findings) {
    return Words::tr("Found and noted, sent as it is: %1").arg(listedFindings(findings));
}

QString showWhatWasSent() {
    return Words::tr("Show what was sent");
}

QString cost(const std::optional<double>& usd) {
    if (!usd) {
        return {};
    }
    const int decimals = *usd == 0.0 || *usd >= 1.0 ? 2 : 4;
    return QLatin1Char('$') + QLocale::c().toString(*usd, 'f', decimals);
}

QString origin(const QString& provider, const QString& model) {
    if (provider.isEmpty() || model.isEmpty() || provider == model) {
        return provider.isEmpty() ? model : provider;
    }
    return provider + QStringLiteral(" · ") + model;
}

} // namespace gatehouse::ui::text
