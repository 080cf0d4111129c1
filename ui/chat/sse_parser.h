// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <QByteArray>
#include <QList>

namespace gatehouse::ui {

// Server-sent events (WHATWG HTML, section 9.2.6) cut out of bytes that come in any pieces: the data fields of each
// event, joined by line feeds. Takes CR, LF and CR LF; ignores comments and other fields; drops an event that the end
// cuts off.
class SseParser final {
public:
    static constexpr qsizetype kMaxEventBytes = qsizetype{4} * 1024 * 1024;

    // The events that are whole now. After an event above kMaxEventBytes isBroken() holds and nothing more comes.
    [[nodiscard]] QList<QByteArray> push(const QByteArray& bytes);
    [[nodiscard]] bool isBroken() const { return m_isBroken; }

private:
    void endLine(QList<QByteArray>& events);

    QByteArray m_line;
    QByteArray m_data;
    bool m_hasData = false;
    bool m_sawCarriageReturn = false;
    bool m_isStart = true;
    bool m_isBroken = false;
};

} // namespace gatehouse::ui
