// SPDX-License-Identifier: Apache-2.0
#include <QTest>

#include "chat/sse_parser.h"

using gatehouse::ui::SseParser;

namespace {

QList<QByteArray> parseIn(const QByteArray& bytes, const QList<qsizetype>& cuts) {
    SseParser parser;
    QList<QByteArray> events;
    qsizetype from = 0;
    for (const qsizetype cut : cuts) {
        events += parser.push(bytes.mid(from, cut - from));
        from = cut;
    }
    return events + parser.push(bytes.mid(from));
}

} // namespace

class TestSseParser final : public QObject {
    Q_OBJECT
private slots:
    void dataLinesOfOneEventAreJoined();
    void commentsOtherFieldsAndEmptyEventsAreIgnored();
    void everySplitGivesTheSameEvents_data();
    void everySplitGivesTheSameEvents();
    void anEventThatTheEndCutsOffIsDropped();
    void anEventAboveTheCapBreaksTheParser();
};

void TestSseParser::dataLinesOfOneEventAreJoined() {
    QCOMPARE(parseIn("data: a\ndata:b\n\n", {}), QList<QByteArray>{"a\nb"});
    QCOMPARE(parseIn("data:  two spaces\n\n", {}), QList<QByteArray>{" two spaces"});
    QCOMPARE(parseIn("data\n\n", {}), QList<QByteArray>{""});
}

void TestSseParser::commentsOtherFieldsAndEmptyEventsAreIgnored() {
    QCOMPARE(parseIn(": ping\n\n\nevent: message\nid: 7\nretry: 9\ndata: x\n\n", {}), QList<QByteArray>{"x"});
    QCOMPARE(parseIn("database: x\n\n", {}), QList<QByteArray>{});
}

void TestSseParser::everySplitGivesTheSameEvents_data() {
    QTest::addColumn<QByteArray>("bytes");
    QTest::newRow("LF") << QByteArray("data: {\"a\":\"h\xC3\xA9\"}\n\n: c\ndata: [DONE]\n\n");
    QTest::newRow("CRLF") << QByteArray("data: one\r\ndata: two\r\n\r\ndata: three\r\n\r\n");
    QTest::newRow("CR") << QByteArray("data: one\r\rdata: two\r\r");
    QTest::newRow("BOM") << QByteArray("\xEF\xBB\xBF"
                                       "data: one\n\n");
}

void TestSseParser::everySplitGivesTheSameEvents() {
    QFETCH(QByteArray, bytes);
    const QList<QByteArray> whole = parseIn(bytes, {});
    QVERIFY(!whole.isEmpty());
    for (qsizetype first = 0; first <= bytes.size(); ++first) {
        for (qsizetype second = first; second <= bytes.size(); ++second) {
            QCOMPARE(parseIn(bytes, {first, second}), whole);
        }
    }
}

void TestSseParser::anEventThatTheEndCutsOffIsDropped() {
    QCOMPARE(parseIn("data: whole\n\ndata: half\n", {}), QList<QByteArray>{"whole"});
}

void TestSseParser::anEventAboveTheCapBreaksTheParser() {
    SseParser parser;
    const QByteArray fits(SseParser::kMaxEventBytes - 6, 'x');
    QCOMPARE(parser.push("data: " + fits + "\n\n").size(), 1);
    QVERIFY(!parser.isBroken());
    QVERIFY(parser.push("data: " + fits + "x").isEmpty());
    QVERIFY(parser.isBroken());
    QVERIFY(parser.push("\n\ndata: more\n\n").isEmpty());
}

QTEST_GUILESS_MAIN(TestSseParser)
#include "tst_sse_parser.moc"
