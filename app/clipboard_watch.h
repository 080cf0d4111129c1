// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <QObject>

#include "bridge/clipboard_port.h"

class QMimeData;

namespace gatehouse::app {

// The desktop's clipboard by way of Qt. Looked at only while somebody watches, which the bridge does while a guarded
// page has the focus. Lives on the GUI thread; watch() may be called on any.
class ClipboardWatch final : public QObject, public bridge::ClipboardPort {
    Q_OBJECT
public:
    explicit ClipboardWatch(QObject* parent = nullptr);
    // Stops; a listener that is being called is waited for by nobody, so the bridge must have ended before.
    ~ClipboardWatch() override = default;

    // False where the desktop only shows the clipboard to the window in front (Wayland): then there is nothing to
    // watch.
    [[nodiscard]] static bool isPossible();

    void watch(Listener listener) override;

    // What a paste of `data` would carry; not whole when there are pictures or files, or more than a verdict takes.
    [[nodiscard]] static bridge::Clip clipOf(const QMimeData* data);

private:
    void listen(const Listener& listener);
    void look() const;

    Listener m_listener;
    QMetaObject::Connection m_connection;
};

} // namespace gatehouse::app
