// SPDX-License-Identifier: Apache-2.0
#define QT_NO_EMIT
#include <QtTest>

#include <random>

#include "dialects/json_edit.h"
#include "dialects/sse.h"
#include "unit/dialects/dialect_words.h"

using namespace gatehouse;
using namespace gatehouse::dialects;
using gatehouse::test::quoted;

namespace {

// The standard's own algorithm (§9.2.6), line by line, for the data of a whole stream.
std::vector<std::string> dataBySpecification(std::string bytes) {
    if (bytes.starts_with("\xEF\xBB\xBF")) {
        bytes.erase(0, 3);
    }
    std::vector<std::string> events;
    std::optional<std::string> data;
    const auto dispatch = [&] {
        if (data) {
            events.push_back(*data);
        }
        data.reset();
    };
    const auto line = [&](const std::string& text) {
        if (text.empty()) {
            dispatch();
        } else if (text == "data" || text.starts_with("data:")) {
            std::string value = text.size() > 5 ? text.substr(5) : "";
            value.erase(0, value.starts_with(' ') ? 1U : 0U);
            data = data ? *data + "\n" + value : value;
        }
    };
    std::string current;
    for (std::size_t i = 0; i < bytes.size(); ++i) {
        if (bytes[i] == '\r' || bytes[i] == '\n') {
            line(current);
            current.clear();
            i += bytes[i] == '\r' && i + 1 < bytes.size() && bytes[i + 1] == '\n' ? 1U : 0U;
        } else {
            current += bytes[i];
        }
    }
    if (!current.empty()) {
        line(current);
    }
    dispatch(); // what a browser would drop, we read: a provider that leaves its last blank line out
    return events;
}

struct Seen {
    std::string raw;
    std::vector<std::string> data;
    friend bool operator==(const Seen&, const Seen&) = default;
};

Seen read(const std::vector<std::string_view>& pieces) {
    SseReader reader;
    Seen seen;
    const auto take = [&seen](const SseFrame& frame) {
        seen.raw += frame.raw;
        if (frame.data) {
            seen.data.push_back(*frame.data);
        }
    };
    for (const std::string_view piece : pieces) {
        const auto frames = reader.push(piece);
        for (const SseFrame& frame : *frames) {
            take(frame);
        }
    }
    const auto last = reader.finish();
    if (*last) {
        take(**last);
    }
    return seen;
}

} // namespace

class TestSse final : public QObject {
    Q_OBJECT

private slots:
    // Random streams of everything that has a meaning here, against the standard, at every split and byte by byte.
    void randomStreamsReadAsTheStandardSays() {
        constexpr std::array<std::string_view, 16> kBits{
            "data: ", "data:", "data",     "\n", "\r", "\r\n",         "\n\n",     "event: e",
            ": c",    "id: 1", "\xC3\xA9", " ",  "{}", "\xEF\xBB\xBF", "retry: 1", "x"};
        std::mt19937 random(20261121); // NOLINT: the same streams each time
        for (int round = 0; round < 400; ++round) {
            std::string bytes;
            for (std::size_t i = 0; i < 12; ++i) {
                bytes += kBits[random() % kBits.size()];
            }
            const std::string_view all = bytes;
            const Seen whole = read({all});
            QCOMPARE(QByteArray::fromStdString(whole.raw).toHex(), QByteArray::fromStdString(bytes).toHex());
            QVERIFY2(whole.data == dataBySpecification(bytes), QByteArray::fromStdString(bytes).toPercentEncoding());
            std::vector<std::string_view> single;
            for (std::size_t cut = 0; cut <= all.size(); ++cut) {
                QVERIFY(read({all.substr(0, cut), all.substr(cut)}) == whole);
                single.push_back(all.substr(cut, 1));
            }
            QVERIFY(read(single) == whole);
        }
    }

