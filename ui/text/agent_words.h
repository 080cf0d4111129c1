// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <QString>

#include "ports/agent_port.h"

namespace gatehouse::ui::text {

// "Ready", "Policy broken", …: the tray's tooltip and status line.
QString phaseTitle(AgentPhase phase);
// What the phase means and what to do, for when the agent gives no sentence of its own.
QString phaseMeaning(AgentPhase phase);
// The status line of the menu: "Ready · policy acme 12".
QString statusLine(const AgentView& view);
QString trayToolTip(const AgentView& view);

QString menuOpenChat();
QString menuDecisions();
QString menuPauseIsPolicy();
QString menuAbout();
QString menuQuit();
QString productName();

// Why the agent did not start: another one holds the folder, or `what` (of an Error: never the person's text).
QString startConflict();
QString startFailed(const QString& what);

QString blockedTitle();
// "1 payment card to chatgpt.com. Nothing left this computer."
QString blockedNotice(const DecisionRow& row);
QString blockedMore(int count);

} // namespace gatehouse::ui::text
