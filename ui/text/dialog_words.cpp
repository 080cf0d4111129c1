// SPDX-License-Identifier: Apache-2.0
#include "text/dialog_words.h"

#include "text/words.h"

namespace gatehouse::ui::text {

QString confirmTitle() {
    return Words::tr("Send this?");
}
QString confirmQuestion() {
    return Words::tr("Your message holds something sensitive. You may send it; your choice is recorded.");
}
QString confirmYes() {
    return Words::tr("Send anyway");
}
QString justifyTitle() {
    return Words::tr("Why should this leave?");
}
QString justifyQuestion() {
    return Words::tr("Your message holds something sensitive. Your organisation asks for a reason before it is sent.");
}
QString justifyPlaceholder() {
    return Words::tr("For example: the customer asked us to check this account");
}
QString justifyYes() {
    return Words::tr("Send with this reason");
}
QString justifyIsRecorded() {
    return Words::tr("Your reason is recorded. It holds for this one message, for five minutes.");
}
QString doNotSend() {
    return Words::tr("Do not send");
}
QString byRule(const QString& rule) {
    return rule.isEmpty() ? QString() : Words::tr("Rule: %1").arg(rule);
}

QString sentTitle() {
    return Words::tr("What was sent");
}
QString sentSentence() {
    return Words::tr("This is the text as it left this computer. The values behind the placeholders stayed here.");
}
QString sentNotKept() {
    return Words::tr("Your organisation's policy does not keep the text, so it cannot be shown. What was replaced is "
                     "listed in the recent decisions.");
}
QString close() {
    return Words::tr("Close");
}

QString quitTitle() {
    return Words::tr("Quit Gatehouse?");
}
QString quitMeaning() {
    return Words::tr(
        "While Gatehouse is not running, this chat and the programs that use it cannot reach any model, and "
        "guarded pages in the browser hold back what you paste. Running answers are stopped.");
}
QString quitYes() {
    return Words::tr("Quit");
}
QString cancel() {
    return Words::tr("Stay");
}

QString aboutTitle() {
    return Words::tr("About Gatehouse");
}
QString aboutText(const QString& version) {
    return Words::tr(
               "Gatehouse %1\n\nThe governed way from this computer to any AI model: what may not leave is replaced "
               "or held back, and every decision is recorded here, encrypted.\n\nLicensed under the Apache "
               "License 2.0.")
        .arg(version);
}

QString alreadyRunningButSilent() {
    return Words::tr("Gatehouse is already running but does not answer. End that process, or sign out and in again.");
}

} // namespace gatehouse::ui::text
