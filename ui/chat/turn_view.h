// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <QWidget>

#include "chat/conversation.h"

class QLabel;
class QPushButton;
class QToolButton;

namespace gatehouse::ui {

class DecisionBadge;
class NoticeBox;
class PlainTextView;

// One turn: the person's text in a bubble on the right with what was replaced in it, the answer below with its
// decision, origin and cost, and a notice where something went wrong.
class TurnView final : public QWidget {
    Q_OBJECT
public:
    explicit TurnView(const Turn& turn, QWidget* parent = nullptr);

    // Shows everything about the turn except its answer's text, which grows by appendAnswer().
    void show(const Turn& turn);
    void appendAnswer(const QString& text);
    // `width` is what the conversation has for one turn.
    void setAvailableWidth(int width);

signals:
    void showSentRequested();
    void copyRequested();

protected:
    void paintEvent(QPaintEvent* event) override;
    void changeEvent(QEvent* event) override;

private:
    void build(const Turn& turn);
    [[nodiscard]] QWidget* makeFooter();
    void showReplaced(const Turn& turn);
    void fitReplaced();
    void showFooter(const Turn& turn);
    void showNotice(const Turn& turn);
    void recolor();

    PlainTextView* m_asked;
    QWidget* m_bubble;
    QWidget* m_replacedRow;
    QLabel* m_replacedIcon;
    QLabel* m_replaced;
    QPushButton* m_showSent;
    PlainTextView* m_answer;
    QWidget* m_footer;
    DecisionBadge* m_badge;
    QLabel* m_origin;
    QToolButton* m_copy;
    NoticeBox* m_notice;
    int m_available = 400;
    bool m_isDimmed = false;
};

} // namespace gatehouse::ui
