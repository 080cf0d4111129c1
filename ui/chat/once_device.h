// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <QIODevice>

namespace gatehouse::ui {

// A request body that can be read once. Qt's HTTP client silently sends a request again when a connection closes before
// the answer's first byte; a prompt must leave once, so its body refuses to be rewound and the client reports the
// failure.
class OnceDevice final : public QIODevice {
    Q_OBJECT
public:
    explicit OnceDevice(QByteArray body, QObject* parent = nullptr);

    [[nodiscard]] bool isSequential() const override { return true; }
    [[nodiscard]] qint64 bytesAvailable() const override;
    [[nodiscard]] bool atEnd() const override;
    [[nodiscard]] bool reset() override { return false; }

protected:
    qint64 readData(char* data, qint64 maxSize) override;
    qint64 writeData(const char* data, qint64 size) override;

private:
    QByteArray m_body;
    qint64 m_position = 0;
};

} // namespace gatehouse::ui
