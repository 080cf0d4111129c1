// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <QDialog>

#include "chat/chat_session.h"

class QPlainTextEdit;
class QPushButton;

namespace gatehouse::ui {

// Asks for a yes, or for a reason. Exactly one of approved() and declined() comes; closing is declining. Open it with
// open(): nothing waits for it. The safe button is the default one. Deletes itself.
class ApprovalDialog final : public QDialog {
    Q_OBJECT
public:
    static constexpr int kMaxReason = 1000; // characters

    ApprovalDialog(const PersonQuestion& question, QWidget* parent);

signals:
    void approved(const QString& justification);
    void declined();

private:
    void build(const PersonQuestion& question);
    [[nodiscard]] QString reason() const;

    QPlainTextEdit* m_reason = nullptr; // only where a reason is asked for
    QPushButton* m_yes = nullptr;
};

} // namespace gatehouse::ui
