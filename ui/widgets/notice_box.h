// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <QFrame>
#include <optional>

#include "text/problem_words.h"
#include "types/action.h"

class QLabel;

namespace gatehouse::ui {

// A notice inside a window: icon, what happened, why, what to do. Plain text, selectable.
class NoticeBox final : public QFrame {
    Q_OBJECT
public:
    explicit NoticeBox(QWidget* parent = nullptr);

    // `action` gives colour and icon; without one it is a plain notice.
    void show(const text::Notice& notice, std::optional<Action> action);
    [[nodiscard]] QString title() const;
    [[nodiscard]] QString body() const;

protected:
    void paintEvent(QPaintEvent* event) override;
    void changeEvent(QEvent* event) override;

private:
    void recolor();

    QLabel* m_icon;
    QLabel* m_title;
    QLabel* m_body;
    std::optional<Action> m_action;
};

} // namespace gatehouse::ui
