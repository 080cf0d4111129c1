// SPDX-License-Identifier: Apache-2.0
#define QT_NO_EMIT // cancellation_signal has a function of that name
#include <QtTest>

#include "upstream_fixture.h"

using namespace gatehouse;
using namespace gatehouse::test;
using namespace gatehouse::upstream;
using namespace gatehouse::upstream::test;

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
    void theKeyGoesIntoAuthorizationOnly();
    void manyTransfersRunAtOnce();
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
