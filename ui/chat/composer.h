// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <QPlainTextEdit>
#include <QWidget>

class QToolButton;

namespace gatehouse::ui {

// The input of the chat: several lines, growing with its text up to a third of the window. Enter sends, Shift+Enter
// starts a new line, Esc stops the running answer. Pasted text is plain.
class Composer final : public QWidget {
    Q_OBJECT
public:
    explicit Composer(QWidget* parent = nullptr);

    [[nodiscard]] QString text() const;
    void setText(const QString& text);
    void clear();
    // While busy the button stops instead of sending; typing goes on.
    void setBusy(bool isBusy);
    void setSendable(bool isSendable);
    void focusInput();

signals:
    void sendRequested(const QString& text);
    void stopRequested();
    void textEdited();

protected:
    bool eventFilter(QObject* watched, QEvent* event) override;
    void changeEvent(QEvent* event) override;
    void paintEvent(QPaintEvent* event) override;

private:
    void act();
    void refresh();
    void fitHeight();

    QPlainTextEdit* m_input;
    QToolButton* m_button;
    bool m_isBusy = false;
    bool m_isSendable = false;
};

} // namespace gatehouse::ui
