// SPDX-License-Identifier: Apache-2.0
// What a hostile web page or program on this machine may send, over real sockets.
#include <QtTest>

#include "gateway/request_guard.h"
#include "gateway_fixture.h"

using namespace gatehouse;
using namespace gatehouse::gateway::test;
using namespace std::chrono_literals;

namespace {

constexpr const char* kForeignHosts[] = {
    "",
    ":{PORT}",
    "127.0.0.1",
    "localhost",
    "[::1]",
    "::1",
    "::1:{PORT}",
    "LOCALHOST:{PORT}",
    "Localhost:{PORT}",
    "localhost.:{PORT}",
    "localhost.localdomain:{PORT}",
    "127.0.0.1.:{PORT}",
    "127.0.0.1:0{PORT}",
    "127.0.0.1:{PORT}0",
    "127.0.0.1:1",
    "127.0.0.1:80",
    "127.0.0.1:+{PORT}",
    "127.0.0.1: {PORT}",
    "127.0.0.1 :{PORT}",
    "127.0.0.2:{PORT}",
    "127.1:{PORT}",
    "127.0.1:{PORT}",
    "127:{PORT}",
    "0.0.0.0:{PORT}",
    "0:{PORT}",
    "2130706433:{PORT}",
    "0x7f000001:{PORT}",
    "0x7f.0.0.1:{PORT}",
    "0177.0.0.1:{PORT}",
    "017700000001:{PORT}",
    "[::]:{PORT}",
    "[::ffff:127.0.0.1]:{PORT}",
    "[0:0:0:0:0:0:0:1]:{PORT}",
    "[::0001]:{PORT}",
    "[::1%25lo]:{PORT}",
    "[::1%lo]:{PORT}",
    "[0:0:0:0:0:ffff:7f00:1]:{PORT}",
    "user@127.0.0.1:{PORT}",
    "user:pw@localhost:{PORT}",
    "@127.0.0.1:{PORT}",
    "127.0.0.1:{PORT}@evil.example",
    "evil.example",
    "evil.example:{PORT}",
    "127.0.0.1.evil.example:{PORT}",
    "localhost.evil.example:{PORT}",
    "evil.example@127.0.0.1:{PORT}",
    "127.0.0.1.nip.io:{PORT}",
    "127-0-0-1.evil.example:{PORT}",
    "sub.localhost:{PORT}",
    "gatehouse:{PORT}",
    "gatehouse.local:{PORT}",
    "foo.internal:{PORT}",
    "192.168.1.10:{PORT}",
    "10.0.0.1:{PORT}",
    "169.254.169.254:{PORT}",
    "http://127.0.0.1:{PORT}",
    "127.0.0.1:{PORT}/",
    "/127.0.0.1:{PORT}",
    "127.0.0.1:{PORT},evil.example",
    "127.0.0.1:{PORT} evil.example",
    "127.0.0.1:{PORT}\t;evil",
    "\"127.0.0.1:{PORT}\"",
    "127.0.0.1%3A{PORT}",
    "127.0.0.1:{PORT}#",
    "127.0.0.1:{PORT}?",
    "l\xc3\xb6"
    "calhost:{PORT}",
    "xn--localhost:{PORT}",
    "127\xe3\x80\x82"
    "0.0.1:{PORT}",
};

} // namespace

class TestGatewayHostile : public QObject {
    Q_OBJECT
private slots:
    void onlyOurOwnHostIsServed_data();
    void onlyOurOwnHostIsServed();
    void absoluteTargetsNeedOurAuthority();
    void webPagesAreRefused_data();
    void webPagesAreRefused();
    void unknownPathsAndMethodsAreRefused_data();
    void unknownPathsAndMethodsAreRefused();
    void mediaTypesAreChecked_data();
    void mediaTypesAreChecked();
    void smuggledRequestsAreRefusedAndTheConnectionCloses_data();
    void smuggledRequestsAreRefusedAndTheConnectionCloses();
    void tooLargeHeadsGet431();
    void getWithABodyIsRefused();
    void nothingHostileReachedThePipeline();

private:
    GatewayFixture m_gateway;
    std::size_t m_served = 0;
};

