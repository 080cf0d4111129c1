// SPDX-License-Identifier: Apache-2.0
#include <QApplication>
#include <QScreen>
#include <QTest>
#include <cstdio>

#include "gui/support/fake_agent.h"
#include "tray/desktop.h"

// Run by tray_under_xvfb.sh on a real X server, with a real tray or (argument "none") without one. Prints "ok …" and
// leaves with 0, or says what is wrong and leaves with 1.
using namespace gatehouse;

namespace {

int fails(const char* what) {
    std::printf("not ok: %s\n", what);
    return 1;
}

bool hasChatWindow() {
    for (const QWidget* window : QApplication::topLevelWidgets()) {
        if (window->objectName() == QStringLiteral("chatWindow") && window->isVisible()) {
            return true;
        }
    }
    return false;
}

// The icon's own colour is on the screen where the tray says that the icon is.
bool isDrawn(const QRect& place, const QColor& color) {
    const QImage screen = QGuiApplication::primaryScreen()->grabWindow(0).toImage();
    int hits = 0;
    for (int y = place.top(); y <= place.bottom() && y < screen.height(); ++y) {
        for (int x = place.left(); x <= place.right() && x < screen.width(); ++x) {
            const QColor pixel = screen.pixelColor(x, y);
            const int distance = qAbs(pixel.red() - color.red()) + qAbs(pixel.green() - color.green()) +
                                 qAbs(pixel.blue() - color.blue());
            hits += distance < 48 ? 1 : 0;
        }
    }
    return hits > 10;
}

int withTray(test::FakeAgent& agent, ui::Desktop& desktop) {
    if (!QTest::qWaitFor([] { return ui::Tray::isAvailable(); }, 30'000)) {
        return fails("no tray turned up");
    }
    desktop.openIfNoTray(0);
    const auto place = [&desktop] { return desktop.tray().geometry(); };
    if (!QTest::qWaitFor([&] { return place().width() > 8 && place().height() > 8; }, 30'000)) {
        return fails("the icon has no place in the tray");
    }
    if (!QTest::qWaitFor([&] { return isDrawn(place(), QColor(0x2c, 0x5f, 0xb3)); }, 30'000)) {
        return fails("the icon of the state ready is not drawn");
    }
    ui::AgentView view = agent.view();
    view.phase = ui::AgentPhase::storeLocked;
    agent.setView(view);
    if (!QTest::qWaitFor([&] { return isDrawn(place(), QColor(0xb3, 0x26, 0x1e)); }, 30'000)) {
        return fails("the icon of the state locked is not drawn");
    }
    const QString picture = qEnvironmentVariable("GATEHOUSE_PICTURES");
    if (!picture.isEmpty()) {
        QGuiApplication::primaryScreen()->grabWindow(0).save(picture + QStringLiteral("/tray.png"));
    }
    if (hasChatWindow()) {
        return fails("a window opened although there is a tray");
    }
    std::printf("ok: the icon is at %d,%d and shows its state\n", place().x(), place().y());
    return 0;
}

int withoutTray(ui::Desktop& desktop) {
    if (ui::Tray::isAvailable()) {
        return fails("there is a tray, this run needs none");
    }
    desktop.openIfNoTray(10);
    if (!QTest::qWaitFor(hasChatWindow, 30'000)) {
        return fails("without a tray no window opened");
    }
    std::printf("ok: without a tray the chat window opened\n");
    return 0;
}

} // namespace

int main(int count, char** values) {
    QApplication application(count, values);
    QApplication::setQuitOnLastWindowClosed(false);
    test::FakeAgent agent;
    ui::Desktop desktop(agent);
    return count > 1 && qstrcmp(values[1], "none") == 0 ? withoutTray(desktop) : withTray(agent, desktop);
}
