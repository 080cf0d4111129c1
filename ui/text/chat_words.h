// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <QString>
#include <optional>
#include <vector>

#include "ports/agent_port.h"

namespace gatehouse::ui::text {

QString chatTitle();
QString emptyChatTitle();
QString emptyChatSentence();
QString inputPlaceholder();
QString inputName();
QString send();
QString stop();
QString newConversation();
QString copyAnswer();
QString copied();
QString menuName();
QString modelPickerName();
QString noModels();
QString loadingModels();
// What the preview model is, in one sentence.
QString previewSentence();
QString previewSuffix();
QString localSuffix();
QString waitingForAnswer();
QString you();
QString answerOf(const QString& model);
QString stoppedByYou();
QString textIsBack();
// "2 things were replaced before this left: 1 payment card, 1 e-mail address"
QString replacedBeforeLeaving(const std::vector<FindingCount>& findings);
// For a later turn in which nothing new was replaced.
QString replacedAgain(const std::vector<FindingCount>& findings);
QString replacedUnknown();
QString notedFindings(const std::vector<FindingCount>& findings);
QString showWhatWasSent();
// "$0.0012"; empty when unknown.
QString cost(const std::optional<double>& usd);
// "openai · gpt-4o"
QString origin(const QString& provider, const QString& model);

} // namespace gatehouse::ui::text
