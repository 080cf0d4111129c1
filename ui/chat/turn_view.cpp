// SPDX-License-Identifier: Apache-2.0
#include "chat/turn_view.h"

#include <QEvent>
#include <QHBoxLayout>
#include <QLabel>
#include <QPainter>
#include <QPushButton>
#include <QToolButton>

#include "text/chat_words.h"
#include "text/shown_text.h"
#include "widgets/decision_badge.h"
#include "widgets/icons.h"
#include "widgets/notice_box.h"
#include "widgets/plain_text_view.h"
#include "widgets/theme.h"
#include "widgets/wrapped_label.h"

namespace gatehouse::ui {
namespace {

constexpr int kBubbleMargin = 12;
constexpr int kReplacedIcon = 16;
constexpr int kReplacedGap = 6;

QLabel* makeQuietLabel(QWidget* parent, const QString& name) {
    auto* label = new QLabel(parent);
    label->setObjectName(name);
    label->setTextFormat(Qt::PlainText);
    label->setWordWrap(true);
    return label;
}

// The colour of what went wrong: the decision where the gateway made one, else that of "blocked".
std::optional<Action> noticeAction(const Turn& turn) {
    if (turn.head.decision && *turn.head.decision != Action::allow) {
        return turn.head.decision;
    }
    return turn.head.status >= 400 ? std::optional(Action::block) : std::nullopt;
}

} // namespace

TurnView::TurnView(const Turn& turn, QWidget* parent)
    : QWidget(parent)
    , m_asked(new PlainTextView(this))
    , m_bubble(new QWidget(this))
    , m_replacedRow(new QWidget(this))
    , m_replacedIcon(new QLabel(m_replacedRow))
    , m_replaced(makeQuietLabel(m_replacedRow, QStringLiteral("replacedLabel")))
    , m_showSent(new QPushButton(text::showWhatWasSent(), m_replacedRow))
    , m_answer(new PlainTextView(this))
    , m_footer(makeFooter())
    , m_notice(new NoticeBox(this)) {
    setObjectName(QStringLiteral("turn"));
    build(turn);
    show(turn);
}

void TurnView::build(const Turn& turn) {
    m_asked->setObjectName(QStringLiteral("askedText"));
    m_asked->setAccessibleName(text::you());
    m_asked->setShownText(turn.asked);
    auto* inside = new QVBoxLayout(m_bubble);
    inside->setContentsMargins(kBubbleMargin, 8, kBubbleMargin, 8);
    inside->addWidget(m_asked);
    m_bubble->setSizePolicy(QSizePolicy::Fixed, QSizePolicy::Fixed);

    m_showSent->setObjectName(QStringLiteral("showSentButton"));
    m_showSent->setFlat(true);
    m_showSent->setCursor(Qt::PointingHandCursor);
    connect(m_showSent, &QPushButton::clicked, this, &TurnView::showSentRequested);
    m_replaced->setAlignment(Qt::AlignRight | Qt::AlignVCenter);
    auto* replaced = new QHBoxLayout(m_replacedRow);
    replaced->setContentsMargins(0, 0, 0, 0);
    replaced->setSpacing(kReplacedGap);
    replaced->addStretch(1);
    replaced->addWidget(m_replacedIcon);
    replaced->addWidget(m_replaced);
    replaced->addWidget(m_showSent);

    m_answer->setObjectName(QStringLiteral("answerText"));
    m_answer->setAccessibleName(text::answerOf(turn.askedModel));
    m_answer->setShownText(turn.answered);

    m_replacedRow->setSizePolicy(QSizePolicy::Preferred, QSizePolicy::Fixed);
    m_footer->setSizePolicy(QSizePolicy::Preferred, QSizePolicy::Fixed);

    auto* column = new QVBoxLayout(this);
    column->setContentsMargins(0, 0, 0, 0);
    column->setSpacing(8);
    column->addWidget(m_bubble, 0, Qt::AlignRight);
    column->addWidget(m_replacedRow);
    column->addWidget(m_answer);
    column->addWidget(m_footer);
    column->addWidget(m_notice);
    column->addStretch(1);
    recolor();
}

QWidget* TurnView::makeFooter() {
    auto* footer = new QWidget(this);
    m_badge = new DecisionBadge(Action::allow, footer);
    m_origin = makeQuietLabel(footer, QStringLiteral("originLabel"));
    m_copy = new QToolButton(footer);
    m_copy->setObjectName(QStringLiteral("copyButton"));
    m_copy->setAutoRaise(true);
    m_copy->setText(text::copyAnswer());
    m_copy->setAccessibleName(text::copyAnswer());
    m_copy->setToolButtonStyle(Qt::ToolButtonTextBesideIcon);
    connect(m_copy, &QToolButton::clicked, this, &TurnView::copyRequested);
    auto* row = new QHBoxLayout(footer);
    row->setContentsMargins(0, 0, 0, 0);
    row->setSpacing(8);
    row->addWidget(m_badge);
    row->addWidget(m_origin, 1);
    row->addWidget(m_copy);
    return footer;
}

void TurnView::show(const Turn& turn) {
    m_isDimmed = turn.state == TurnState::failed;
    m_answer->setVisible(!turn.answered.isEmpty());
    showReplaced(turn);
    showFooter(turn);
    showNotice(turn);
    update();
}

void TurnView::showReplaced(const Turn& turn) {
    const bool isRedacted = turn.head.decision == Action::redact && turn.head.status == 200;
    const bool isLogged = turn.head.decision == Action::log && !turn.found.empty();
    if (isRedacted && !turn.replaced.empty()) {
        m_replaced->setText(text::replacedBeforeLeaving(turn.replaced));
    } else if (isRedacted && !turn.found.empty()) {
        m_replaced->setText(text::replacedAgain(turn.found));
    } else if (isRedacted) {
        m_replaced->setText(text::replacedUnknown());
    } else if (isLogged) {
        m_replaced->setText(text::notedFindings(turn.found));
    }
    m_showSent->setVisible(isRedacted);
    m_replacedRow->setVisible(isRedacted || isLogged);
    fitReplaced();
}

// One line where it fits, else wrapped beside its icon and button.
void TurnView::fitReplaced() {
    const int beside = kReplacedIcon + m_showSent->sizeHint().width() + 3 * kReplacedGap;
    const int wanted = m_replaced->fontMetrics().horizontalAdvance(m_replaced->text()) + 2;
    fitWrapped(*m_replaced, qBound(40, m_available - beside, wanted < 40 ? 40 : wanted));
}

void TurnView::showFooter(const Turn& turn) {
    const bool isAnswered = turn.head.status == 200;
    m_footer->setVisible(isAnswered || turn.state == TurnState::waiting);
    m_badge->setVisible(isAnswered && turn.head.decision.has_value());
    if (turn.head.decision) {
        m_badge->setAction(*turn.head.decision);
    }
    QStringList words;
    if (turn.state == TurnState::waiting || (turn.state == TurnState::answering && turn.answered.isEmpty())) {
        words.append(text::waitingForAnswer());
    } else {
        words.append(text::origin(turn.head.provider, turn.head.model.isEmpty() ? turn.askedModel : turn.head.model));
        words.append(text::cost(turn.head.costUsd));
        words.append(turn.state == TurnState::stopped ? text::stoppedByYou() : QString());
    }
    words.removeAll(QString());
    m_origin->setText(text::shownText(words.join(QStringLiteral("  ·  "))));
    m_copy->setVisible(!turn.answered.isEmpty() && turn.state != TurnState::answering);
}

void TurnView::showNotice(const Turn& turn) {
    if (turn.notice.isEmpty() || turn.state != TurnState::failed) {
        m_notice->setVisible(false);
        return;
    }
    text::Notice notice = turn.notice;
    if (turn.isTextBack) {
        notice.nextStep += (notice.nextStep.isEmpty() ? QString() : QStringLiteral(" ")) + text::textIsBack();
    }
    m_notice->show(notice, noticeAction(turn));
}

void TurnView::appendAnswer(const QString& text) {
    m_answer->setVisible(true);
    m_answer->appendShownText(text);
}

void TurnView::setAvailableWidth(int width) {
    m_available = width;
    m_asked->shrinkTo(qMax(80, width * 3 / 4 - 2 * kBubbleMargin));
    fitReplaced();
}

void TurnView::paintEvent(QPaintEvent* /*event*/) {
    const Theme theme = Theme::of(palette());
    QPainter painter(this);
    painter.setRenderHint(QPainter::Antialiasing);
    painter.setPen(m_isDimmed ? QPen(theme.line, 1, Qt::DashLine) : QPen(Qt::NoPen));
    painter.setBrush(m_isDimmed ? QBrush(Qt::NoBrush) : QBrush(theme.bubble));
    painter.drawRoundedRect(QRectF(m_bubble->geometry()).adjusted(0.5, 0.5, -0.5, -0.5), 12, 12);
}

void TurnView::changeEvent(QEvent* event) {
    QWidget::changeEvent(event);
    if (event->type() == QEvent::PaletteChange) {
        recolor();
    }
}

void TurnView::recolor() {
    const Theme theme = Theme::of(palette());
    for (QLabel* label : {m_replaced, m_origin}) {
        QPalette quiet = label->palette();
        quiet.setColor(QPalette::WindowText, theme.quiet);
        label->setPalette(quiet);
    }
    QPalette link = m_showSent->palette();
    link.setColor(QPalette::ButtonText, theme.accent);
    m_showSent->setPalette(link);
    m_replacedIcon->setPixmap(namedPixmap(decisionIconName(Action::redact), theme.decision(Action::redact),
                                          kReplacedIcon, devicePixelRatioF()));
    m_copy->setIcon(namedIcon(QStringLiteral("copy"), theme.quiet));
    // A text view's own background would hide the bubble behind it.
    for (PlainTextView* view : {m_asked, m_answer}) {
        QPalette clear = view->palette();
        clear.setColor(QPalette::Base, Qt::transparent);
        clear.setColor(QPalette::Text, theme.bubbleText);
        view->setPalette(clear);
    }
}

} // namespace gatehouse::ui
