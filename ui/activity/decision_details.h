// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <QWidget>

#include "ports/agent_port.h"

class QFormLayout;
class QLabel;

namespace gatehouse::ui {

class DecisionBadge;

// Everything that is known about one decision; found values never are.
class DecisionDetails final : public QWidget {
    Q_OBJECT
public:
    explicit DecisionDetails(QWidget* parent = nullptr);

    // Null shows what this pane is for.
    void show(const DecisionRow* row);

private:
    void addLine(const QString& title, const QString& value, const QString& name);
    void fill(const DecisionRow& row);

    QLabel* m_empty;
    QWidget* m_page;
    DecisionBadge* m_badge;
    QLabel* m_meaning;
    QFormLayout* m_form;
};

} // namespace gatehouse::ui
