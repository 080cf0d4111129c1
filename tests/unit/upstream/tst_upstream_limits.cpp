// SPDX-License-Identifier: Apache-2.0
#define QT_NO_EMIT // cancellation_signal has a function of that name
#include <QtTest>

#include "upstream_fixture.h"

using namespace gatehouse;
using namespace gatehouse::test;
using namespace gatehouse::upstream;
using namespace gatehouse::upstream::test;

class TestUpstreamLimits : public QObject {
    Q_OBJECT
private slots:
    void giantHeadsAreRefused();
    void tooManyFieldsAreRefused();
    void theAnswerCapBites_data();
    void theAnswerCapBites();
    void encodedAnswersAreRefusedUnread();
    void redirectsAreNotFollowed();
    void droppingATransferCancelsItBeforeTheFirstByte();
    void droppingATransferCancelsItInTheBody();
    void aSlowReaderHoldsTheServerBack();
    void cancellingTheReaderEndsTheWait();
    void forbiddenTargetsSeeNoConnection();
    void badHeadersAreRefused();
    void closingTheUpstreamEndsTransfers();
};

void TestUpstreamLimits::giantHeadsAreRefused() {
    ScriptedServer server([](ServerConnection& connection) {
        connection.readRequest();
        connection.send("HTTP/1.1 200 OK\r\n");
        const std::string line = "X-Filler: " + std::string(1000, 'x') + "\r\n";
        for (int i = 0; i < 100 && connection.send(line); ++i) {
        }
        connection.send("Content-Length: 0\r\n\r\n");
        connection.waitForClose();
    });
    Loop loop;
    QCOMPARE(loop.get(requestTo(server.url("/"))).headError.value().kind, ErrorKind::limit);
}

void TestUpstreamLimits::tooManyFieldsAreRefused() {
    ScriptedServer server([](ServerConnection& connection) {
        connection.readRequest();
        std::string head = "HTTP/1.1 200 OK\r\n";
        for (int i = 0; i < 300; ++i) {
            head += "A: b\r\n";
        }
        connection.send(head + "Content-Length: 0\r\n\r\n");
        connection.waitForClose();
    });
    Loop loop;
    QCOMPARE(loop.get(requestTo(server.url("/"))).headError.value().kind, ErrorKind::limit);
}

void TestUpstreamLimits::theAnswerCapBites_data() {
    QTest::addColumn<int>("size");
    QTest::addColumn<bool>("isWhole");
    QTest::newRow("limit - 1") << 999 << true;
    QTest::newRow("limit") << 1000 << true;
    QTest::newRow("limit + 1") << 1001 << false;
}

void TestUpstreamLimits::theAnswerCapBites() {
    QFETCH(int, size);
    QFETCH(bool, isWhole);
    ScriptedServer server([&](ServerConnection& connection) {
        connection.readRequest();
        connection.send("HTTP/1.1 200 OK\r\nContent-Length: " + std::to_string(size) + "\r\n\r\n" +
                        std::string(static_cast<std::size_t>(size), 'x'));
        connection.waitForClose();
    });
    Loop loop;
    auto request = requestTo(server.url("/"));
    request.maxAnswerBytes = 1000;
    const auto fetched = loop.get(std::move(request));
    QCOMPARE(!fetched.bodyError.has_value(), isWhole);
    if (!isWhole) {
        QCOMPARE(fetched.bodyError->kind, ErrorKind::limit);
    }
}

void TestUpstreamLimits::encodedAnswersAreRefusedUnread() {
    ScriptedServer server([](ServerConnection& connection) {
        connection.readRequest();
        connection.send("HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\nContent-Length: 4\r\n\r\nbomb");
        connection.waitForClose();
    });
    Loop loop;
    const auto fetched = loop.get(requestTo(server.url("/")));
    QCOMPARE(fetched.headError.value().kind, ErrorKind::unavailable);
}

void TestUpstreamLimits::redirectsAreNotFollowed() {
    ScriptedServer target([](ServerConnection& connection) { connection.readRequest(); });
    ScriptedServer server([&](ServerConnection& connection) {
        connection.readRequest();
        connection.send("HTTP/1.1 302 Found\r\nLocation: " + target.url("/") + "\r\nContent-Length: 0\r\n\r\n");
    });
    Loop loop;
    QCOMPARE(loop.get(requestTo(server.url("/"))).head.status, 302);
    QCOMPARE(target.connections(), 0);
}

void TestUpstreamLimits::droppingATransferCancelsItBeforeTheFirstByte() {
    std::promise<bool> arrived;
    std::promise<bool> closed;
    auto arrival = arrived.get_future();
    ScriptedServer server([&](ServerConnection& connection) {
        connection.readRequest();
        arrived.set_value(true);
        closed.set_value(connection.waitForClose());
    });
    Loop loop;
    auto transfer = loop.upstream->start(requestTo(server.url("/")));
    while (arrival.wait_for(0s) != std::future_status::ready) {
        loop.context.restart();
        loop.context.run_one_for(10ms);
    }
    transfer.reset();
    QVERIFY(closed.get_future().get());
}

