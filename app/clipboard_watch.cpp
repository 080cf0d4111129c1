// SPDX-License-Identifier: Apache-2.0
#include "clipboard_watch.h"

#include <QClipboard>
#include <QGuiApplication>
#include <QMimeData>
#include <utility>

namespace gatehouse::app {
namespace {

// More than a verdict takes in any case (ipc::kTextLimit), in UTF-16 code units.
constexpr qsizetype kLongest = 768 * 1024;

} // namespace

ClipboardWatch::ClipboardWatch(QObject* parent) : QObject(parent) {}

bool ClipboardWatch::isPossible() {
    return !QGuiApplication::platformName().startsWith(QLatin1String("wayland"));
}

void ClipboardWatch::watch(Listener listener) {
    QMetaObject::invokeMethod(this, [this, listener = std::move(listener)] { listen(listener); }, Qt::QueuedConnection);
}

void ClipboardWatch::listen(const Listener& listener) {
    disconnect(m_connection);
    m_listener = listener;
    if (m_listener) {
        m_connection = connect(QGuiApplication::clipboard(), &QClipboard::dataChanged, this, &ClipboardWatch::look);
        look();
    }
}

void ClipboardWatch::look() const {
    m_listener(clipOf(QGuiApplication::clipboard()->mimeData()));
}

bridge::Clip ClipboardWatch::clipOf(const QMimeData* data) {
    bridge::Clip clip;
    if (data == nullptr) {
        return clip;
    }
    const QString text = data->text();
    const QString html = data->html();
    clip.isWhole = !data->hasImage() && !data->hasUrls() && text.size() <= kLongest && html.size() <= kLongest;
    if (clip.isWhole) {
        clip.text = text.toStdString();
        clip.html = html.toStdString();
    }
    return clip;
}

} // namespace gatehouse::app
