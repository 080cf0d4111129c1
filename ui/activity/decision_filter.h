// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <QSortFilterProxyModel>
#include <optional>

#include "types/action.h"

namespace gatehouse::ui {

// Shows the decisions that hold all the given words, of one action or of all.
class DecisionFilter final : public QSortFilterProxyModel {
    Q_OBJECT
public:
    using QSortFilterProxyModel::QSortFilterProxyModel;

    void setWords(const QString& words);
    void setAction(std::optional<Action> action);

protected:
    [[nodiscard]] bool filterAcceptsRow(int sourceRow, const QModelIndex& sourceParent) const override;

private:
    QStringList m_words;
    std::optional<Action> m_action;
};

} // namespace gatehouse::ui
