// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <QScrollArea>
#include <vector>

#include "chat/conversation.h"

class QLabel;
class QVBoxLayout;

namespace gatehouse::ui {

class TurnView;

// The conversation, one TurnView below the other. Follows the end while the person is at the end, and stays where they
// scrolled to otherwise. Empty, it says what this window is for.
class ThreadView final : public QScrollArea {
    Q_OBJECT
public:
    explicit ThreadView(QWidget* parent = nullptr);

    TurnView& add(const Turn& turn);
    [[nodiscard]] TurnView* at(int index);
    void clear();
    void scrollToEnd();

protected:
    void resizeEvent(QResizeEvent* event) override;

private:
    [[nodiscard]] QWidget* makeEmpty();
    [[nodiscard]] int columnWidth() const;
    void fit();
    void followEnd();

    QWidget* m_content;
    QVBoxLayout* m_column;
    QWidget* m_empty;
    std::vector<TurnView*> m_turns;
    bool m_isAtEnd = true;
};

} // namespace gatehouse::ui
