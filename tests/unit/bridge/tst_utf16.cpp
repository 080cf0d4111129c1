// SPDX-License-Identifier: Apache-2.0
#include <QTest>

#include "base/utf8.h"
#include "bridge/utf16.h"

using namespace gatehouse::bridge;

namespace {

// What the extension does with spans.
std::string applied(const std::string& original, const std::vector<gatehouse::ipc::Span>& spans) {
    QString text = QString::fromStdString(original);
    for (auto span = spans.rbegin(); span != spans.rend(); ++span) {
        text.replace(static_cast<qsizetype>(span->begin), static_cast<qsizetype>(span->end - span->begin),
                     QString::fromStdString(span->text));
    }
    return text.toStdString();
}

} // namespace

class Utf16Test final : public QObject {
    Q_OBJECT
private slots:
    void lengthsAreThoseOfJavaScript() {
        QCOMPARE(utf16Length(""), 0U);
        QCOMPARE(utf16Length("abc"), 3U);
        QCOMPARE(utf16Length("\u00e9"), 1U);
        QCOMPARE(utf16Length("\u20ac"), 1U);
        QCOMPARE(utf16Length("\U0001F600"), 2U);
    }

    void spansTurnTheOriginalIntoTheChangedText_data() {
        QTest::addColumn<QString>("original");
        QTest::addColumn<QString>("changed");
        const QStringList texts{"",
                                "a",
                                "card 4111 end",
                                "card [[CARD_1_K7]] end",
                                QString::fromUtf8("é"),
                                QString::fromUtf8("è"),
                                QString::fromUtf8("😀 x 😀"),
                                QString::fromUtf8("😀 [[X]] 😀"),
                                QString::fromUtf8("😁"),
                                QString::fromUtf8("a😀"),
                                QString::fromUtf8("aa"),
                                QString::fromUtf8("aaa"),
                                QString::fromUtf8("日本"),
                                QString::fromUtf8("日曜本")};
        for (const auto& original : texts) {
            for (const auto& changed : texts) {
                QTest::addRow("%s to %s", qPrintable(original), qPrintable(changed)) << original << changed;
            }
        }
    }
    void spansTurnTheOriginalIntoTheChangedText() {
        QFETCH(QString, original);
        QFETCH(QString, changed);
        const auto spans = spansBetween(original.toStdString(), changed.toStdString());
        QCOMPARE(applied(original.toStdString(), spans), changed.toStdString());
        QCOMPARE(spans.empty(), original == changed);
        for (const auto& span : spans) {
            QVERIFY(gatehouse::isUtf8(span.text));
        }
    }

    void aSpanIsAsSmallAsItCanBe() {
        const auto spans = spansBetween("\U0001F600 call 4111 now", "\U0001F600 call [[CARD]] now");
        QCOMPARE(spans.size(), 1U);
        QCOMPARE(spans[0].begin, 8U);
        QCOMPARE(spans[0].end, 12U);
        QCOMPARE(spans[0].text, std::string("[[CARD]]"));
    }
};

QTEST_GUILESS_MAIN(Utf16Test)
#include "tst_utf16.moc"
