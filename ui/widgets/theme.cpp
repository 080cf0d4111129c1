// SPDX-License-Identifier: Apache-2.0
#include "widgets/theme.h"

#include <QApplication>
#include <QStyle>
#include <QStyleFactory>
#include <array>

namespace gatehouse::ui {
namespace {

struct Shade {
    QRgb light;
    QRgb dark;
};

// In the order of Action. Each is at least 4.5:1 on its theme's window colour.
constexpr std::array<Shade, 7> kDecisions{{
    {0xff17662e, 0xff6fcf8e}, // allow
    {0xff4a5a68, 0xffa9b7c4}, // log
    {0xff7f4700, 0xfff0b357}, // warn
    {0xff6a45b0, 0xffbfa3f5}, // justify
    {0xff1c55a6, 0xff8ab8ff}, // redact
    {0xff00635e, 0xff5fcfc6}, // routeLocal
    {0xffb3261e, 0xffff9a92}, // block
}};

QColor mixed(const QColor& over, const QColor& under, qreal share) {
    const auto mix = [share](qreal a, qreal b) { return a * share + b * (1.0 - share); };
    return QColor::fromRgbF(static_cast<float>(mix(over.redF(), under.redF())),
                            static_cast<float>(mix(over.greenF(), under.greenF())),
                            static_cast<float>(mix(over.blueF(), under.blueF())));
}

void setColors(QPalette& palette, const std::array<std::pair<QPalette::ColorRole, QRgb>, 14>& colors) {
    for (const auto& [role, color] : colors) {
        palette.setColor(role, QColor::fromRgb(color));
    }
}

QPalette darkPalette() {
    QPalette palette;
    setColors(palette, {{{QPalette::Window, 0xff1f2226},
                         {QPalette::WindowText, 0xffe8eaed},
                         {QPalette::Base, 0xff17191c},
                         {QPalette::AlternateBase, 0xff1c1f23},
                         {QPalette::Text, 0xffe8eaed},
                         {QPalette::Button, 0xff2b2f35},
                         {QPalette::ButtonText, 0xffe8eaed},
                         {QPalette::BrightText, 0xffffffff},
                         {QPalette::Highlight, 0xff2c5fb3},
                         {QPalette::HighlightedText, 0xffffffff},
                         {QPalette::Link, 0xff8ab8ff},
                         {QPalette::ToolTipBase, 0xff2b2f35},
                         {QPalette::ToolTipText, 0xffe8eaed},
                         {QPalette::PlaceholderText, 0xff9aa0a6}}});
    for (const QPalette::ColorRole role : {QPalette::WindowText, QPalette::Text, QPalette::ButtonText}) {
        palette.setColor(QPalette::Disabled, role, QColor::fromRgb(0xff8a9097));
    }
    // Fusion etches disabled text with this one: invisible on dark.
    palette.setColor(QPalette::Disabled, QPalette::Light, Qt::transparent);
    return palette;
}

QPalette lightPalette() {
    QPalette palette;
    setColors(palette, {{{QPalette::Window, 0xfff6f7f9},
                         {QPalette::WindowText, 0xff1b1d20},
                         {QPalette::Base, 0xffffffff},
                         {QPalette::AlternateBase, 0xfff3f5f7},
                         {QPalette::Text, 0xff1b1d20},
                         {QPalette::Button, 0xffeceff2},
                         {QPalette::ButtonText, 0xff1b1d20},
                         {QPalette::BrightText, 0xffffffff},
                         {QPalette::Highlight, 0xff2c5fb3},
                         {QPalette::HighlightedText, 0xffffffff},
                         {QPalette::Link, 0xff1f5fb8},
                         {QPalette::ToolTipBase, 0xffffffff},
                         {QPalette::ToolTipText, 0xff1b1d20},
                         {QPalette::PlaceholderText, 0xff667079}}});
    for (const QPalette::ColorRole role : {QPalette::WindowText, QPalette::Text, QPalette::ButtonText}) {
        palette.setColor(QPalette::Disabled, role, QColor::fromRgb(0xff868d94));
    }
    return palette;
}

} // namespace

Theme Theme::of(const QPalette& palette) {
    const QColor window = palette.color(QPalette::Window);
    const QColor text = palette.color(QPalette::WindowText);
    Theme theme;
    theme.isDark = window.lightnessF() < text.lightnessF();
    theme.accent = QColor::fromRgb(theme.isDark ? 0xff8ab8ff : 0xff2c5fb3);
    theme.bubble = mixed(theme.accent, window, theme.isDark ? 0.22 : 0.13);
    theme.bubbleText = text;
    theme.quiet = mixed(text, window, 0.68);
    theme.line = mixed(text, window, 0.16);
    theme.bad = theme.decision(Action::block);
    theme.noticeBad = mixed(theme.bad, window, theme.isDark ? 0.16 : 0.09);
    theme.noticePlain = mixed(text, window, 0.07);
    return theme;
}

QColor Theme::decision(Action action) const {
    const Shade& shade = kDecisions.at(static_cast<std::size_t>(action));
    return QColor::fromRgb(isDark ? shade.dark : shade.light);
}

QColor Theme::decisionSoft(Action action) const {
    QColor soft = decision(action);
    soft.setAlphaF(isDark ? 0.18F : 0.11F);
    return soft;
}

void applyTheme(ThemeChoice choice) {
#ifdef Q_OS_LINUX
    QApplication::setStyle(QStyleFactory::create(QStringLiteral("Fusion")));
#endif
    if (choice == ThemeChoice::dark) {
        QApplication::setPalette(darkPalette());
    } else if (choice == ThemeChoice::light) {
        QApplication::setPalette(lightPalette());
    } else if (Theme::of(QApplication::palette()).isDark == false) {
        // Qt's own light palette where no desktop theme speaks is a flat grey; ours has the same lightness and more
        // calm.
        const QPalette own = QApplication::style()->standardPalette();
        if (QApplication::palette().color(QPalette::Window) == own.color(QPalette::Window)) {
            QApplication::setPalette(lightPalette());
        }
    }
}

} // namespace gatehouse::ui