void TestGatewayHostile::onlyOurOwnHostIsServed_data() {
    QTest::addColumn<QByteArray>("host");
    QTest::addColumn<int>("status");
    for (const auto* host : {"127.0.0.1:{PORT}", "localhost:{PORT}", "[::1]:{PORT}"}) {
        QTest::newRow(host) << QByteArray(host) << 200;
    }
    for (const auto* host : kForeignHosts) {
        QTest::newRow(host) << QByteArray(host) << 421;
    }
}

void TestGatewayHostile::onlyOurOwnHostIsServed() {
    QFETCH(QByteArray, host);
    QFETCH(int, status);
    const auto request =
        "GET /v1/models HTTP/1.1\r\nHost: " + host.toStdString() + "\r\nAuthorization: Bearer good\r\n\r\n";
    const auto response = m_gateway.ask(request);
    QCOMPARE(response.status, status);
    m_served += status == 200 ? 1 : 0;
    const auto health = m_gateway.ask("GET /healthz HTTP/1.1\r\nHost: " + host.toStdString() + "\r\n\r\n");
    QCOMPARE(health.status, status);
    QCOMPARE(response.field("connection") == "close", status != 200);
}

void TestGatewayHostile::absoluteTargetsNeedOurAuthority() {
    const auto ask = [&](const std::string& target, const std::string& host) {
        return m_gateway.ask("GET " + target + " HTTP/1.1\r\nHost: " + host + "\r\nAuthorization: Bearer good\r\n\r\n")
            .status;
    };
    const std::string own = "127.0.0.1:{PORT}";
    QCOMPARE(ask("http://127.0.0.1:{PORT}/v1/models", own), 200);
    ++m_served;
    QCOMPARE(ask("http://evil.example/v1/models", own), 421);
    QCOMPARE(ask("http://127.0.0.1:{PORT}@evil.example/v1/models", own), 421);
    QCOMPARE(ask("http://127.0.0.1:{PORT}/v1/models", "evil.example"), 421);
    QCOMPARE(ask("https://127.0.0.1:{PORT}/v1/models", own), 400);
    QCOMPARE(ask("http:///v1/models", own), 400);
    QCOMPARE(ask("v1/models", own), 400);
    QCOMPARE(ask("127.0.0.1:{PORT}", own), 400);
}

void TestGatewayHostile::webPagesAreRefused_data() {
    QTest::addColumn<QByteArray>("fields");
    QTest::addColumn<int>("status");
    QTest::newRow("no browser") << QByteArray() << 200;
    QTest::newRow("typed by the person") << QByteArray("Sec-Fetch-Site: none\r\n") << 200;
    QTest::newRow("same origin") << QByteArray("Sec-Fetch-Site: same-origin\r\n") << 200;
    QTest::newRow("cross-site") << QByteArray("Sec-Fetch-Site: cross-site\r\n") << 403;
    QTest::newRow("same-site") << QByteArray("Sec-Fetch-Site: same-site\r\n") << 403;
    QTest::newRow("nonsense") << QByteArray("Sec-Fetch-Site: x\r\n") << 403;
    QTest::newRow("empty site") << QByteArray("Sec-Fetch-Site:\r\n") << 403;
    QTest::newRow("origin") << QByteArray("Origin: https://evil.example\r\n") << 403;
    QTest::newRow("null origin") << QByteArray("Origin: null\r\n") << 403;
    QTest::newRow("our origin") << QByteArray("Origin: http://127.0.0.1:{PORT}\r\n") << 403;
    QTest::newRow("empty origin") << QByteArray("Origin:\r\n") << 403;
    QTest::newRow("websocket") << QByteArray(
                                      "Origin: https://evil.example\r\nUpgrade: websocket\r\nConnection: upgrade\r\n")
                               << 403;
}

void TestGatewayHostile::webPagesAreRefused() {
    QFETCH(QByteArray, fields);
    QFETCH(int, status);
    const auto rest =
        " HTTP/1.1\r\nHost: 127.0.0.1:{PORT}\r\nAuthorization: Bearer good\r\n" + fields.toStdString() + "\r\n";
    const auto response = m_gateway.ask("GET /v1/models" + rest);
    QCOMPARE(response.status, status);
    m_served += status == 200 ? 1 : 0;
    QCOMPARE(m_gateway.ask("GET /healthz" + rest).status, status);
    QCOMPARE(m_gateway.ask("OPTIONS /v1/models" + rest).status, 403);
    QVERIFY(response.head.find("access-control") == std::string::npos);
}

