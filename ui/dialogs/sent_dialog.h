// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <QDialog>
#include <QString>
#include <optional>

namespace gatehouse::ui {

// The text as it left, or why it cannot be shown. Open it with open(); deletes itself.
class SentDialog final : public QDialog {
    Q_OBJECT
public:
    SentDialog(const std::optional<QString>& sentText, QWidget* parent);
};

} // namespace gatehouse::ui
