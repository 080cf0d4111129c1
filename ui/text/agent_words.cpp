// SPDX-License-Identifier: Apache-2.0
#include "text/agent_words.h"

#include <QStringList>
#include <array>

#include "text/finding_words.h"
#include "text/words.h"

namespace gatehouse::ui::text {
namespace {

struct PhaseText {
    const char* title;
    const char* meaning;
};

// In the order of AgentPhase.
constexpr std::array<PhaseText, 7> kPhases{{
    {QT_TRANSLATE_NOOP("Gatehouse", "Starting"), QT_TRANSLATE_NOOP("Gatehouse", "Gatehouse is starting.")},
    {QT_TRANSLATE_NOOP("Gatehouse", "Ready"),
     QT_TRANSLATE_NOOP("Gatehouse", "Everything that programs and pages send to a model passes here.")},
    {QT_TRANSLATE_NOOP("Gatehouse", "Policy broken"),
     QT_TRANSLATE_NOOP("Gatehouse", "Your organisation's policy could not be read, so the strict built-in one holds. "
                                    "Please tell your IT team.")},
    {QT_TRANSLATE_NOOP("Gatehouse", "Locked"),
     QT_TRANSLATE_NOOP("Gatehouse", "The record cannot be opened because its key is missing, so nothing goes out. "
                                    "Unlock your keyring, or ask your IT team.")},
    {QT_TRANSLATE_NOOP("Gatehouse", "Record damaged"),
     QT_TRANSLATE_NOOP("Gatehouse", "The record cannot be written, so nothing goes out. Please ask your IT team; "
                                    "\"gatehousectl doctor\" says more.")},
    {QT_TRANSLATE_NOOP("Gatehouse", "Port taken"),
     QT_TRANSLATE_NOOP("Gatehouse", "Another program uses Gatehouse's port, so chat and programs cannot reach it. "
                                    "Pages in the browser are still looked after.")},
    {QT_TRANSLATE_NOOP("Gatehouse", "Stopped"),
     QT_TRANSLATE_NOOP("Gatehouse", "Gatehouse is not running, so nothing goes out through it.")},
}};

QString destinationOf(const DecisionRow& row) {
    if (!row.site.isEmpty()) {
        return row.site;
    }
    return row.provider.isEmpty() ? row.model : row.provider;
}

} // namespace

QString phaseTitle(AgentPhase phase) {
    return Words::tr(kPhases.at(static_cast<std::size_t>(phase)).title);
}

QString phaseMeaning(AgentPhase phase) {
    return Words::tr(kPhases.at(static_cast<std::size_t>(phase)).meaning);
}

QString statusLine(const AgentView& view) {
    QStringList parts{phaseTitle(view.phase)};
    if (!view.policyId.isEmpty()) {
        parts.append(Words::tr("policy %1, serial %2").arg(view.policyId).arg(view.policySerial));
    }
    if (view.isMonitorMode) {
        parts.append(Words::tr("watching only"));
    }
    return parts.join(QStringLiteral(" · "));
}

QString trayToolTip(const AgentView& view) {
    const QString problem = view.problem.isEmpty() ? phaseMeaning(view.phase) : view.problem;
    return Words::tr("Gatehouse: %1").arg(phaseTitle(view.phase)) + QLatin1Char('\n') + problem;
}

QString menuOpenChat() {
    return Words::tr("Open &chat");
}
QString menuDecisions() {
    return Words::tr("&Recent decisions");
}
QString menuPauseIsPolicy() {
    return Words::tr("Pausing is decided by your organisation's policy");
}
QString menuAbout() {
    return Words::tr("&About Gatehouse");
}
QString menuQuit() {
    return Words::tr("&Quit…");
}
QString productName() {
    return QStringLiteral("Gatehouse");
}

QString startConflict() {
    return Words::tr("Another Gatehouse already uses this data folder (perhaps \"gatehousectl serve\"). Stop it and "
                     "start Gatehouse again.");
}

QString startFailed(const QString& what) {
    return Words::tr("Gatehouse could not start: %1. \"gatehousectl doctor\" says more.").arg(what);
}

QString blockedTitle() {
    return Words::tr("Gatehouse held something back");
}

QString blockedNotice(const DecisionRow& row) {
    const QString what = row.findings.empty() ? Words::tr("Something") : listedFindings(row.findings);
    const QString where = destinationOf(row);
    const QString head = where.isEmpty() ? what : Words::tr("%1, on the way to %2").arg(what, where);
    return Words::tr("%1. Nothing left this computer. Click to see why.").arg(head);
}

QString blockedMore(int count) {
    return Words::tr("%1 more things were held back. Nothing of them left this computer. Click to see why.").arg(count);
}

} // namespace gatehouse::ui::text