void TestGatewayHostile::unknownPathsAndMethodsAreRefused_data() {
    QTest::addColumn<QByteArray>("line");
    QTest::addColumn<int>("status");
    for (const auto* path : {"/",
                             "/v1",
                             "/v1/",
                             "/v1/models/",
                             "//v1/models",
                             "/v1//models",
                             "/v1/./models",
                             "/v1/../v1/models",
                             "/v1/%6dodels",
                             "/V1/models",
                             "/v1/models;a",
                             "/v1/chat/completions/",
                             "/api/pull",
                             "/metrics",
                             "/favicon.ico",
                             "/robots.txt",
                             "/gatehouse/v1/interactions/",
                             "/gatehouse/v1/interactions/a/b",
                             "/gatehouse/v1/interactions/..",
                             "/gatehouse/v1/interactions/a%2f",
                             "/t/",
                             "/t/good",
                             "/t/good/",
                             "/t/good/t/good/v1/models",
                             "/t//v1/models/"}) {
        QTest::newRow(path) << "GET " + QByteArray(path) << 404;
    }
    for (const auto* line :
         {"POST /v1/models", "DELETE /v1/models", "GET /v1/chat/completions", "HEAD /v1/chat/completions",
          "PUT /v1/chat/completions", "POST /healthz", "TRACE /healthz", "get /healthz", "PATCH /v1/models",
          "CONNECT /healthz", "POST /gatehouse/v1/interactions/abc"}) {
        QTest::newRow(line) << QByteArray(line) << 405;
    }
}

void TestGatewayHostile::unknownPathsAndMethodsAreRefused() {
    QFETCH(QByteArray, line);
    QFETCH(int, status);
    RawClient client(m_gateway.port());
    client.send(m_gateway.withPort(line.toStdString() +
                                   " HTTP/1.1\r\nHost: 127.0.0.1:{PORT}\r\nAuthorization: Bearer good\r\n\r\n"));
    const auto response = client.receive(line.startsWith("HEAD"));
    QCOMPARE(response.status, status);
    QCOMPARE(response.field("allow").empty(), status != 405);
}

void TestGatewayHostile::mediaTypesAreChecked_data() {
    QTest::addColumn<QByteArray>("fields");
    QTest::addColumn<int>("status");
    const auto row = [](const char* fields, int status) { QTest::newRow(fields) << QByteArray(fields) << status; };
    row("Content-Type: application/json\r\n", 200);
    row("Content-Type: Application/JSON ; Charset=UTF-8\r\n", 200);
    row("Content-Type: application/json;charset=\"utf-8\"\r\n", 200);
    row("Content-Type: application/json\r\nContent-Encoding: identity\r\n", 200);
    row("", 415);
    row("Content-Type:\r\n", 415);
    row("Content-Type: text/plain\r\n", 415);
    row("Content-Type: application/x-www-form-urlencoded\r\n", 415);
    row("Content-Type: multipart/form-data; boundary=x\r\n", 415);
    row("Content-Type: application/jsonp\r\n", 415);
    row("Content-Type: text/json\r\n", 415);
    row("Content-Type: application/json; charset=utf-16\r\n", 415);
    row("Content-Type: application/json, text/plain\r\n", 415);
    row("Content-Type: application/json\r\nContent-Type: text/plain\r\n", 415);
    row("Content-Type: application/json\r\nContent-Type: application/json\r\n", 415);
    row("Content-Type: application/json\r\nContent-Encoding: gzip\r\n", 415);
    row("Content-Type: application/json\r\nContent-Encoding: identity, gzip\r\n", 415);
}

void TestGatewayHostile::mediaTypesAreChecked() {
    QFETCH(QByteArray, fields);
    QFETCH(int, status);
    const auto response = m_gateway.ask("POST /v1/chat/completions HTTP/1.1\r\nHost: localhost:{PORT}\r\n"
                                        "Authorization: Bearer good\r\nContent-Length: 2\r\n" +
                                        fields.toStdString() + "\r\n{}");
    QCOMPARE(response.status, status);
    m_served += status == 200 ? 1 : 0;
}

