// SPDX-License-Identifier: Apache-2.0
#define QT_NO_EMIT // cancellation_signal has a function of that name
#include <QtTest>

#include <future>
#include <optional>

#include <boost/asio/bind_cancellation_slot.hpp>
#include <boost/asio/cancellation_signal.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/asio/use_future.hpp>

#include "support/scripted_server.h"
#include "upstream/upstream.h"

using namespace gatehouse;
using namespace gatehouse::test;
using namespace gatehouse::upstream;
using namespace std::chrono_literals;

namespace {

constexpr std::string_view kChunkedHead =
    "HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\nTransfer-Encoding: chunked\r\n\r\n";

struct Fetched {
    std::optional<Error> headError;
    Head head;
    std::vector<std::string> pieces;
    std::optional<Error> bodyError;

    [[nodiscard]] std::string body() const {
        std::string all;
        for (const auto& piece : pieces) {
            all += piece;
        }
        return all;
    }
};

Task<Fetched> fetch(std::unique_ptr<Transfer> transfer) {
    Fetched fetched;
    auto head = co_await transfer->head();
    if (!head) {
        fetched.headError = head.error();
        co_return fetched;
    }
    fetched.head = *head;
    for (;;) {
        auto piece = co_await transfer->next();
        if (!piece) {
            fetched.bodyError = piece.error();
            break;
        }
        if (!*piece) {
            break;
        }
        fetched.pieces.push_back(**piece);
    }
    co_return fetched;
}

Task<> sleepFor(std::chrono::milliseconds time) {
    asio::steady_timer timer(co_await asio::this_coro::executor, time);
    co_await timer.async_wait(asio::use_awaitable);
}

class Loop {
public:
    asio::io_context context{1};
    std::unique_ptr<Upstream> upstream = *Upstream::create(context.get_executor());

    template <class T>
    T run(Task<T> task) {
        auto future = asio::co_spawn(context, std::move(task), asio::use_future);
        context.restart();
        while (future.wait_for(0s) != std::future_status::ready) {
            context.run_one_for(100ms);
        }
        return future.get();
    }
    Fetched get(Request request) { return run(fetch(upstream->start(std::move(request)))); }
};

Request requestTo(const std::string& url) {
    Request request;
    request.url = url;
    request.body = R"({"model":"m"})";
    request.headers = {{"Content-Type", "application/json"}};
    return request;
}

Task<> takeHeadAndDrop(std::unique_ptr<Transfer> transfer, bool waitsForPiece) {
    static_cast<void>(co_await transfer->head());
    if (waitsForPiece) {
        static_cast<void>(co_await transfer->next());
    }
}

} // namespace

class TestUpstream : public QObject {
    Q_OBJECT
private slots:
    void aPostArrivesWholeAndItsAnswerComesBack();
    void piecesComeAsTheyAreSent();
    void statusCodesAreAnswersNotErrors();
    void aConnectionIsUsedAgain();
    void aRefusedConnectionIsUnavailable();
    void aResetBeforeTheHeadIsUnavailable();
    void aResetInTheBodyIsAnError();
    void anEarlyEndIsNeverSilent_data();
    void anEarlyEndIsNeverSilent();
    void aServerThatNeverAnswersTimesOut();
    void aStreamThatStallsTimesOut();
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
    void theKeyGoesIntoAuthorizationOnly();
    void manyTransfersRunAtOnce();
    void closingTheUpstreamEndsTransfers();
    void interimAnswersAreSkipped();
};

void TestUpstream::aPostArrivesWholeAndItsAnswerComesBack() {
    std::promise<std::string> seen;
    ScriptedServer server([&](ServerConnection& connection) {
        seen.set_value(connection.readRequest());
        connection.send("HTTP/1.1 200 OK\r\nContent-Length: 5\r\nX-Request-Id: abc\r\n\r\nhello");
    });
    Loop loop;
    auto request = requestTo(server.url("/v1/chat/completions?x=1"));
    request.body = std::string(2'000'000, 'p');
    const auto fetched = loop.get(std::move(request));
    QVERIFY(!fetched.headError && !fetched.bodyError);
    QCOMPARE(fetched.head.status, 200);
    QCOMPARE(fetched.body(), std::string("hello"));
    QVERIFY(std::find(fetched.head.headers.begin(), fetched.head.headers.end(),
                      std::pair<std::string, std::string>("x-request-id", "abc")) != fetched.head.headers.end());
    const auto text = seen.get_future().get();
    QVERIFY(text.starts_with("POST /v1/chat/completions?x=1 HTTP/1.1\r\n"));
    QVERIFY(text.find("Accept-Encoding: identity\r\n") != std::string::npos);
    QVERIFY(text.find("Expect:") == std::string::npos);
    QVERIFY(text.find("Content-Type: application/json\r\n") != std::string::npos);
    QVERIFY(text.ends_with(std::string(2'000'000, 'p')));
}