void TestUpstreamLimits::droppingATransferCancelsItInTheBody() {
    std::promise<bool> closed;
    ScriptedServer server([&](ServerConnection& connection) {
        connection.readRequest();
        connection.send(kChunkedHead);
        connection.send("5\r\nhello\r\n");
        closed.set_value(connection.waitForClose());
    });
    Loop loop;
    auto transfer = loop.upstream->start(requestTo(server.url("/")));
    loop.run(takeHeadAndDrop(std::move(transfer), true));
    QVERIFY(closed.get_future().get());
}

void TestUpstreamLimits::aSlowReaderHoldsTheServerBack() {
    constexpr std::size_t kTotal = 64UL * 1024UL * 1024UL;
    std::atomic<std::size_t> sent = 0;
    ScriptedServer server([&](ServerConnection& connection) {
        connection.readRequest();
        connection.send("HTTP/1.1 200 OK\r\nContent-Length: " + std::to_string(kTotal) + "\r\n\r\n");
        const std::string block(256UL * 1024UL, 'x');
        while (sent < kTotal && connection.send(block)) {
            sent += block.size();
        }
    });
    Loop loop;
    auto transfer = loop.upstream->start(requestTo(server.url("/")));
    QVERIFY(loop.run(transfer->head()).has_value());
    loop.run(sleepFor(500ms)); // nobody reads the body meanwhile
    QVERIFY2(sent < kTotal / 2, "the server was not held back");
    std::size_t total = 0;
    std::size_t largest = 0;
    for (;;) {
        auto piece = loop.run(transfer->next());
        QVERIFY(piece.has_value());
        if (!*piece) {
            break;
        }
        total += (*piece)->size();
        largest = std::max(largest, (*piece)->size());
    }
    QCOMPARE(total, kTotal);
    QVERIFY2(largest <= 96UL * 1024UL, "more was buffered than the mark allows");
}

void TestUpstreamLimits::cancellingTheReaderEndsTheWait() {
    std::promise<bool> closed;
    ScriptedServer server([&](ServerConnection& connection) {
        connection.readRequest();
        closed.set_value(connection.waitForClose());
    });
    Loop loop;
    asio::cancellation_signal signal;
    bool isDone = false;
    asio::co_spawn(loop.context, takeHeadAndDrop(loop.upstream->start(requestTo(server.url("/"))), false),
                   asio::bind_cancellation_slot(signal.slot(), [&](const std::exception_ptr&) { isDone = true; }));
    loop.run(sleepFor(100ms));
    QVERIFY(!isDone);
    signal.emit(asio::cancellation_type::terminal);
    loop.run(sleepFor(10ms));
    QVERIFY(isDone);
    QVERIFY(closed.get_future().get());
}

void TestUpstreamLimits::forbiddenTargetsSeeNoConnection() {
    Loop loop;
    for (const auto* url : {"http://example.com/", "http://169.254.169.254/latest", "http://0.0.0.0:1/"}) {
        QCOMPARE(loop.get(requestTo(url)).headError.value().kind, ErrorKind::denied);
    }
    // A literal address behind https is refused before a SYN is sent.
    for (const auto* url : {"https://169.254.169.254/latest", "https://0.0.0.0:1/", "https://127.0.0.2:1/"}) {
        QCOMPARE(loop.get(requestTo(url)).headError.value().kind, ErrorKind::denied);
    }
}

void TestUpstreamLimits::badHeadersAreRefused() {
    Loop loop;
    for (const auto& [name, value] :
         Headers{{"X-A", "b\r\nX-Evil: 1"}, {"X:A", "b"}, {"", "b"}, {"X-\nA", "b"}, {"X-A", std::string("a\0b", 3)}}) {
        auto request = requestTo("http://127.0.0.1:1/");
        request.headers = {{name, value}};
        QCOMPARE(loop.get(std::move(request)).headError.value().kind, ErrorKind::invalidInput);
    }
    auto request = requestTo("http://127.0.0.1:1/");
    request.authorization = Redacted<std::string>("Bearer a\r\nX-Evil: 1");
    QCOMPARE(loop.get(std::move(request)).headError.value().kind, ErrorKind::invalidInput);
}

void TestUpstreamLimits::closingTheUpstreamEndsTransfers() {
    ScriptedServer server([](ServerConnection& connection) {
        connection.readRequest();
        connection.waitForClose();
    });
    Loop loop;
    auto transfer = loop.upstream->start(requestTo(server.url("/")));
    loop.run(sleepFor(50ms));
    loop.upstream.reset();
    const auto head = loop.run(transfer->head());
    QVERIFY(!head.has_value());
    QCOMPARE(head.error().kind, ErrorKind::cancelled);
}

QTEST_GUILESS_MAIN(TestUpstreamLimits)
#include "tst_upstream_limits.moc"
