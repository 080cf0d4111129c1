// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <QTextEdit>

namespace gatehouse::ui {

// Read-only text as high as its content, selectable by mouse and keyboard. Plain text only: nothing in it is ever
// interpreted, loaded or followed; what could mislead is made visible (text/shown_text.h).
class PlainTextView final : public QTextEdit {
    Q_OBJECT
public:
    explicit PlainTextView(QWidget* parent = nullptr);

    void setShownText(const QString& text);
    // Adds at the end without disturbing a selection.
    void appendShownText(const QString& text);
    // Makes the view as narrow as its text allows, at most `limit` pixels wide. Without it, it takes the width it is
    // given.
    void shrinkTo(int limit);

protected:
    void wheelEvent(QWheelEvent* event) override;
    void resizeEvent(QResizeEvent* event) override;
    void changeEvent(QEvent* event) override;

private:
    void fitHeight();
};

} // namespace gatehouse::ui
