// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <QWidget>

#include "ports/agent_port.h"

class QComboBox;
class QLabel;
class QLineEdit;
class QStackedWidget;
class QTableView;
class QToolButton;

namespace gatehouse::ui {

class DecisionDetails;
class DecisionFilter;
class DecisionModel;

// The recent decisions: a table that filters, and the details of the chosen one. Made on demand, deleted on close.
class ActivityWindow final : public QWidget {
    Q_OBJECT
public:
    explicit ActivityWindow(AgentPort& agent, QWidget* parent = nullptr);

protected:
    void changeEvent(QEvent* event) override;

private:
    [[nodiscard]] QWidget* makeHeader();
    [[nodiscard]] QWidget* makeEmpty();
    void buildTable();
    void connectAgent();
    void showPlace();
    void showChosen();
    void recolor();

    AgentPort& m_agent;
    DecisionModel* m_model;
    DecisionFilter* m_filter;
    QTableView* m_table;
    QStackedWidget* m_stack;
    QLabel* m_emptyTitle = nullptr;
    QLabel* m_emptySentence = nullptr;
    QLineEdit* m_words = nullptr;
    QComboBox* m_action = nullptr;
    QToolButton* m_refresh = nullptr;
    DecisionDetails* m_details;
    bool m_hasFailed = false;
};

} // namespace gatehouse::ui
