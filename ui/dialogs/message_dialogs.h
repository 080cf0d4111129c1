// SPDX-License-Identifier: Apache-2.0
#pragma once

class QMessageBox;
class QWidget;

namespace gatehouse::ui {

// Both are made ready to open(), delete themselves on close, and never block.

// Says what quitting means; accepted() when the person wants it.
QMessageBox* makeQuitDialog(QWidget* parent);
QMessageBox* makeAboutDialog(QWidget* parent);

} // namespace gatehouse::ui
