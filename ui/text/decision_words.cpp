// SPDX-License-Identifier: Apache-2.0
#include "text/decision_words.h"

#include <array>
#include <string_view>

#include "text/words.h"

namespace gatehouse::ui::text {
namespace {

struct DecisionText {
    const char* title;
    const char* meaning;
};

// In the order of Action.
constexpr std::array<DecisionText, 7> kDecisions{{
    {QT_TRANSLATE_NOOP("Gatehouse", "Allowed"), QT_TRANSLATE_NOOP("Gatehouse", "It went out as it was written.")},
    {QT_TRANSLATE_NOOP("Gatehouse", "Logged"),
     QT_TRANSLATE_NOOP("Gatehouse", "It went out as it was written, and what was found in it was noted.")},
    {QT_TRANSLATE_NOOP("Gatehouse", "Warned"),
     QT_TRANSLATE_NOOP("Gatehouse", "It holds something sensitive; it goes out only with a warning.")},
    {QT_TRANSLATE_NOOP("Gatehouse", "Justified"),
     QT_TRANSLATE_NOOP("Gatehouse", "It holds something sensitive; it goes out only with a reason.")},
    {QT_TRANSLATE_NOOP("Gatehouse", "Redacted"),
     QT_TRANSLATE_NOOP("Gatehouse", "Sensitive parts were replaced before it left this computer.")},
    {QT_TRANSLATE_NOOP("Gatehouse", "Kept local"),
     QT_TRANSLATE_NOOP("Gatehouse", "It may only go to a model on this computer.")},
    {QT_TRANSLATE_NOOP("Gatehouse", "Blocked"), QT_TRANSLATE_NOOP("Gatehouse", "Nothing left this computer.")},
}};

// In the order of Channel.
constexpr std::array<const char*, 8> kChannels{
    QT_TRANSLATE_NOOP("Gatehouse", "Program"),  QT_TRANSLATE_NOOP("Gatehouse", "Chat"),
    QT_TRANSLATE_NOOP("Gatehouse", "Paste"),    QT_TRANSLATE_NOOP("Gatehouse", "Drop"),
    QT_TRANSLATE_NOOP("Gatehouse", "Upload"),   QT_TRANSLATE_NOOP("Gatehouse", "Submit"),
    QT_TRANSLATE_NOOP("Gatehouse", "Web page"), QT_TRANSLATE_NOOP("Gatehouse", "Clipboard"),
};

struct OutcomeText {
    std::string_view word;
    const char* title;
};
constexpr std::array<OutcomeText, 6> kOutcomes{{
    {"sent", QT_TRANSLATE_NOOP("Gatehouse", "Sent")},
    {"completed", QT_TRANSLATE_NOOP("Gatehouse", "Answered")},
    {"refused", QT_TRANSLATE_NOOP("Gatehouse", "Not sent")},
    {"client_gone", QT_TRANSLATE_NOOP("Gatehouse", "Stopped before the end")},
    {"upstream_failed", QT_TRANSLATE_NOOP("Gatehouse", "The model failed to answer")},
    {"upstream_timed_out", QT_TRANSLATE_NOOP("Gatehouse", "The model took too long")},
}};

} // namespace

QString decisionTitle(Action action) {
    return Words::tr(kDecisions.at(static_cast<std::size_t>(action)).title);
}

QString decisionMeaning(Action action) {
    return Words::tr(kDecisions.at(static_cast<std::size_t>(action)).meaning);
}

QString channelTitle(Channel channel) {
    return Words::tr(kChannels.at(static_cast<std::size_t>(channel)));
}

QString outcomeTitle(const QString& outcome) {
    const std::string word = outcome.toStdString();
    for (const OutcomeText& row : kOutcomes) {
        if (row.word == word) {
            return Words::tr(row.title);
        }
    }
    QString plain = outcome;
    return plain.replace(QLatin1Char('_'), QLatin1Char(' '));
}

} // namespace gatehouse::ui::text
