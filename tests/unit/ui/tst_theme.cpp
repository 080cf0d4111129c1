// SPDX-License-Identifier: Apache-2.0
#include <QApplication>
#include <QTest>
#include <cmath>

#include "widgets/icons.h"
#include "widgets/theme.h"

using namespace gatehouse;
using namespace gatehouse::ui;
using namespace Qt::StringLiterals;

namespace {

// WCAG 2.1, relative luminance and contrast ratio.
double luminance(const QColor& color) {
    const auto part = [](double value) {
        return value <= 0.03928 ? value / 12.92 : std::pow((value + 0.055) / 1.055, 2.4);
    };
    return 0.2126 * part(color.redF()) + 0.7152 * part(color.greenF()) + 0.0722 * part(color.blueF());
}

double contrast(const QColor& a, const QColor& b) {
    const double x = luminance(a) + 0.05;
    const double y = luminance(b) + 0.05;
    return x > y ? x / y : y / x;
}

QColor over(const QColor& soft, const QColor& under) {
    const float share = soft.alphaF();
    return QColor::fromRgbF(soft.redF() * share + under.redF() * (1 - share),
                            soft.greenF() * share + under.greenF() * (1 - share),
                            soft.blueF() * share + under.blueF() * (1 - share));
}

bool hasInk(const QPixmap& pixmap) {
    const QImage image = pixmap.toImage();
    for (int y = 0; y < image.height(); ++y) {
        for (int x = 0; x < image.width(); ++x) {
            if (image.pixelColor(x, y).alpha() > 128) {
                return true;
            }
        }
    }
    return false;
}

} // namespace

class TestTheme final : public QObject {
    Q_OBJECT
private slots:
    void decisionsAreReadableInLightAndDark_data();
    void decisionsAreReadableInLightAndDark();
    void everyDecisionHasAnIconOfItsOwn();
    void everyPhaseHasAVisibleTrayIcon();
};

void TestTheme::decisionsAreReadableInLightAndDark_data() {
    QTest::addColumn<int>("choice");
    QTest::newRow("light") << static_cast<int>(ThemeChoice::light);
    QTest::newRow("dark") << static_cast<int>(ThemeChoice::dark);
}

void TestTheme::decisionsAreReadableInLightAndDark() {
    QFETCH(int, choice);
    applyTheme(static_cast<ThemeChoice>(choice));
    const QPalette palette = QApplication::palette();
    const Theme theme = Theme::of(palette);
    const QColor window = palette.color(QPalette::Window);
    QCOMPARE(theme.isDark, static_cast<ThemeChoice>(choice) == ThemeChoice::dark);
    for (int i = 0; i <= static_cast<int>(Action::block); ++i) {
        const auto action = static_cast<Action>(i);
        QVERIFY2(contrast(theme.decision(action), window) >= 4.5, "on the window");
        QVERIFY2(contrast(theme.decision(action), over(theme.decisionSoft(action), window)) >= 4.5, "on its badge");
    }
    QVERIFY(contrast(theme.quiet, window) >= 4.5);
    QVERIFY(contrast(theme.accent, window) >= 4.5);
    QVERIFY(contrast(theme.bubbleText, theme.bubble) >= 7.0);
}

void TestTheme::everyDecisionHasAnIconOfItsOwn() {
    QSet<QString> names;
    for (int i = 0; i <= static_cast<int>(Action::block); ++i) {
        const QString name = decisionIconName(static_cast<Action>(i));
        names.insert(name);
        QVERIFY2(hasInk(namedPixmap(name, Qt::red, 16, 2.0)), qPrintable(name));
    }
    QCOMPARE(names.size(), 7);
    QVERIFY(!hasInk(namedPixmap(u"no-such-icon"_s, Qt::red, 16, 1.0)));
}

void TestTheme::everyPhaseHasAVisibleTrayIcon() {
    for (int i = 0; i <= static_cast<int>(AgentPhase::stopped); ++i) {
        QVERIFY(hasInk(trayIcon(static_cast<AgentPhase>(i)).pixmap(22, 22)));
        QVERIFY(!trayIcon(static_cast<AgentPhase>(i)).availableSizes().isEmpty());
    }
    QVERIFY(trayIconName(AgentPhase::ready) != trayIconName(AgentPhase::storeLocked));
    QVERIFY(trayIconName(AgentPhase::policyBroken) != trayIconName(AgentPhase::stopped));
}

QTEST_MAIN(TestTheme)
#include "tst_theme.moc"
