// SPDX-License-Identifier: Apache-2.0
#include "activity/decision_details.h"

#include <QFormLayout>
#include <QHBoxLayout>
#include <QLabel>
#include <QLocale>
#include <QVBoxLayout>

#include "activity/decision_model.h"
#include "text/activity_words.h"
#include "text/chat_words.h"
#include "text/decision_words.h"
#include "text/finding_words.h"
#include "text/shown_text.h"
#include "widgets/decision_badge.h"
#include "widgets/theme.h"

namespace gatehouse::ui {

DecisionDetails::DecisionDetails(QWidget* parent)
    : QWidget(parent)
    , m_empty(new QLabel(text::selectOne(), this))
    , m_page(new QWidget(this))
    , m_badge(new DecisionBadge(Action::allow, m_page))
    , m_meaning(new QLabel(m_page))
    , m_form(new QFormLayout) {
    setObjectName(QStringLiteral("decisionDetails"));
    m_empty->setAlignment(Qt::AlignCenter);
    m_empty->setWordWrap(true);
    m_meaning->setWordWrap(true);
    m_form->setHorizontalSpacing(16);
    m_form->setVerticalSpacing(6);
    m_form->setLabelAlignment(Qt::AlignLeft | Qt::AlignTop);
    m_form->setFieldGrowthPolicy(QFormLayout::AllNonFixedFieldsGrow);
    auto* head = new QHBoxLayout;
    head->setSpacing(12);
    head->addWidget(m_badge);
    head->addWidget(m_meaning, 1);
    auto* page = new QVBoxLayout(m_page);
    page->setContentsMargins(0, 0, 0, 0);
    page->setSpacing(12);
    page->addLayout(head);
    page->addLayout(m_form);
    page->addStretch(1);
    auto* column = new QVBoxLayout(this);
    column->setContentsMargins(16, 12, 16, 16);
    column->addWidget(m_empty, 1);
    column->addWidget(m_page, 1);
    show(nullptr);
}

void DecisionDetails::show(const DecisionRow* row) {
    m_empty->setVisible(row == nullptr);
    m_page->setVisible(row != nullptr);
    if (row != nullptr) {
        while (m_form->rowCount() > 0) {
            m_form->removeRow(0);
        }
        fill(*row);
    }
}

void DecisionDetails::addLine(const QString& title, const QString& value, const QString& name) {
    if (value.isEmpty()) {
        return;
    }
    auto* label = new QLabel(title, m_page);
    QPalette quiet = label->palette();
    quiet.setColor(QPalette::WindowText, Theme::of(palette()).quiet);
    label->setPalette(quiet);
    auto* shown = new QLabel(text::shownText(value), m_page);
    shown->setObjectName(name);
    shown->setTextFormat(Qt::PlainText);
    shown->setWordWrap(true);
    shown->setTextInteractionFlags(Qt::TextSelectableByMouse | Qt::TextSelectableByKeyboard);
    m_form->addRow(label, shown);
}

void DecisionDetails::fill(const DecisionRow& row) {
    m_badge->setAction(row.action);
    m_meaning->setText(text::decisionMeaning(row.action));
    addLine(text::detailWhen(), QLocale().toString(row.time.toLocalTime(), QLocale::LongFormat),
            QStringLiteral("detailWhen"));
    addLine(text::detailFrom(), sourceOf(row), QStringLiteral("detailFrom"));
    addLine(text::detailProgram(), row.program, QStringLiteral("detailProgram"));
    addLine(text::detailTo(), destinationOf(row), QStringLiteral("detailTo"));
    addLine(text::detailFound(), row.findings.empty() ? text::nothingFound() : text::listedFindings(row.findings),
            QStringLiteral("detailFound"));
    addLine(text::detailRule(), row.rule.isEmpty() ? text::defaultRule() : row.rule, QStringLiteral("detailRule"));
    const QString reason = row.reason.isEmpty() ? QString() : QStringLiteral(" (") + row.reason + QLatin1Char(')');
    addLine(text::detailOutcome(), text::outcomeTitle(row.outcome) + reason, QStringLiteral("detailOutcome"));
    if (!row.policyId.isEmpty()) {
        addLine(text::detailPolicy(), row.policyId + QLatin1Char(' ') + QString::number(row.policySerial),
                QStringLiteral("detailPolicy"));
    }
    addLine(text::detailCost(), text::cost(row.costUsd), QStringLiteral("detailCost"));
    if (row.latencyMicros > 0) {
        addLine(text::detailTook(), text::milliseconds(static_cast<double>(row.latencyMicros) / 1000.0),
                QStringLiteral("detailTook"));
    }
    addLine(text::detailId(), row.interaction, QStringLiteral("detailId"));
}

} // namespace gatehouse::ui
