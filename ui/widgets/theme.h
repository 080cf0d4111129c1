// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <QColor>
#include <QPalette>

#include "types/action.h"

namespace gatehouse::ui {

// The colours that are ours, derived from the palette in use; the rest is the platform's. A value: make one when
// painting.
struct Theme {
    bool isDark = false;
    QColor accent; // the one accent colour
    QColor bubble; // behind the person's own text
    QColor bubbleText;
    QColor quiet;     // secondary text, still at least 4.5:1 on the window
    QColor line;      // hairlines
    QColor noticeBad; // background of a notice that something was held back or failed
    QColor noticePlain;
    QColor bad;

    static Theme of(const QPalette& palette);
    // One colour for each decision, everywhere; for icon and text on the window's background.
    [[nodiscard]] QColor decision(Action action) const;
    // The same colour as a soft background.
    [[nodiscard]] QColor decisionSoft(Action action) const;
};

enum class ThemeChoice { system, light, dark };

// Gives the application its style (Fusion where the platform has none of its own) and, unless `system`, its palette.
void applyTheme(ThemeChoice choice);

} // namespace gatehouse::ui
