// SPDX-License-Identifier: Apache-2.0
#include "chat/composer.h"

#include <QEvent>
#include <QHBoxLayout>
#include <QKeyEvent>
#include <QPainter>
#include <QToolButton>

#include "text/chat_words.h"
#include "widgets/icons.h"
#include "widgets/theme.h"

namespace gatehouse::ui {
namespace {

constexpr int kMaxLines = 8;

} // namespace

Composer::Composer(QWidget* parent)
    : QWidget(parent)
    , m_input(new QPlainTextEdit(this))
    , m_button(new QToolButton(this)) {
    m_input->setObjectName(QStringLiteral("chatInput"));
    m_input->setAccessibleName(text::inputName());
    m_input->setPlaceholderText(text::inputPlaceholder());
    m_input->setTabChangesFocus(true);
    m_input->setFrameShape(QFrame::NoFrame);
    m_input->setVerticalScrollBarPolicy(Qt::ScrollBarAsNeeded);
    m_input->viewport()->setAutoFillBackground(false);
    m_input->installEventFilter(this);
    m_button->setObjectName(QStringLiteral("sendButton"));
    m_button->setIconSize({20, 20});
    m_button->setFixedSize(36, 36);
    m_button->setAutoRaise(true);
    m_button->setFocusPolicy(Qt::TabFocus);

    auto* row = new QHBoxLayout(this);
    row->setContentsMargins(8, 4, 4, 4);
    row->setSpacing(4);
    row->addWidget(m_input, 1, Qt::AlignVCenter);
    row->addWidget(m_button, 0, Qt::AlignBottom);

    connect(m_button, &QToolButton::clicked, this, &Composer::act);
    connect(m_input, &QPlainTextEdit::textChanged, this, [this] {
        fitHeight();
        refresh();
        emit textEdited();
    });
    setFocusProxy(m_input);
    fitHeight();
    refresh();
}

QString Composer::text() const {
    return m_input->toPlainText();
}

void Composer::setText(const QString& text) {
    m_input->setPlainText(text);
    m_input->moveCursor(QTextCursor::End);
}

void Composer::clear() {
    m_input->clear();
}

void Composer::setBusy(bool isBusy) {
    m_isBusy = isBusy;
    refresh();
}

void Composer::setSendable(bool isSendable) {
    m_isSendable = isSendable;
    refresh();
}

void Composer::focusInput() {
    m_input->setFocus(Qt::OtherFocusReason);
}

void Composer::act() {
    if (m_isBusy) {
        emit stopRequested();
    } else if (m_isSendable && !text().trimmed().isEmpty()) {
        emit sendRequested(text());
    }
}

bool Composer::eventFilter(QObject* watched, QEvent* event) {
    if (watched == m_input && (event->type() == QEvent::FocusIn || event->type() == QEvent::FocusOut)) {
        update();
    }
    if (watched != m_input || event->type() != QEvent::KeyPress) {
        return QWidget::eventFilter(watched, event);
    }
    const auto* key = static_cast<QKeyEvent*>(event);
    const bool isEnter = key->key() == Qt::Key_Return || key->key() == Qt::Key_Enter;
    if (isEnter && (key->modifiers() & (Qt::ShiftModifier | Qt::AltModifier)) == Qt::NoModifier) {
        if (!m_isBusy) { // Enter never stops an answer by accident
            act();
        }
        return true;
    }
    if (key->key() == Qt::Key_Escape && m_isBusy) {
        emit stopRequested();
        return true;
    }
    return QWidget::eventFilter(watched, event);
}

void Composer::changeEvent(QEvent* event) {
    QWidget::changeEvent(event);
    if (event->type() == QEvent::PaletteChange || event->type() == QEvent::FontChange) {
        fitHeight();
        refresh();
    }
}

void Composer::paintEvent(QPaintEvent* /*event*/) {
    const Theme theme = Theme::of(palette());
    QPainter painter(this);
    painter.setRenderHint(QPainter::Antialiasing);
    painter.setPen(QPen(m_input->hasFocus() ? theme.accent : theme.line, 1.5));
    painter.setBrush(palette().color(QPalette::Base));
    painter.drawRoundedRect(QRectF(rect()).adjusted(1, 1, -1, -1), 10, 10);
}

void Composer::refresh() {
    const Theme theme = Theme::of(palette());
    const bool canAct = m_isBusy || (m_isSendable && !text().trimmed().isEmpty());
    const QString words = m_isBusy ? text::stop() : text::send();
    m_button->setIcon(
        namedIcon(m_isBusy ? QStringLiteral("stop") : QStringLiteral("send"), m_isBusy ? theme.bad : theme.accent));
    m_button->setEnabled(canAct);
    m_button->setAccessibleName(words);
    m_button->setToolTip(m_isBusy ? words + QStringLiteral(" (Esc)") : words + QStringLiteral(" (Enter)"));
}

void Composer::fitHeight() {
    const int lines = qBound(1, static_cast<int>(m_input->document()->size().height()), kMaxLines);
    const int margins = qRound(m_input->document()->documentMargin() * 2) + 2;
    m_input->setFixedHeight(lines * m_input->fontMetrics().lineSpacing() + margins);
}

} // namespace gatehouse::ui
