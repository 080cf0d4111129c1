// SPDX-License-Identifier: Apache-2.0
#include "activity/decision_filter.h"

#include <algorithm>

#include "activity/decision_model.h"

namespace gatehouse::ui {

void DecisionFilter::setWords(const QString& words) {
    m_words = words.split(QLatin1Char(' '), Qt::SkipEmptyParts);
    invalidateFilter();
}

void DecisionFilter::setAction(std::optional<Action> action) {
    m_action = action;
    invalidateFilter();
}

bool DecisionFilter::filterAcceptsRow(int sourceRow, const QModelIndex& sourceParent) const {
    const QModelIndex index = sourceModel()->index(sourceRow, 0, sourceParent);
    if (m_action && index.data(DecisionModel::actionRole).toInt() != static_cast<int>(*m_action)) {
        return false;
    }
    const QString all = index.data(DecisionModel::searchRole).toString();
    return std::all_of(m_words.begin(), m_words.end(),
                       [&all](const QString& word) { return all.contains(word, Qt::CaseInsensitive); });
}

} // namespace gatehouse::ui
