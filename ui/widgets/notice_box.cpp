// SPDX-License-Identifier: Apache-2.0
#include "widgets/notice_box.h"

#include <QEvent>
#include <QHBoxLayout>
#include <QLabel>
#include <QPainter>

#include "text/shown_text.h"
#include "widgets/icons.h"
#include "widgets/theme.h"

namespace gatehouse::ui {
namespace {

QLabel* makeText(QWidget* parent, const QString& name) {
    auto* label = new QLabel(parent);
    label->setObjectName(name);
    label->setTextFormat(Qt::PlainText);
    label->setWordWrap(true);
    label->setTextInteractionFlags(Qt::TextSelectableByMouse | Qt::TextSelectableByKeyboard);
    return label;
}

} // namespace

NoticeBox::NoticeBox(QWidget* parent)
    : QFrame(parent)
    , m_icon(new QLabel(this))
    , m_title(makeText(this, QStringLiteral("noticeTitle")))
    , m_body(makeText(this, QStringLiteral("noticeBody"))) {
    setObjectName(QStringLiteral("notice"));
    setFrameShape(QFrame::NoFrame);
    auto* texts = new QVBoxLayout;
    texts->setSpacing(4);
    texts->addWidget(m_title);
    texts->addWidget(m_body);
    texts->addStretch(1);
    auto* row = new QHBoxLayout(this);
    row->setContentsMargins(12, 10, 12, 10);
    row->setSpacing(10);
    row->addWidget(m_icon, 0, Qt::AlignTop);
    row->addLayout(texts, 1);
    QFont bold = m_title->font();
    bold.setWeight(QFont::DemiBold);
    m_title->setFont(bold);
}

void NoticeBox::show(const text::Notice& notice, std::optional<Action> action) {
    m_action = action;
    m_title->setText(text::shownText(notice.title));
    const QString gap = notice.sentence.isEmpty() || notice.nextStep.isEmpty() ? QString() : QStringLiteral(" ");
    m_body->setText(text::shownText(notice.sentence + gap + notice.nextStep));
    m_body->setVisible(!m_body->text().isEmpty());
    setAccessibleName(m_title->text());
    setAccessibleDescription(m_body->text());
    recolor();
    setVisible(true);
}

QString NoticeBox::title() const {
    return m_title->text();
}

QString NoticeBox::body() const {
    return m_body->text();
}

void NoticeBox::paintEvent(QPaintEvent* /*event*/) {
    const Theme theme = Theme::of(palette());
    QPainter painter(this);
    painter.setRenderHint(QPainter::Antialiasing);
    painter.setPen(Qt::NoPen);
    painter.setBrush(m_action ? theme.decisionSoft(*m_action) : theme.noticePlain);
    painter.drawRoundedRect(rect(), 8, 8);
}

void NoticeBox::changeEvent(QEvent* event) {
    QFrame::changeEvent(event);
    if (event->type() == QEvent::PaletteChange) {
        recolor();
    }
}

void NoticeBox::recolor() {
    const Theme theme = Theme::of(palette());
    const QString name = m_action ? decisionIconName(*m_action) : QStringLiteral("notice");
    const QColor color = m_action ? theme.decision(*m_action) : theme.quiet;
    m_icon->setPixmap(namedPixmap(name, color, 20, devicePixelRatioF()));
}

} // namespace gatehouse::ui