    void otherDataKeepsAllOtherBytes() {
        SseReader reader;
        const std::string bytes = ": note\r\nevent: e\r\ndata: one\r\nid: 7\r\ndata:two\r\n\r\n";
        const auto frames = reader.push(bytes);
        QCOMPARE(frames->size(), 1U);
        QCOMPARE(*frames->front().data, std::string("one\ntwo"));
        const std::string changed = frames->front().withData("new");
        SseReader again;
        QCOMPARE(*again.push(changed)->at(0).data, std::string("new"));
        for (const char* kept : {": note\r\n", "event: e\r\n", "id: 7\r\n"}) {
            QVERIFY(changed.find(kept) != std::string::npos);
        }
        SseReader third;
        QCOMPARE(*third.push(frames->front().withData("a\nb\nc"))->at(0).data, std::string("a\nb\nc"));
    }

    void aFrameOfOurOwnIsReadBack() {
        for (const char* data : {"", "{}", "a\nb", "\n", " leading"}) {
            SseReader reader;
            const auto frames = reader.push(sseFrame(data));
            QCOMPARE(frames->size(), 1U);
            QCOMPARE(*frames->front().data, std::string(data));
            SseReader named;
            QCOMPARE(*named.push(sseFrame("message_start", data))->at(0).data, std::string(data));
        }
    }

    void whatIsTooLongIsRefusedAtAnySplit() {
        const std::string line = "data: " + std::string(SseReader::kMaxLine - 6, 'x');
        SseReader fits;
        QCOMPARE(fits.push(line + "\n\n")->size(), 1U);
        SseReader tooLong;
        QVERIFY(tooLong.push("data: 1\n\n" + line).has_value());
        QCOMPARE(tooLong.push("x").error().kind, ErrorKind::limit);
        QCOMPARE(tooLong.push("\n\n").error().kind, ErrorKind::limit); // and stays so
        QVERIFY(!tooLong.finish().has_value());
        SseReader early;
        QCOMPARE(early.push("data: 1\n\n" + line + "x\n\n")->size(), 1U); // what came before is given first
        QVERIFY(!early.push("").has_value());
        SseReader many;
        bool isRefused = false;
        for (std::size_t sent = 0; sent <= SseReader::kMaxFrame + 1024 && !isRefused; sent += 1024) {
            isRefused = !many.push(std::string(1023, ':') + "\n").has_value();
        }
        QVERIFY(isRefused);
    }

    void valuesOfMembersAreFound_data() {
        QTest::addColumn<QByteArray>("value");
        for (const char* value : {"1.5e3", "null", "'a\\'}'", "{'b':[1,{'c':'}'}]}", "[]", "[[],'],']", "true"}) {
            QTest::newRow(value) << QByteArray::fromStdString(quoted(value));
        }
    }
    void valuesOfMembersAreFound() {
        QFETCH(QByteArray, value);
        const std::string text = value.toStdString();
        for (const std::string space : {"", " ", "\n\t"}) {
            const std::string head = "{\"a\"" + space + ":" + space;
            for (const char* behind : {"}", ",\"z\":1}", " }"}) {
                const std::string document = head + text + behind;
                const JsonRange range = memberValue(document, 4);
                QCOMPARE(document.substr(range.begin, range.end - range.begin), text);
                QCOMPARE(memberBegin(document, 4), range.begin);
            }
            const std::string list = "[" + space + text + space + "," + space + text + "]";
            const JsonRange first = elementValue(list, 1);
            const JsonRange second = elementValue(list, first.end);
            QCOMPARE(list.substr(first.begin, first.end - first.begin), text);
            QCOMPARE(list.substr(second.begin, second.end - second.begin), text);
            const JsonRange none = elementValue(list, second.end);
            QCOMPARE(none.begin, none.end);
        }
    }

    void editsAreAppliedInTheirPlaces() {
        const std::string document = "0123456789";
        QCOMPARE(applyEdits(document, {}), document);
        QCOMPARE(applyEdits(document, {{8, 9, "B"}, {0, 0, "<"}, {2, 5, ""}, {10, 10, ">"}}), std::string("<01567B9>"));
        QCOMPARE(applyEdits(document, {{3, 3, "a"}, {3, 3, "b"}}), std::string("012ab3456789"));
    }
};

QTEST_GUILESS_MAIN(TestSse)
#include "tst_sse.moc"
