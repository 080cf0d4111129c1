// SPDX-License-Identifier: Apache-2.0
#define QT_NO_EMIT
#include <QtTest>

#include "dialects/array_frames.h"
#include "dialects/event_frames.h"
#include "dialects/line_frames.h"
#include "dialects/stream_frame.h"
#include "unit/dialects/dialect_words.h"

using namespace gatehouse;
using namespace gatehouse::dialects;
using gatehouse::test::quoted;

namespace {

struct Seen {
    std::string raw;
    std::vector<std::string> data;
    bool hasFailed = false;
    friend bool operator==(const Seen&, const Seen&) = default;
};

void take(Seen& seen, const StreamFrame& frame) {
    seen.raw += frame.raw;
    if (frame.data) {
        seen.data.push_back(*frame.data);
    }
}

Seen readPieces(Framing framing, const std::vector<std::string_view>& pieces) {
    Seen seen;
    const auto reader = makeFrameReader(framing);
    for (const std::string_view piece : pieces) {
        const auto frames = reader->push(piece);
        if (!frames) {
            seen.hasFailed = true;
            return seen;
        }
        for (const StreamFrame& frame : *frames) {
            take(seen, frame);
        }
    }
    const auto last = reader->finish();
    seen.hasFailed = !last.has_value();
    if (last && *last) {
        take(seen, **last);
    }
    return seen;
}

} // namespace

class TestFrames final : public QObject {
    Q_OBJECT

private slots:
    void everySplitGivesTheSameFrames_data() {
        QTest::addColumn<int>("framing");
        QTest::addColumn<QByteArray>("bytes");
        QTest::addColumn<int>("count");
        const auto row = [](const char* name, Framing framing, const std::string& bytes, int count) {
            QTest::newRow(name) << static_cast<int>(framing) << QByteArray::fromStdString(bytes) << count;
        };
        row("events", Framing::sse,
            quoted("event: a\ndata: {'x':'\xC3\xA9'}\n\n: comment\n\ndata: 1\r\ndata:2\r\n\r\ndata: end"), 3);
        row("lines", Framing::ndjson, quoted("{'a':'\xF0\x9F\x98\x80'}\n\r\n{'b':1}\r\n{'done':true}"), 3);
        row("array", Framing::jsonArray, quoted(" [{'a':'}]\\'\\\\'}\n,\r\n{'b':[{},{'c':'\xE6\x9D\xB1'}]} ,{}\n]\n"),
            3);
        row("lone object", Framing::jsonArray, quoted("{'error':{'code':429}}\n"), 1);
        row("empty array", Framing::jsonArray, "[]", 0);
    }
    void everySplitGivesTheSameFrames() {
        QFETCH(int, framing);
        QFETCH(QByteArray, bytes);
        QFETCH(int, count);
        const auto kind = static_cast<Framing>(framing);
        const std::string_view all(bytes.constData(), static_cast<std::size_t>(bytes.size()));
        const Seen whole = readPieces(kind, {all});
        QVERIFY(!whole.hasFailed);
        QCOMPARE(whole.data.size(), static_cast<std::size_t>(count));
        QCOMPARE(QByteArray::fromStdString(whole.raw), bytes); // nothing is lost
        for (std::size_t first = 0; first <= all.size(); ++first) {
            for (std::size_t second = first; second <= all.size(); ++second) {
                const Seen cut =
                    readPieces(kind, {all.substr(0, first), all.substr(first, second - first), all.substr(second)});
                QVERIFY2(cut == whole, QByteArray::number(static_cast<int>(first)));
            }
        }
    }

    void eventStreamFramesAreReadAtAnySplitAndCheckedTwice() {
        // {"delta":{"text":"h"}} as contentBlockDelta, made with zlib's CRC-32.
        const auto frame = [](const std::string& payload) {
            const auto number = [](std::size_t value, int bytes) {
                std::string out;
                for (int i = bytes - 1; i >= 0; --i) {
                    out += static_cast<char>(value >> (8U * static_cast<unsigned>(i)) & 0xFFU);
                }
                return out;
            };
            const auto header = [&](const std::string& name, const std::string& value) {
                return number(name.size(), 1) + name + '\x07' + number(value.size(), 2) + value;
            };
            const std::string headers = header(":event-type", "contentBlockDelta") + header(":message-type", "event");
            std::string out = number(16 + headers.size() + payload.size(), 4) + number(headers.size(), 4);
            out += number(crc32(out), 4) + headers + payload;
            return out + number(crc32(out), 4);
        };
        QCOMPARE(crc32("123456789"), 0xCBF43926U); // the check value of the algorithm
        const std::string bytes = frame(quoted("{'delta':{'text':'h'}}")) + frame("");
        const Seen whole = readPieces(Framing::eventStream, {bytes});
        QVERIFY(!whole.hasFailed && whole.raw == bytes);
        QCOMPARE(whole.data.at(0), quoted("{'contentBlockDelta':{'delta':{'text':'h'}}}"));
        QCOMPARE(whole.data.at(1), quoted("{'contentBlockDelta':{}}"));
        for (std::size_t i = 0; i <= bytes.size(); ++i) {
            const std::string_view all = bytes;
            QVERIFY(readPieces(Framing::eventStream, {all.substr(0, i), all.substr(i)}) == whole);
            if (i < bytes.size()) {
                std::string wrong = bytes;
                wrong[i] = static_cast<char>(wrong[i] ^ 1);
                QVERIFY2(readPieces(Framing::eventStream, {wrong}).hasFailed, QByteArray::number(static_cast<int>(i)));
                QVERIFY(i == 0 || readPieces(Framing::eventStream, {all.substr(0, i)}).hasFailed ||
                        i == frame(quoted("{'delta':{'text':'h'}}")).size());
            }
        }
    }

    void aChangedFrameKeepsItsOtherBytes() {
        ArrayReader array;
        const auto elements = array.push(quoted("[{'a':1}\n, {'b':2}"));
        QVERIFY(elements && elements->size() == 2);
        QCOMPARE(elements->at(0).withData("{}").substr(0, 3), std::string("[{}"));
        QCOMPARE(elements->at(1).withData("{}").substr(0, 5), std::string("\n, {}"));
        LineReader lines;
        const auto read = lines.push(quoted("{'a':1}\r\n"));
        QCOMPARE(read->at(0).withData("{}"), std::string("{}\r\n"));
    }

    void whatIsNoArrayOfObjectsIsRefused_data() {
        QTest::addColumn<QByteArray>("bytes");
        for (const char* bytes : {"hello", "[1]", "[{}{}]", "[,{}]", "[{}", "[{},", "[]]", "{}{}", "[[{}]]"}) {
            QTest::newRow(bytes) << QByteArray(bytes);
        }
    }
    void whatIsNoArrayOfObjectsIsRefused() {
        QFETCH(QByteArray, bytes);
        QVERIFY(readPieces(Framing::jsonArray, {bytes.toStdString()}).hasFailed);
    }

    void aFrameAboveItsCapIsRefused() {
        LineReader lines;
        QVERIFY(lines.push(std::string(LineReader::kMaxLine, 'x')).has_value());
        QCOMPARE(lines.push("x").error().kind, ErrorKind::limit);
        ArrayReader array;
        QVERIFY(!array.push("[{\"a\":\"" + std::string(ArrayReader::kMaxElement, 'x')).has_value());
    }
};

QTEST_GUILESS_MAIN(TestFrames)
#include "tst_frames.moc"
