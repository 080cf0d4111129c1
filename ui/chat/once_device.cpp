// SPDX-License-Identifier: Apache-2.0
#include "chat/once_device.h"

#include <cstring>

namespace gatehouse::ui {

OnceDevice::OnceDevice(QByteArray body, QObject* parent) : QIODevice(parent), m_body(std::move(body)) {
    open(QIODevice::ReadOnly | QIODevice::Unbuffered);
}

qint64 OnceDevice::bytesAvailable() const {
    return m_body.size() - m_position;
}

bool OnceDevice::atEnd() const {
    return m_position >= m_body.size();
}

qint64 OnceDevice::readData(char* data, qint64 maxSize) {
    const qint64 size = qMin(maxSize, m_body.size() - m_position);
    if (size <= 0) {
        return -1;
    }
    std::memcpy(data, m_body.constData() + m_position, static_cast<std::size_t>(size));
    m_position += size;
    return size;
}

qint64 OnceDevice::writeData(const char* /*data*/, qint64 /*size*/) {
    return -1;
}

} // namespace gatehouse::ui
