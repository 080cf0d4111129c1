// SPDX-License-Identifier: Apache-2.0
#include "text/shown_text.h"

#include <QStringView>
#include <algorithm>
#include <array>

namespace gatehouse::ui::text {
namespace {

struct Range {
    char32_t first;
    char32_t last;
};

// What would change how the rest is read, or hide text in it. Joiners (200C, 200D) stay: scripts and emoji need them.
constexpr std::array<Range, 9> kHidden{{
    {0x0080, 0x009F},   // C1 controls
    {0x061C, 0x061C},   // Arabic letter mark
    {0x180E, 0x180E},   // Mongolian vowel separator
    {0x200B, 0x200B},   // zero width space
    {0x200E, 0x200F},   // left-to-right and right-to-left mark
    {0x2028, 0x202E},   // separators, bidirectional embeddings and overrides
    {0x2060, 0x206F},   // word joiner, invisible operators, isolates
    {0xFEFF, 0xFEFF},   // byte order mark
    {0xE0000, 0xE007F}, // tags
}};

bool isHidden(char32_t point) {
    return std::any_of(kHidden.begin(), kHidden.end(),
                       [point](const Range& range) { return point >= range.first && point <= range.last; });
}

QString named(char32_t point) {
    return QStringLiteral("\u27E8U+%1\u27E9").arg(static_cast<uint>(point), 4, 16, QLatin1Char('0')).toUpper();
}

void appendShown(QString& out, char32_t point) {
    if (point == U'\r') {
        return;
    }
    if (point < 0x20 && point != U'\n' && point != U'\t') {
        out.append(QChar(static_cast<char16_t>(0x2400 + point))); // the control pictures
    } else if (point == 0x7F) {
        out.append(QChar(u'\u2421'));
    } else if (isHidden(point)) {
        out.append(named(point));
    } else {
        out.append(QChar::fromUcs4(point));
    }
}

} // namespace

QString shownText(const QString& text) {
    QString out;
    out.reserve(text.size());
    for (qsizetype i = 0; i < text.size(); ++i) {
        const QChar unit = text.at(i);
        if (unit.isHighSurrogate() && i + 1 < text.size() && text.at(i + 1).isLowSurrogate()) {
            appendShown(out, QChar::surrogateToUcs4(unit, text.at(i + 1)));
            ++i;
        } else if (unit.isSurrogate()) {
            out.append(QChar::ReplacementCharacter);
        } else {
            appendShown(out, unit.unicode());
        }
    }
    return out;
}

} // namespace gatehouse::ui::text
