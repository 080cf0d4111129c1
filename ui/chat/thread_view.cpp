// SPDX-License-Identifier: Apache-2.0
#include "chat/thread_view.h"

#include <QLabel>
#include <QResizeEvent>
#include <QScrollBar>
#include <QVBoxLayout>

#include "chat/turn_view.h"
#include "text/chat_words.h"
#include "widgets/icons.h"
#include "widgets/wrapped_label.h"

namespace gatehouse::ui {
namespace {

constexpr int kMargin = 16;
constexpr int kMaxColumn = 820; // longer lines are hard to read

} // namespace

ThreadView::ThreadView(QWidget* parent) : QScrollArea(parent), m_content(new QWidget(this)), m_column(nullptr) {
    setObjectName(QStringLiteral("thread"));
    setFrameShape(QFrame::NoFrame);
    setWidgetResizable(true);
    setHorizontalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
    setFocusPolicy(Qt::NoFocus);
    m_column = new QVBoxLayout(m_content);
    m_column->setSpacing(24);
    m_empty = makeEmpty();
    m_column->addStretch(1);
    m_column->addWidget(m_empty);
    m_column->addStretch(1);
    setWidget(m_content);
    viewport()->setAutoFillBackground(false);
    m_content->setAutoFillBackground(false);
    connect(verticalScrollBar(), &QScrollBar::rangeChanged, this, &ThreadView::followEnd);
    connect(verticalScrollBar(), &QScrollBar::actionTriggered, this,
            [this] { m_isAtEnd = verticalScrollBar()->sliderPosition() >= verticalScrollBar()->maximum() - 8; });
    fit();
}

QWidget* ThreadView::makeEmpty() {
    auto* empty = new QWidget(m_content);
    empty->setObjectName(QStringLiteral("emptyChat"));
    auto* icon = new QLabel(empty);
    icon->setPixmap(productIcon().pixmap(QSize(48, 48), devicePixelRatioF()));
    auto* title = new QLabel(text::emptyChatTitle(), empty);
    QFont large = title->font();
    large.setPointSizeF(large.pointSizeF() * 1.5);
    large.setWeight(QFont::DemiBold);
    title->setFont(large);
    auto* sentence = new QLabel(text::emptyChatSentence(), empty);
    sentence->setAlignment(Qt::AlignHCenter);
    fitWrapped(*sentence, 380);
    auto* column = new QVBoxLayout(empty);
    column->setSpacing(12);
    column->addWidget(icon, 0, Qt::AlignHCenter);
    column->addWidget(title, 0, Qt::AlignHCenter);
    column->addWidget(sentence, 0, Qt::AlignHCenter);
    return empty;
}

TurnView& ThreadView::add(const Turn& turn) {
    m_empty->setVisible(false);
    auto* view = new TurnView(turn, m_content);
    m_column->insertWidget(m_column->count() - 1, view);
    m_column->setStretch(0, 0);
    m_turns.push_back(view);
    view->setAvailableWidth(columnWidth());
    m_isAtEnd = true;
    return *view;
}

TurnView* ThreadView::at(int index) {
    return index >= 0 && static_cast<std::size_t>(index) < m_turns.size() ? m_turns[static_cast<std::size_t>(index)]
                                                                          : nullptr;
}

void ThreadView::clear() {
    for (TurnView* view : m_turns) {
        view->hide();
        view->deleteLater();
    }
    m_turns.clear();
    m_column->setStretch(0, 1);
    m_empty->setVisible(true);
}

void ThreadView::scrollToEnd() {
    m_isAtEnd = true;
    followEnd();
}

void ThreadView::followEnd() {
    if (m_isAtEnd) {
        verticalScrollBar()->setValue(verticalScrollBar()->maximum());
    }
}

int ThreadView::columnWidth() const {
    return qMin(kMaxColumn, viewport()->width() - 2 * kMargin);
}

void ThreadView::fit() {
    const int side = qMax(kMargin, (viewport()->width() - kMaxColumn) / 2);
    m_column->setContentsMargins(side, kMargin, side, kMargin);
    for (TurnView* view : m_turns) {
        view->setAvailableWidth(columnWidth());
    }
}

void ThreadView::resizeEvent(QResizeEvent* event) {
    QScrollArea::resizeEvent(event);
    fit();
}

} // namespace gatehouse::ui
