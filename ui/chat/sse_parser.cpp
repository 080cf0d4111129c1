// SPDX-License-Identifier: Apache-2.0
#include "chat/sse_parser.h"

namespace gatehouse::ui {

QList<QByteArray> SseParser::push(const QByteArray& bytes) {
    QList<QByteArray> events;
    for (const char c : bytes) {
        if (m_isBroken) {
            break;
        }
        if (c == '\n' && m_sawCarriageReturn) {
            m_sawCarriageReturn = false; // the second half of CR LF
            continue;
        }
        m_sawCarriageReturn = c == '\r';
        if (c == '\n' || c == '\r') {
            endLine(events);
            continue;
        }
        m_line.append(c);
        if (m_line.size() + m_data.size() > kMaxEventBytes) {
            m_isBroken = true;
        }
    }
    return events;
}

void SseParser::endLine(QList<QByteArray>& events) {
    if (m_isStart) {
        m_isStart = false;
        if (m_line.startsWith("\xEF\xBB\xBF")) {
            m_line.remove(0, 3);
        }
    }
    if (m_line.isEmpty()) {
        if (m_hasData) {
            events.append(m_data);
        }
        m_data.clear();
        m_hasData = false;
        return;
    }
    if (m_line == "data" || m_line.startsWith("data:")) {
        QByteArray value = m_line.mid(5);
        if (value.startsWith(' ')) {
            value.remove(0, 1);
        }
        if (m_hasData) {
            m_data.append('\n');
        }
        m_data.append(value);
        m_hasData = true;
    }
    m_line.clear();
}

} // namespace gatehouse::ui
