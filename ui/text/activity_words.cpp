// SPDX-License-Identifier: Apache-2.0
#include "text/activity_words.h"

#include <QLocale>

#include "text/words.h"

namespace gatehouse::ui::text {

QString activityTitle() {
    return Words::tr("Recent decisions");
}
QString filterPlaceholder() {
    return Words::tr("Filter by program, page, model, rule or finding");
}
QString filterName() {
    return Words::tr("Filter");
}
QString allDecisions() {
    return Words::tr("All decisions");
}
QString decisionFilterName() {
    return Words::tr("Decision");
}
QString refresh() {
    return Words::tr("Refresh");
}
QString columnTime() {
    return Words::tr("Time");
}
QString columnFrom() {
    return Words::tr("From");
}
QString columnTo() {
    return Words::tr("To");
}
QString columnDecision() {
    return Words::tr("Decision");
}
QString columnFound() {
    return Words::tr("Found");
}
QString nothingFound() {
    return Words::tr("Nothing sensitive");
}
QString noDecisionsTitle() {
    return Words::tr("Nothing yet");
}
QString noDecisionsSentence() {
    return Words::tr(
        "When a program, a page or the chat sends something to a model, the decision about it appears here.");
}
QString noMatchTitle() {
    return Words::tr("Nothing fits the filter");
}
QString noMatchSentence() {
    return Words::tr("Change the words above, or choose all decisions.");
}
QString recentFailedTitle() {
    return Words::tr("The record cannot be read now");
}
QString recentFailedSentence() {
    return Words::tr(
        "It may be locked. Unlock your keyring and start Gatehouse again; \"gatehousectl doctor\" says more.");
}
QString selectOne() {
    return Words::tr("Choose a decision to see more about it.");
}
QString detailWhen() {
    return Words::tr("When");
}
QString detailFrom() {
    return Words::tr("From");
}
QString detailProgram() {
    return Words::tr("Program");
}
QString detailTo() {
    return Words::tr("To");
}
QString detailDecision() {
    return Words::tr("Decision");
}
QString detailRule() {
    return Words::tr("Rule");
}
QString detailFound() {
    return Words::tr("Found");
}
QString detailOutcome() {
    return Words::tr("Outcome");
}
QString detailPolicy() {
    return Words::tr("Policy");
}
QString detailCost() {
    return Words::tr("Cost");
}
QString detailTook() {
    return Words::tr("Took");
}
QString detailId() {
    return Words::tr("Number");
}
QString milliseconds(double value) {
    return Words::tr("%1 ms").arg(QLocale().toString(value, 'f', value < 10 ? 1 : 0));
}
QString defaultRule() {
    return Words::tr("none matched; the default holds");
}
QString viaChannel(const QString& channel, const QString& source) {
    return source.isEmpty() ? channel : Words::tr("%1 (%2)").arg(source, channel.toLower());
}

} // namespace gatehouse::ui::text
