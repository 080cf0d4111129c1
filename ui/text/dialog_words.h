// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <QString>

namespace gatehouse::ui::text {

QString confirmTitle();
QString confirmQuestion();
QString confirmYes();
QString justifyTitle();
QString justifyQuestion();
QString justifyPlaceholder();
QString justifyYes();
QString justifyIsRecorded();
QString doNotSend();
QString byRule(const QString& rule);

QString sentTitle();
QString sentSentence();
QString sentNotKept();
QString close();

QString quitTitle();
QString quitMeaning();
QString quitYes();
QString cancel();

QString aboutTitle();
QString aboutText(const QString& version);

QString alreadyRunningButSilent();

} // namespace gatehouse::ui::text
