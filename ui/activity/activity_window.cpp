// SPDX-License-Identifier: Apache-2.0
#include "activity/activity_window.h"

#include <QComboBox>
#include <QEvent>
#include <QHBoxLayout>
#include <QHeaderView>
#include <QItemSelectionModel>
#include <QLabel>
#include <QLineEdit>
#include <QScrollArea>
#include <QShortcut>
#include <QSplitter>
#include <QStackedWidget>
#include <QTableView>
#include <QToolButton>
#include <QVBoxLayout>

#include "activity/decision_details.h"
#include "activity/decision_filter.h"
#include "activity/decision_model.h"
#include "text/activity_words.h"
#include "text/decision_words.h"
#include "widgets/icons.h"
#include "widgets/theme.h"
#include "widgets/wrapped_label.h"

namespace gatehouse::ui {

ActivityWindow::ActivityWindow(AgentPort& agent, QWidget* parent)
    : QWidget(parent, Qt::Window)
    , m_agent(agent)
    , m_model(new DecisionModel(this))
    , m_filter(new DecisionFilter(this))
    , m_table(new QTableView(this))
    , m_stack(new QStackedWidget(this))
    , m_details(new DecisionDetails(this)) {
    setObjectName(QStringLiteral("activityWindow"));
    setWindowTitle(text::activityTitle());
    setWindowIcon(productIcon());
    setMinimumSize(560, 420);
    resize(860, 640);
    m_filter->setSourceModel(m_model);
    QWidget* header = makeHeader();
    buildTable();
    m_stack->addWidget(m_table);
    m_stack->addWidget(makeEmpty());

    auto* scroll = new QScrollArea(this);
    scroll->setFrameShape(QFrame::NoFrame);
    scroll->setWidgetResizable(true);
    scroll->setWidget(m_details);
    auto* splitter = new QSplitter(Qt::Vertical, this);
    splitter->setChildrenCollapsible(false);
    auto* place = new QWidget(splitter);
    auto* inset = new QVBoxLayout(place);
    inset->setContentsMargins(16, 0, 16, 0);
    inset->addWidget(m_stack);
    splitter->addWidget(place);
    splitter->addWidget(scroll);
    splitter->setStretchFactor(0, 3);
    splitter->setStretchFactor(1, 2);
    splitter->setSizes({300, 320});
    auto* column = new QVBoxLayout(this);
    column->setContentsMargins(0, 12, 0, 0);
    column->setSpacing(12);
    column->addWidget(header);
    column->addWidget(splitter, 1);

    auto* close = new QShortcut(QKeySequence::Close, this);
    connect(close, &QShortcut::activated, this, &QWidget::close);
    connectAgent();
    recolor();
    showPlace();
    m_agent.requestRecent(DecisionModel::kMaxRows);
}

QWidget* ActivityWindow::makeHeader() {
    auto* header = new QWidget(this);
    m_words = new QLineEdit(header);
    m_words->setObjectName(QStringLiteral("filterInput"));
    m_words->setAccessibleName(text::filterName());
    m_words->setPlaceholderText(text::filterPlaceholder());
    m_words->setClearButtonEnabled(true);
    m_action = new QComboBox(header);
    m_action->setObjectName(QStringLiteral("actionFilter"));
    m_action->setAccessibleName(text::decisionFilterName());
    m_action->addItem(text::allDecisions());
    for (int i = 0; i <= static_cast<int>(Action::block); ++i) {
        m_action->addItem(text::decisionTitle(static_cast<Action>(i)), i);
    }
    m_refresh = new QToolButton(header);
    m_refresh->setObjectName(QStringLiteral("refreshButton"));
    m_refresh->setAutoRaise(true);
    m_refresh->setToolTip(text::refresh());
    m_refresh->setAccessibleName(text::refresh());
    auto* row = new QHBoxLayout(header);
    row->setContentsMargins(16, 0, 16, 0);
    row->addWidget(m_words, 1);
    row->addWidget(m_action);
    row->addWidget(m_refresh);
    connect(m_words, &QLineEdit::textChanged, m_filter, &DecisionFilter::setWords);
    connect(m_action, &QComboBox::currentIndexChanged, this, [this] {
        const QVariant chosen = m_action->currentData();
        m_filter->setAction(chosen.isValid() ? std::optional(static_cast<Action>(chosen.toInt())) : std::nullopt);
    });
    connect(m_refresh, &QToolButton::clicked, this, [this] { m_agent.requestRecent(DecisionModel::kMaxRows); });
    return header;
}

QWidget* ActivityWindow::makeEmpty() {
    auto* page = new QWidget(m_stack);
    page->setObjectName(QStringLiteral("emptyActivity"));
    m_emptyTitle = new QLabel(page);
    m_emptyTitle->setObjectName(QStringLiteral("emptyTitle"));
    m_emptyTitle->setAlignment(Qt::AlignCenter);
    QFont large = m_emptyTitle->font();
    large.setPointSizeF(large.pointSizeF() * 1.3);
    large.setWeight(QFont::DemiBold);
    m_emptyTitle->setFont(large);
    m_emptySentence = new QLabel(page);
    m_emptySentence->setAlignment(Qt::AlignCenter);
    auto* column = new QVBoxLayout(page);
    column->setSpacing(8);
    column->addStretch(1);
    column->addWidget(m_emptyTitle, 0, Qt::AlignHCenter);
    column->addWidget(m_emptySentence, 0, Qt::AlignHCenter);
    column->addStretch(1);
    return page;
}

void ActivityWindow::buildTable() {
    m_table->setObjectName(QStringLiteral("decisionTable"));
    m_table->setAccessibleName(text::activityTitle());
    m_table->setModel(m_filter);
    m_table->setSelectionBehavior(QAbstractItemView::SelectRows);
    m_table->setSelectionMode(QAbstractItemView::SingleSelection);
    m_table->setEditTriggers(QAbstractItemView::NoEditTriggers);
    m_table->setShowGrid(false);
    m_table->setAlternatingRowColors(true);
    m_table->setTabKeyNavigation(false);
    m_table->setWordWrap(false);
    m_table->verticalHeader()->setVisible(false);
    m_table->verticalHeader()->setDefaultSectionSize(m_table->fontMetrics().height() + 14);
    QHeaderView* header = m_table->horizontalHeader();
    header->setHighlightSections(false);
    header->setDefaultAlignment(Qt::AlignLeft | Qt::AlignVCenter);
    header->setStretchLastSection(true);
    const int unit = m_table->fontMetrics().averageCharWidth();
    m_table->setColumnWidth(DecisionModel::timeColumn, unit * 18);
    m_table->setColumnWidth(DecisionModel::fromColumn, unit * 24);
    m_table->setColumnWidth(DecisionModel::toColumn, unit * 30);
    m_table->setColumnWidth(DecisionModel::decisionColumn, unit * 18);
    connect(m_table->selectionModel(), &QItemSelectionModel::currentRowChanged, this, &ActivityWindow::showChosen);
    for (const auto signal : {&QAbstractItemModel::rowsInserted, &QAbstractItemModel::rowsRemoved}) {
        connect(m_filter, signal, this, &ActivityWindow::showPlace);
    }
    connect(m_filter, &QAbstractItemModel::modelReset, this, &ActivityWindow::showPlace);
    connect(m_filter, &QAbstractItemModel::layoutChanged, this, &ActivityWindow::showPlace);
}

void ActivityWindow::connectAgent() {
    connect(&m_agent, &AgentPort::recentLoaded, this, [this](const std::vector<DecisionRow>& rows) {
        m_hasFailed = false;
        m_model->setRows(rows);
        showChosen();
    });
    connect(&m_agent, &AgentPort::recentFailed, this, [this] {
        m_hasFailed = true;
        showPlace();
    });
    connect(&m_agent, &AgentPort::recorded, m_model, &DecisionModel::prepend);
}

void ActivityWindow::showPlace() {
    const bool hasAny = m_model->rowCount() > 0;
    m_stack->setCurrentIndex(m_filter->rowCount() > 0 ? 0 : 1);
    if (hasAny) {
        m_emptyTitle->setText(text::noMatchTitle());
        m_emptySentence->setText(text::noMatchSentence());
    } else {
        m_emptyTitle->setText(m_hasFailed ? text::recentFailedTitle() : text::noDecisionsTitle());
        m_emptySentence->setText(m_hasFailed ? text::recentFailedSentence() : text::noDecisionsSentence());
    }
    fitWrapped(*m_emptySentence, 440);
}

void ActivityWindow::showChosen() {
    const QModelIndex chosen = m_table->selectionModel()->currentIndex();
    m_details->show(chosen.isValid() ? m_model->rowAt(m_filter->mapToSource(chosen).row()) : nullptr);
}

void ActivityWindow::changeEvent(QEvent* event) {
    QWidget::changeEvent(event);
    if (event->type() == QEvent::PaletteChange) {
        recolor();
    }
}

void ActivityWindow::recolor() {
    m_refresh->setIcon(namedIcon(QStringLiteral("refresh"), Theme::of(palette()).quiet));
}

} // namespace gatehouse::ui
