// SPDX-License-Identifier: Apache-2.0
#include <QtTest>

#include "gateway/chunked_decoder.h"

using namespace gatehouse::gateway;
using Status = ChunkedDecoder::Status;

namespace {

struct Decoded {
    Status status = Status::needsMore;
    std::string body;
    std::size_t consumed = 0;
};

Decoded decode(std::string_view bytes, std::size_t split, std::size_t limit) {
    ChunkedDecoder decoder(limit);
    Decoded decoded;
    for (const auto end : {split, bytes.size()}) {
        std::size_t consumed = 0;
        decoded.status = decoder.feed(bytes.substr(decoded.consumed, end - decoded.consumed), decoded.body, consumed);
        decoded.consumed += consumed;
        if (decoded.status != Status::needsMore) {
            break;
        }
    }
    return decoded;
}

} // namespace

class TestChunkedDecoder : public QObject {
    Q_OBJECT
private slots:
    void bodiesAreDecodedInAnySplit_data();
    void bodiesAreDecodedInAnySplit();
    void theLimitBitesBeforeTheDataComes();
};

void TestChunkedDecoder::bodiesAreDecodedInAnySplit_data() {
    QTest::addColumn<QByteArray>("bytes");
    QTest::addColumn<int>("status");
    QTest::addColumn<QByteArray>("body");
    const auto row = [](const char* name, const QByteArray& bytes, Status status, const char* body) {
        QTest::newRow(name) << bytes << static_cast<int>(status) << QByteArray(body);
    };
    row("empty", "0\r\n\r\n", Status::done, "");
    row("one", "5\r\nhello\r\n0\r\n\r\n", Status::done, "hello");
    row("two", "5\r\nhello\r\n6\r\n world\r\n0\r\n\r\n", Status::done, "hello world");
    row("hex either case", "a\r\n0123456789\r\nA\r\n0123456789\r\n0\r\n\r\n", Status::done, "01234567890123456789");
    row("leading zeros", "0005\r\nhello\r\n000\r\n\r\n", Status::done, "hello");
    row("the next request stays", "1\r\na\r\n0\r\n\r\nGET /", Status::done, "a");
    row("data looks like an end", "5\r\n0\r\n\r\n\r\n0\r\n\r\n", Status::done, "0\r\n\r\n");
    row("cut", "5\r\nhel", Status::needsMore, "hel");
    row("no end", "5\r\nhello\r\n", Status::needsMore, "hello");
    row("bare LF after size", "5\nhello\r\n0\r\n\r\n", Status::malformed, "");
    row("bare LF after data", "5\r\nhello\n0\r\n\r\n", Status::malformed, "hello");
    row("bare CR after size", "5\rhello", Status::malformed, "");
    row("no size", "\r\nhello\r\n", Status::malformed, "");
    row("no hex", "g\r\n", Status::malformed, "");
    row("minus", "-5\r\nhello\r\n", Status::malformed, "");
    row("0x", "0x5\r\nhello\r\n", Status::malformed, "");
    row("space before size", " 5\r\nhello\r\n", Status::malformed, "");
    row("space after size", "5 \r\nhello\r\n", Status::malformed, "");
    row("extension", "5;a=b\r\nhello\r\n0\r\n\r\n", Status::malformed, "");
    row("trailer", "5\r\nhello\r\n0\r\nX: y\r\n\r\n", Status::malformed, "hello");
    row("size too short", "4\r\nhello\r\n0\r\n\r\n", Status::malformed, "hell");
    row("nine digits", "000000005\r\nhello\r\n", Status::malformed, "");
    row("overflow", "ffffffffffffffff1\r\n", Status::malformed, "");
    row("too large", "ffffffff\r\n", Status::tooLarge, "");
}

void TestChunkedDecoder::bodiesAreDecodedInAnySplit() {
    QFETCH(QByteArray, bytes);
    QFETCH(int, status);
    QFETCH(QByteArray, body);
    const std::string_view view(bytes.data(), static_cast<std::size_t>(bytes.size()));
    for (std::size_t split = 0; split <= view.size(); ++split) {
        const auto decoded = decode(view, split, 1000);
        QCOMPARE(static_cast<int>(decoded.status), status);
        QCOMPARE(QByteArray::fromStdString(decoded.body), body);
        if (decoded.status == Status::done && view.ends_with("GET /")) {
            QCOMPARE(decoded.consumed, view.size() - 5);
        }
    }
}

void TestChunkedDecoder::theLimitBitesBeforeTheDataComes() {
    for (const auto& [size, isFine] : {std::pair("3e7", true), std::pair("3e8", true), std::pair("3e9", false)}) {
        QCOMPARE(decode(std::string(size) + "\r\n", 0, 1000).status == Status::needsMore, isFine);
    }
    const std::string first = "3e8\r\n" + std::string(1000, 'x') + "\r\n";
    QCOMPARE(decode(first + "0\r\n\r\n", 7, 1000).status, Status::done);
    QCOMPARE(decode(first + "1\r\n", 7, 1000).status, Status::tooLarge);
}

QTEST_GUILESS_MAIN(TestChunkedDecoder)
#include "tst_chunked_decoder.moc"
