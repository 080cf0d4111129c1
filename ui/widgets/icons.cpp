// SPDX-License-Identifier: Apache-2.0
#include "widgets/icons.h"

#include <QFile>
#include <QGuiApplication>
#include <QIconEngine>
#include <QPainter>
#include <QPalette>
#include <QSvgRenderer>
#include <array>

// The set lies in a static library, whose resources register themselves only when asked. Must be outside a namespace.
static void registerIcons() {
    Q_INIT_RESOURCE(icons);
}

namespace gatehouse::ui {
namespace {

QByteArray source(const QString& name, const QColor& color) {
    registerIcons();
    QFile file(QStringLiteral(":/gatehouse/icons/") + name + QStringLiteral(".svg"));
    if (!file.open(QIODevice::ReadOnly)) {
        return {};
    }
    return file.readAll().replace("currentColor", color.name().toLatin1());
}

// Draws the SVG at whatever size is asked for; Qt's own SVG icon plug-in may not be installed and knows no colour.
class SvgEngine final : public QIconEngine {
public:
    SvgEngine(QString name, const QColor& color) : m_name(std::move(name)), m_color(color) {}

    void paint(QPainter* painter, const QRect& rect, QIcon::Mode mode, QIcon::State /*state*/) override {
        // On a selected row the icon takes the colour of the text there.
        const QColor color =
            mode == QIcon::Selected ? QGuiApplication::palette().color(QPalette::HighlightedText) : m_color;
        QSvgRenderer renderer(source(m_name, color));
        painter->save();
        painter->setOpacity(mode == QIcon::Disabled ? 0.4 : 1.0);
        renderer.render(painter, rect);
        painter->restore();
    }

    QPixmap pixmap(const QSize& size, QIcon::Mode mode, QIcon::State state) override {
        QPixmap pixmap(size);
        pixmap.fill(Qt::transparent);
        QPainter painter(&pixmap);
        paint(&painter, QRect(QPoint(), size), mode, state);
        return pixmap;
    }

    // Panels ask which sizes there are and draw nothing when the list is empty.
    QList<QSize> availableSizes(QIcon::Mode /*mode*/, QIcon::State /*state*/) override {
        return {{16, 16}, {22, 22}, {24, 24}, {32, 32}, {48, 48}, {64, 64}, {128, 128}};
    }

    [[nodiscard]] QIconEngine* clone() const override { return new SvgEngine(m_name, m_color); }

private:
    QString m_name;
    QColor m_color;
};

// In the order of Action.
constexpr std::array<const char*, 7> kDecisionIcons{"decision-allow",   "decision-log",    "decision-warn",
                                                    "decision-justify", "decision-redact", "decision-local",
                                                    "decision-block"};
// In the order of AgentPhase.
constexpr std::array<const char*, 7> kTrayIcons{"tray-stopped", "tray-ready",  "tray-policy", "tray-locked",
                                                "tray-locked",  "tray-policy", "tray-stopped"};

} // namespace

QIcon namedIcon(const QString& name, const QColor& color) {
    return QIcon(new SvgEngine(name, color));
}

QPixmap namedPixmap(const QString& name, const QColor& color, int size, qreal pixelRatio) {
    QPixmap pixmap(qRound(size * pixelRatio), qRound(size * pixelRatio));
    pixmap.fill(Qt::transparent);
    QPainter painter(&pixmap);
    QSvgRenderer renderer(source(name, color));
    renderer.render(&painter, QRectF(pixmap.rect()));
    painter.end();
    pixmap.setDevicePixelRatio(pixelRatio);
    return pixmap;
}

QString decisionIconName(Action action) {
    return QLatin1String(kDecisionIcons.at(static_cast<std::size_t>(action)));
}

QString trayIconName(AgentPhase phase) {
    return QLatin1String(kTrayIcons.at(static_cast<std::size_t>(phase)));
}

QIcon trayIcon(AgentPhase phase) {
    return namedIcon(trayIconName(phase), Qt::black);
}

QIcon productIcon() {
    return namedIcon(QStringLiteral("gatehouse"), Qt::black);
}

} // namespace gatehouse::ui
