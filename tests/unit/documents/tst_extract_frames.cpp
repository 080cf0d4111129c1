// SPDX-License-Identifier: Apache-2.0
#include <QtTest>

#include "documents/frames.h"

using namespace gatehouse;
using namespace gatehouse::documents;
using namespace std::string_literals;

class TestFrames final : public QObject {
    Q_OBJECT

    static std::string all() {
        return encodeFrame(FrameKind::format, "pdf", "") + encodeFrame(FrameKind::piece, "page 1", "t\xC3\xA4xt") +
               encodeFrame(FrameKind::gap, "", "why") + encodeFrame(FrameKind::end, "", "");
    }

private slots:
    void whatIsWrittenIsReadAtEverySplit() {
        const std::string bytes = all();
        for (std::size_t split = 0; split <= bytes.size(); ++split) {
            FrameReader reader;
            QVERIFY(reader.push(bytes.substr(0, split)).has_value());
            QCOMPARE(reader.isComplete(), split == bytes.size());
            QVERIFY(reader.push(bytes.substr(split)).has_value());
            const auto read = reader.finish();
            QVERIFY(read.has_value());
            QCOMPARE(read->format, "pdf"s);
            QCOMPARE(read->pieces.size(), 1U);
            QCOMPARE(read->pieces[0].name + read->pieces[0].text, "page 1t\xC3\xA4xt"s);
            QCOMPARE(std::string(read->unreadable()), "why"s);
        }
    }

    void whatEndsEarlyIsNoDocument() {
        const std::string bytes = all();
        for (std::size_t size = 0; size < bytes.size(); ++size) {
            FrameReader reader;
            QVERIFY(reader.push(bytes.substr(0, size)).has_value());
            QVERIFY(!reader.finish().has_value());
        }
    }

    void nonsenseIsRefused_data() {
        QTest::addColumn<std::string>("bytes");
        QTest::newRow("kind") << "X"s + std::string(8, '\0');
        QTest::newRow("name too long") << encodeFrame(FrameKind::piece, std::string(kMaxName + 1, 'x'), "");
        QTest::newRow("length too large") << "P\0\0\0\0\xFF\xFF\xFF\xFF"s;
        QTest::newRow("no UTF-8") << encodeFrame(FrameKind::piece, "a", "\xFF");
        QTest::newRow("behind the end") << all() + "x";
    }
    void nonsenseIsRefused() {
        QFETCH(std::string, bytes);
        FrameReader reader;
        QVERIFY(!reader.push(bytes).has_value());
    }

    void textsTogetherAreLimited() {
        const std::string half(kMaxText / 2, 'x');
        FrameReader reader;
        QVERIFY(reader.push(encodeFrame(FrameKind::piece, "a", half)).has_value());
        QVERIFY(reader.push(encodeFrame(FrameKind::piece, "b", half)).has_value());
        QVERIFY(!reader.push(encodeFrame(FrameKind::piece, "c", "x")).has_value());
    }

    void theAskedDocumentIsReadBack() {
        const std::string input = encodeHead("name.txt") + "bytes";
        const auto asked = decodeAsked(input);
        QVERIFY(asked.has_value());
        QCOMPARE(std::string(asked->name) + "|" + std::string(asked->bytes), "name.txt|bytes"s);
        QVERIFY(!decodeAsked("\5\0\0\0abcd"s).has_value());
        QVERIFY(!decodeAsked("\1\0"s).has_value());
    }
};

QTEST_APPLESS_MAIN(TestFrames)
#include "tst_extract_frames.moc"
