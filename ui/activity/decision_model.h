// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <QAbstractTableModel>
#include <vector>

#include "ports/agent_port.h"

namespace gatehouse::ui {

// The newest decisions as a table, newest first. Holds at most kMaxRows.
class DecisionModel final : public QAbstractTableModel {
    Q_OBJECT
public:
    static constexpr int kMaxRows = 500;
    enum Column { timeColumn, fromColumn, toColumn, decisionColumn, foundColumn, columnCountValue };
    enum Role { actionRole = Qt::UserRole, searchRole }; // int of Action; all words of the row

    using QAbstractTableModel::QAbstractTableModel;

    // Replaces everything; `rows` newest first.
    void setRows(std::vector<DecisionRow> rows);
    // Puts a new one on top. One that is there already (same sequence) is left alone.
    void prepend(const DecisionRow& row);
    [[nodiscard]] const DecisionRow* rowAt(int row) const;

    [[nodiscard]] int rowCount(const QModelIndex& parent = {}) const override;
    [[nodiscard]] int columnCount(const QModelIndex& parent = {}) const override;
    [[nodiscard]] QVariant data(const QModelIndex& index, int role) const override;
    [[nodiscard]] QVariant headerData(int section, Qt::Orientation orientation, int role) const override;

private:
    std::vector<DecisionRow> m_rows;
};

// What a cell and the details say.
QString sourceOf(const DecisionRow& row);
QString destinationOf(const DecisionRow& row);
// "14:03" for today, else with the date.
QString shownTime(const QDateTime& time, const QDateTime& now);

} // namespace gatehouse::ui
