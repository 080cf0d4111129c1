// SPDX-License-Identifier: Apache-2.0
#include "widgets/decision_badge.h"

#include <QPainter>

#include "text/decision_words.h"
#include "widgets/icons.h"
#include "widgets/theme.h"

namespace gatehouse::ui {
namespace {

constexpr int kPadding = 8;
constexpr int kGap = 5;
constexpr int kIcon = 14;

} // namespace

DecisionBadge::DecisionBadge(Action action, QWidget* parent) : QWidget(parent), m_action(action) {
    setObjectName(QStringLiteral("decisionBadge"));
    setSizePolicy(QSizePolicy::Fixed, QSizePolicy::Fixed);
    setAction(action);
}

void DecisionBadge::setAction(Action action) {
    m_action = action;
    setAccessibleName(text::decisionTitle(action));
    setToolTip(text::decisionMeaning(action));
    updateGeometry();
    update();
}

QSize DecisionBadge::sizeHint() const {
    const QFontMetrics metrics = fontMetrics();
    return {kPadding + kIcon + kGap + metrics.horizontalAdvance(text::decisionTitle(m_action)) + kPadding,
            qMax(kIcon, metrics.height()) + 6};
}

void DecisionBadge::paintEvent(QPaintEvent* /*event*/) {
    const Theme theme = Theme::of(palette());
    const QColor color = theme.decision(m_action);
    QPainter painter(this);
    painter.setRenderHint(QPainter::Antialiasing);
    painter.setPen(Qt::NoPen);
    painter.setBrush(theme.decisionSoft(m_action));
    painter.drawRoundedRect(rect(), height() / 2.0, height() / 2.0);
    const QPixmap icon = namedPixmap(decisionIconName(m_action), color, kIcon, devicePixelRatioF());
    painter.drawPixmap(kPadding, (height() - kIcon) / 2, icon);
    painter.setPen(color);
    painter.drawText(rect().adjusted(kPadding + kIcon + kGap, 0, 0, 0), Qt::AlignVCenter | Qt::AlignLeft,
                     text::decisionTitle(m_action));
}

} // namespace gatehouse::ui
