// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <QWidget>

#include "types/action.h"

namespace gatehouse::ui {

// A decision as icon and word in its colour. Its accessible name is the word, its tool tip says what the word means.
class DecisionBadge final : public QWidget {
    Q_OBJECT
public:
    explicit DecisionBadge(Action action, QWidget* parent = nullptr);

    void setAction(Action action);
    [[nodiscard]] Action action() const { return m_action; }
    [[nodiscard]] QSize sizeHint() const override;
    [[nodiscard]] QSize minimumSizeHint() const override { return sizeHint(); }

protected:
    void paintEvent(QPaintEvent* event) override;

private:
    Action m_action;
};

} // namespace gatehouse::ui