void TestUpstream::piecesComeAsTheyAreSent() {
    std::promise<void> gotFirst;
    auto first = gotFirst.get_future();
    ScriptedServer server([&](ServerConnection& connection) {
        connection.readRequest();
        connection.send(kChunkedHead);
        connection.send("9\r\ndata: a\n\n\r\n");
        first.wait(); // the second piece is sent only when the first was read
        connection.send("9\r\nda");
        connection.sleep(20ms);
        connection.send("ta: b\n\n\r\n0\r\n\r\n");
        connection.waitForClose();
    });
    Loop loop;
    auto transfer = loop.upstream->start(requestTo(server.url("/")));
    QVERIFY(loop.run(transfer->head()).has_value());
    QCOMPARE(loop.run(transfer->next()).value().value(), std::string("data: a\n\n"));
    gotFirst.set_value();
    std::string rest;
    for (;;) {
        auto piece = loop.run(transfer->next());
        QVERIFY(piece.has_value());
        if (!*piece) {
            break;
        }
        rest += **piece;
    }
    QCOMPARE(rest, std::string("data: b\n\n"));
}

void TestUpstream::statusCodesAreAnswersNotErrors() {
    ScriptedServer server([](ServerConnection& connection) {
        connection.readRequest();
        connection.send("HTTP/1.1 429 Too Many Requests\r\nRetry-After: 3\r\nContent-Length: 2\r\n\r\n{}");
    });
    Loop loop;
    const auto fetched = loop.get(requestTo(server.url("/")));
    QCOMPARE(fetched.head.status, 429);
    QCOMPARE(fetched.body(), std::string("{}"));
}

void TestUpstream::aConnectionIsUsedAgain() {
    ScriptedServer server([](ServerConnection& connection) {
        while (!connection.readRequest().empty()) {
            connection.send("HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok");
        }
    });
    Loop loop;
    for (int i = 0; i < 20; ++i) {
        QCOMPARE(loop.get(requestTo(server.url("/"))).body(), std::string("ok"));
    }
    QCOMPARE(server.connections(), 1);
}

void TestUpstream::aRefusedConnectionIsUnavailable() {
    std::string url;
    {
        ScriptedServer gone([](ServerConnection& /*connection*/) {});
        url = gone.url("/");
    }
    Loop loop;
    const auto fetched = loop.get(requestTo(url));
    QVERIFY(fetched.headError);
    QCOMPARE(fetched.headError->kind, ErrorKind::unavailable);
}

void TestUpstream::aResetBeforeTheHeadIsUnavailable() {
    ScriptedServer server([](ServerConnection& connection) {
        connection.readRequest();
        connection.reset();
    });
    Loop loop;
    QCOMPARE(loop.get(requestTo(server.url("/"))).headError.value().kind, ErrorKind::unavailable);
}

void TestUpstream::aResetInTheBodyIsAnError() {
    ScriptedServer server([](ServerConnection& connection) {
        connection.readRequest();
        connection.send(kChunkedHead);
        connection.send("5\r\nhello\r\n");
        connection.sleep(50ms);
        connection.reset();
    });
    Loop loop;
    const auto fetched = loop.get(requestTo(server.url("/")));
    QCOMPARE(fetched.body(), std::string("hello"));
    QCOMPARE(fetched.bodyError.value().kind, ErrorKind::unavailable);
}

void TestUpstream::anEarlyEndIsNeverSilent_data() {
    QTest::addColumn<QByteArray>("answer");
    QTest::newRow("length") << QByteArray("HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\nhello");
    QTest::newRow("chunked") << QByteArray(kChunkedHead.data(), kChunkedHead.size()) + "5\r\nhello\r\n";
    QTest::newRow("half chunk") << QByteArray(kChunkedHead.data(), kChunkedHead.size()) + "9\r\nhello";
}

void TestUpstream::anEarlyEndIsNeverSilent() {
    QFETCH(QByteArray, answer);
    ScriptedServer server([&](ServerConnection& connection) {
        connection.readRequest();
        connection.send({answer.data(), static_cast<std::size_t>(answer.size())});
    });
    Loop loop;
    const auto fetched = loop.get(requestTo(server.url("/")));
    QCOMPARE(fetched.body(), std::string("hello"));
    QCOMPARE(fetched.bodyError.value().kind, ErrorKind::unavailable);
}

void TestUpstream::aServerThatNeverAnswersTimesOut() {
    ScriptedServer server([](ServerConnection& connection) {
        connection.readRequest();
        connection.waitForClose();
    });
    Loop loop;
    auto request = requestTo(server.url("/"));
    request.firstByteTimeout = 100ms;
    QCOMPARE(loop.get(std::move(request)).headError.value().kind, ErrorKind::timedOut);
}

void TestUpstream::aStreamThatStallsTimesOut() {
    ScriptedServer server([](ServerConnection& connection) {
        connection.readRequest();
        connection.send(kChunkedHead);
        connection.send("5\r\nhello\r\n");
        connection.waitForClose();
    });
    Loop loop;
    auto request = requestTo(server.url("/"));
    request.idleTimeout = 100ms;
    const auto fetched = loop.get(std::move(request));
    QCOMPARE(fetched.body(), std::string("hello"));
    QCOMPARE(fetched.bodyError.value().kind, ErrorKind::timedOut);
}

