// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <QString>

namespace gatehouse::ui::text {

QString activityTitle();
QString filterPlaceholder();
QString filterName();
QString allDecisions();
QString decisionFilterName();
QString refresh();
QString columnTime();
QString columnFrom();
QString columnTo();
QString columnDecision();
QString columnFound();
QString nothingFound();
QString noDecisionsTitle();
QString noDecisionsSentence();
QString noMatchTitle();
QString noMatchSentence();
QString recentFailedTitle();
QString recentFailedSentence();
QString selectOne();
QString detailWhen();
QString detailFrom();
QString detailProgram();
QString detailTo();
QString detailDecision();
QString detailRule();
QString detailFound();
QString detailOutcome();
QString detailPolicy();
QString detailCost();
QString detailTook();
QString detailId();
QString milliseconds(double value);
QString defaultRule();
QString viaChannel(const QString& channel, const QString& source);

} // namespace gatehouse::ui::text
