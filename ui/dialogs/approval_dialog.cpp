// SPDX-License-Identifier: Apache-2.0
#include "dialogs/approval_dialog.h"

#include <QHBoxLayout>
#include <QLabel>
#include <QPlainTextEdit>
#include <QPushButton>
#include <QVBoxLayout>

#include "text/dialog_words.h"
#include "widgets/notice_box.h"
#include "widgets/theme.h"

namespace gatehouse::ui {
namespace {

constexpr int kWidth = 460;

} // namespace

ApprovalDialog::ApprovalDialog(const PersonQuestion& question, QWidget* parent) : QDialog(parent) {
    setObjectName(QStringLiteral("approvalDialog"));
    setAttribute(Qt::WA_DeleteOnClose);
    build(question);
    connect(this, &QDialog::accepted, this, [this] { emit approved(reason()); });
    connect(this, &QDialog::rejected, this, &ApprovalDialog::declined);
}

void ApprovalDialog::build(const PersonQuestion& question) {
    const bool isJustify = question.kind == PersonQuestion::Kind::justify;
    setWindowTitle(isJustify ? text::justifyTitle() : text::confirmTitle());
    setMinimumWidth(kWidth);
    auto* column = new QVBoxLayout(this);
    column->setContentsMargins(16, 16, 16, 16);
    column->setSpacing(12);

    auto* notice = new NoticeBox(this);
    const QString own = isJustify ? text::justifyQuestion() : text::confirmQuestion();
    notice->show({windowTitle(), question.message.isEmpty() ? own : question.message,
                  question.message.contains(question.rule) ? QString() : text::byRule(question.rule)},
                 isJustify ? Action::justify : Action::warn);
    column->addWidget(notice);
    if (isJustify) {
        m_reason = new QPlainTextEdit(this);
        m_reason->setObjectName(QStringLiteral("reasonInput"));
        m_reason->setAccessibleName(text::justifyTitle());
        m_reason->setPlaceholderText(text::justifyPlaceholder());
        m_reason->setTabChangesFocus(true);
        m_reason->setFixedHeight(fontMetrics().lineSpacing() * 4 + 12);
        column->addWidget(m_reason);
        auto* recorded = new QLabel(text::justifyIsRecorded(), this);
        recorded->setWordWrap(true);
        QPalette quiet = recorded->palette();
        quiet.setColor(QPalette::WindowText, Theme::of(palette()).quiet);
        recorded->setPalette(quiet);
        column->addWidget(recorded);
    }

    column->addStretch(1);
    auto* no = new QPushButton(text::doNotSend(), this);
    no->setObjectName(QStringLiteral("declineButton"));
    m_yes = new QPushButton(isJustify ? text::justifyYes() : text::confirmYes(), this);
    m_yes->setObjectName(QStringLiteral("approveButton"));
    m_yes->setAutoDefault(false);
    no->setDefault(true);
    auto* buttons = new QHBoxLayout;
    buttons->addStretch(1);
    buttons->addWidget(m_yes);
    buttons->addWidget(no);
    column->addLayout(buttons);
    connect(no, &QPushButton::clicked, this, &QDialog::reject);
    connect(m_yes, &QPushButton::clicked, this, &QDialog::accept);
    if (m_reason != nullptr) {
        m_yes->setEnabled(false);
        connect(m_reason, &QPlainTextEdit::textChanged, this, [this] { m_yes->setEnabled(!reason().isEmpty()); });
        m_reason->setFocus();
    } else {
        no->setFocus();
    }
    resize(kWidth, column->heightForWidth(kWidth));
}

QString ApprovalDialog::reason() const {
    return m_reason == nullptr ? QString() : m_reason->toPlainText().trimmed().left(kMaxReason);
}

} // namespace gatehouse::ui