void TestGatewayHostile::smuggledRequestsAreRefusedAndTheConnectionCloses_data() {
    QTest::addColumn<QByteArray>("rest");
    const QByteArray smuggled =
        "GET /v1/models HTTP/1.1\r\nHost: 127.0.0.1:{PORT}\r\nAuthorization: Bearer good\r\n\r\n";
    QTest::newRow("CL.TE") << QByteArray("Content-Length: 4\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n") + smuggled;
    QTest::newRow("TE.CL") << QByteArray("Transfer-Encoding: chunked\r\nContent-Length: 4\r\n\r\n0\r\n\r\n") + smuggled;
    QTest::newRow("TE.TE") << QByteArray("Transfer-Encoding: chunked\r\nTransfer-Encoding: x\r\n\r\n0\r\n\r\n") +
                                  smuggled;
    QTest::newRow("CL.CL") << QByteArray("Content-Length: 0\r\nContent-Length: 5\r\n\r\n") + smuggled;
    QTest::newRow("bare LF chunk") << QByteArray("Transfer-Encoding: chunked\r\n\r\n0\n\n") + smuggled;
    QTest::newRow("chunk extension") << QByteArray("Transfer-Encoding: chunked\r\n\r\n0;a\r\n\r\n") + smuggled;
    QTest::newRow("trailer") << QByteArray("Transfer-Encoding: chunked\r\n\r\n0\r\nHost: evil\r\n\r\n") + smuggled;
    QTest::newRow("short chunk") << QByteArray("Transfer-Encoding: chunked\r\n\r\n1\r\nab\r\n0\r\n\r\n") + smuggled;
    QTest::newRow("obs-fold") << QByteArray("X: y\r\n Content-Length: 5\r\n\r\n") + smuggled;
    QTest::newRow("space before colon") << QByteArray("Content-Length : 5\r\n\r\n") + smuggled;
}

void TestGatewayHostile::smuggledRequestsAreRefusedAndTheConnectionCloses() {
    QFETCH(QByteArray, rest);
    RawClient client(m_gateway.port());
    client.send(m_gateway.withPort("POST /v1/chat/completions HTTP/1.1\r\nHost: 127.0.0.1:{PORT}\r\n"
                                   "Authorization: Bearer good\r\nContent-Type: application/json\r\n" +
                                   rest.toStdString()));
    const auto first = client.receive();
    QCOMPARE(first.status, 400);
    QCOMPARE(first.field("connection"), std::string("close"));
    QCOMPARE(client.receive().status, 0); // the second request was not answered
}

void TestGatewayHostile::tooLargeHeadsGet431() {
    QCOMPARE(
        m_gateway.ask("GET /healthz HTTP/1.1\r\nHost: 127.0.0.1:{PORT}\r\nX: " + std::string(9000, 'a') + "\r\n\r\n")
            .status,
        431);
    std::string many = "GET /healthz HTTP/1.1\r\nHost: 127.0.0.1:{PORT}\r\n";
    for (int i = 0; i < 200; ++i) {
        many += "X: y\r\n";
    }
    QCOMPARE(m_gateway.ask(many + "\r\n").status, 431);
    QCOMPARE(m_gateway.ask("GET /" + std::string(20000, 'a') + " HTTP/1.1\r\nHost: 127.0.0.1:{PORT}\r\n\r\n").status,
             431);
}

void TestGatewayHostile::getWithABodyIsRefused() {
    QCOMPARE(m_gateway.ask("GET /healthz HTTP/1.1\r\nHost: 127.0.0.1:{PORT}\r\nContent-Length: 1\r\n\r\nx").status,
             400);
    QCOMPARE(
        m_gateway
            .ask("GET /v1/models HTTP/1.1\r\nHost: 127.0.0.1:{PORT}\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n")
            .status,
        400);
}

// Runs last: only the requests that were answered with 200 were ever run.
void TestGatewayHostile::nothingHostileReachedThePipeline() {
    QCOMPARE(static_cast<std::size_t>(m_gateway.seen().runsBegun), m_served);
    QVERIFY(m_gateway.eventually([&] { return m_gateway.connections() == 0; }));
    QCOMPARE(static_cast<int>(m_gateway.seen().exchangesAlive), 0);
}

QTEST_GUILESS_MAIN(TestGatewayHostile)
#include "tst_gateway_hostile.moc"