void TestUpstream::giantHeadsAreRefused() {
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

void TestUpstream::tooManyFieldsAreRefused() {
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

void TestUpstream::theAnswerCapBites_data() {
    QTest::addColumn<int>("size");
    QTest::addColumn<bool>("isWhole");
    QTest::newRow("limit - 1") << 999 << true;
    QTest::newRow("limit") << 1000 << true;
    QTest::newRow("limit + 1") << 1001 << false;
}

void TestUpstream::theAnswerCapBites() {
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

void TestUpstream::encodedAnswersAreRefusedUnread() {
    ScriptedServer server([](ServerConnection& connection) {
        connection.readRequest();
        connection.send("HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\nContent-Length: 4\r\n\r\nbomb");
        connection.waitForClose();
    });
    Loop loop;
    const auto fetched = loop.get(requestTo(server.url("/")));
    QCOMPARE(fetched.headError.value().kind, ErrorKind::unavailable);
}

void TestUpstream::redirectsAreNotFollowed() {
    ScriptedServer target([](ServerConnection& connection) { connection.readRequest(); });
    ScriptedServer server([&](ServerConnection& connection) {
        connection.readRequest();
        connection.send("HTTP/1.1 302 Found\r\nLocation: " + target.url("/") + "\r\nContent-Length: 0\r\n\r\n");
    });
    Loop loop;
    QCOMPARE(loop.get(requestTo(server.url("/"))).head.status, 302);
    QCOMPARE(target.connections(), 0);
}

void TestUpstream::droppingATransferCancelsItBeforeTheFirstByte() {
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

void TestUpstream::droppingATransferCancelsItInTheBody() {
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

void TestUpstream::aSlowReaderHoldsTheServerBack() {
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

void TestUpstream::cancellingTheReaderEndsTheWait() {
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

void TestUpstream::forbiddenTargetsSeeNoConnection() {
    Loop loop;
    for (const auto* url : {"http://example.com/", "http://169.254.169.254/latest", "http://0.0.0.0:1/"}) {
        QCOMPARE(loop.get(requestTo(url)).headError.value().kind, ErrorKind::denied);
    }
    // A literal address behind https is refused before a SYN is sent.
    for (const auto* url : {"https://169.254.169.254/latest", "https://0.0.0.0:1/", "https://127.0.0.2:1/"}) {
        QCOMPARE(loop.get(requestTo(url)).headError.value().kind, ErrorKind::denied);
    }
}

void TestUpstream::badHeadersAreRefused() {
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

void TestUpstream::theKeyGoesIntoAuthorizationOnly() {
    std::promise<std::string> seen;
    ScriptedServer server([&](ServerConnection& connection) {
        seen.set_value(connection.readRequest());
        connection.send("HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n");
    });
    Loop loop;
    auto request = requestTo(server.url("/"));
    request.method = "GET";
    request.authorization = Redacted<std::string>("Bearer sk-canary");
    QVERIFY(!loop.get(std::move(request)).headError);
    const auto text = seen.get_future().get();
    QVERIFY(text.starts_with("GET / HTTP/1.1\r\n"));
    QVERIFY(text.find("Authorization: Bearer sk-canary\r\n") != std::string::npos);
    QCOMPARE(text.find("sk-canary"), text.rfind("sk-canary"));
}

void TestUpstream::manyTransfersRunAtOnce() {
    ScriptedServer server([](ServerConnection& connection) {
        while (!connection.readRequest().empty()) {
            connection.sleep(20ms);
            connection.send("HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok");
        }
    });
    Loop loop;
    std::vector<std::future<Fetched>> answers;
    for (int i = 0; i < 40; ++i) {
        answers.push_back(
            asio::co_spawn(loop.context, fetch(loop.upstream->start(requestTo(server.url("/")))), asio::use_future));
    }
    for (auto& answer : answers) {
        while (answer.wait_for(0s) != std::future_status::ready) {
            loop.context.restart();
            loop.context.run_one_for(100ms);
        }
        QCOMPARE(answer.get().body(), std::string("ok"));
    }
}

void TestUpstream::closingTheUpstreamEndsTransfers() {
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

void TestUpstream::interimAnswersAreSkipped() {
    ScriptedServer server([](ServerConnection& connection) {
        connection.readRequest();
        connection.send("HTTP/1.1 103 Early Hints\r\nLink: x\r\n\r\n");
        connection.send("HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok");
    });
    Loop loop;
    const auto fetched = loop.get(requestTo(server.url("/")));
    QCOMPARE(fetched.head.status, 200);
    QCOMPARE(fetched.head.headers.size(), 1U);
}

QTEST_GUILESS_MAIN(TestUpstream)
#include "tst_upstream.moc"
