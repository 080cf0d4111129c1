// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <QCoreApplication>

// All words that people read in windows and tray live in this folder. Rules: short, kind, exact; say what happened,
// why, and what the person can do; never blame, never the found value.
namespace gatehouse::ui::text {

// One translation context for all of it: Words::tr("…").
struct Words {
    Q_DECLARE_TR_FUNCTIONS(Gatehouse)
};

} // namespace gatehouse::ui::text
