// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <QObject>

class QSocketNotifier;

namespace gatehouse::app {

// SIGTERM and SIGINT as a Qt signal, so that a session that ends drains the agent. One per process; nothing on Windows.
class QuitSignals final : public QObject {
    Q_OBJECT
public:
    explicit QuitSignals(QObject* parent = nullptr);

signals:
    void quitRequested();
};

} // namespace gatehouse::app
