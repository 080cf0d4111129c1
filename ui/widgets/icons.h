// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <QColor>
#include <QIcon>
#include <QPixmap>
#include <QString>

#include "ports/agent_port.h"
#include "types/action.h"

// One set of icons (ui/icons/*.svg), drawn in the colour that is asked for, so that light and dark need one file each.
namespace gatehouse::ui {

// The icon `name` ("send"); currentColor in the file becomes `color`. Sharp at any size and pixel ratio.
QIcon namedIcon(const QString& name, const QColor& color);
// One pixmap of `size` device-independent pixels.
QPixmap namedPixmap(const QString& name, const QColor& color, int size, qreal pixelRatio);

QString decisionIconName(Action action);
QString trayIconName(AgentPhase phase);
// The tray's icon; it brings its own colours, which work on light and dark panels.
QIcon trayIcon(AgentPhase phase);
QIcon productIcon();

} // namespace gatehouse::ui
