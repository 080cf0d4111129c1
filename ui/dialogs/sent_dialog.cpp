// SPDX-License-Identifier: Apache-2.0
#include "dialogs/sent_dialog.h"

#include <QHBoxLayout>
#include <QLabel>
#include <QPlainTextEdit>
#include <QPushButton>
#include <QVBoxLayout>

#include "text/dialog_words.h"
#include "text/shown_text.h"

namespace gatehouse::ui {

SentDialog::SentDialog(const std::optional<QString>& sentText, QWidget* parent) : QDialog(parent) {
    setObjectName(QStringLiteral("sentDialog"));
    setAttribute(Qt::WA_DeleteOnClose);
    setWindowTitle(text::sentTitle());
    auto* column = new QVBoxLayout(this);
    column->setContentsMargins(16, 16, 16, 16);
    column->setSpacing(12);
    auto* sentence = new QLabel(sentText ? text::sentSentence() : text::sentNotKept(), this);
    sentence->setWordWrap(true);
    column->addWidget(sentence);
    if (sentText) {
        auto* view = new QPlainTextEdit(text::shownText(*sentText), this);
        view->setObjectName(QStringLiteral("sentText"));
        view->setAccessibleName(text::sentTitle());
        view->setReadOnly(true);
        view->setTextInteractionFlags(Qt::TextSelectableByMouse | Qt::TextSelectableByKeyboard);
        view->setMinimumSize(480, 240);
        column->addWidget(view, 1);
    }
    auto* close = new QPushButton(text::close(), this);
    close->setDefault(true);
    connect(close, &QPushButton::clicked, this, &QDialog::accept);
    auto* buttons = new QHBoxLayout;
    buttons->addStretch(1);
    buttons->addWidget(close);
    column->addLayout(buttons);
    resize(560, sentText ? 400 : 120);
}

} // namespace gatehouse::ui
