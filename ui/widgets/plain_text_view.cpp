// SPDX-License-Identifier: Apache-2.0
#include "widgets/plain_text_view.h"

#include <QAbstractTextDocumentLayout>
#include <QEvent>
#include <QTextBlock>
#include <QTextCursor>
#include <QWheelEvent>
#include <QtMath>

#include "text/shown_text.h"

namespace gatehouse::ui {

PlainTextView::PlainTextView(QWidget* parent) : QTextEdit(parent) {
    setReadOnly(true);
    setAcceptRichText(false);
    setUndoRedoEnabled(false);
    setTextInteractionFlags(Qt::TextSelectableByMouse | Qt::TextSelectableByKeyboard);
    setTabChangesFocus(true);
    setFrameShape(QFrame::NoFrame);
    setHorizontalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
    setVerticalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
    setWordWrapMode(QTextOption::WrapAtWordBoundaryOrAnywhere);
    document()->setDocumentMargin(0);
    // What lies behind shows through: a bubble or the window.
    setAutoFillBackground(false);
    viewport()->setAutoFillBackground(false);
    setSizePolicy(QSizePolicy::Expanding, QSizePolicy::Fixed);
    connect(document()->documentLayout(), &QAbstractTextDocumentLayout::documentSizeChanged, this,
            [this] { fitHeight(); });
    fitHeight();
}

void PlainTextView::setShownText(const QString& text) {
    setPlainText(text::shownText(text));
    fitHeight();
}

void PlainTextView::appendShownText(const QString& text) {
    QTextCursor cursor(document());
    cursor.movePosition(QTextCursor::End);
    cursor.insertText(text::shownText(text));
}

void PlainTextView::shrinkTo(int limit) {
    int widest = 8;
    for (QTextBlock block = document()->begin(); block.isValid() && widest < limit; block = block.next()) {
        widest = qMax(widest, fontMetrics().size(Qt::TextExpandTabs, block.text()).width() + 4);
    }
    setFixedWidth(qMin(widest, limit));
    fitHeight();
}

void PlainTextView::wheelEvent(QWheelEvent* event) {
    event->ignore(); // the conversation scrolls, not one text in it
}

void PlainTextView::resizeEvent(QResizeEvent* event) {
    QTextEdit::resizeEvent(event);
    fitHeight();
}

void PlainTextView::changeEvent(QEvent* event) {
    QTextEdit::changeEvent(event);
    if (event->type() == QEvent::FontChange) {
        fitHeight();
    }
}

void PlainTextView::fitHeight() {
    const int wanted = qMax(fontMetrics().lineSpacing(), qCeil(document()->size().height()));
    if (wanted != height() || maximumHeight() != wanted) {
        setFixedHeight(wanted);
    }
}

} // namespace gatehouse::ui
