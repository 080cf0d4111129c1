// SPDX-License-Identifier: Apache-2.0
#include <QtTest>

#include "gateway_fixture.h"

using namespace gatehouse;
using namespace gatehouse::gateway::test;
using namespace std::chrono_literals;

namespace {

constexpr std::string_view kHealth = "GET /healthz HTTP/1.1\r\nHost: 127.0.0.1:{PORT}\r\n\r\n";

} // namespace

class TestGateway : public QObject {
    Q_OBJECT
private slots:
    void healthNeedsNoTokenAndTellsNothing();
    void headGetsTheHeadOnly();
    void aPostReachesThePipelineWhole();
    void theTokenMayStandInThePath();
    void aRequestWithoutTokenIsRefusedBeforeItsBodyIsRead();
    void connectionsAreKeptAliveAndPipelined();
    void everySplitOfARequestMeansTheSame();
    void ipv6LoopbackIsServedToo();
    void aTakenPortNamesItsOwner();
    void http10GetsAnAnswerThatEndsWithTheConnection();
    void expectContinueIsAnswered();
    void noAnswerEverCarriesCorsFields();
};

void TestGateway::healthNeedsNoTokenAndTellsNothing() {
    GatewayFixture gateway;
    const auto response = gateway.ask(kHealth);
    QCOMPARE(response.status, 200);
    QCOMPARE(response.body, std::string(R"({"status":"ok"})"));
    QCOMPARE(gateway.seen().heads().size(), 0U);
}

void TestGateway::headGetsTheHeadOnly() {
    GatewayFixture gateway;
    RawClient client(gateway.port());
    client.send(gateway.withPort("HEAD /healthz HTTP/1.1\r\nHost: 127.0.0.1:{PORT}\r\n\r\n"));
    QCOMPARE(client.receive(true).field("content-length"), std::string("15"));
    client.send(
        gateway.withPort("HEAD /v1/models HTTP/1.1\r\nHost: 127.0.0.1:{PORT}\r\nAuthorization: Bearer good\r\n\r\n"));
    QCOMPARE(client.receive(true).status, 200);
    QCOMPARE(gateway.seen().heads().at(0).method, std::string("GET"));
    client.send(gateway.withPort(kHealth)); // the next answer starts cleanly
    QCOMPARE(client.receive().body, std::string(R"({"status":"ok"})"));
}

void TestGateway::aPostReachesThePipelineWhole() {
    GatewayFixture gateway;
    const std::string body(300'000, 'x');
    const auto response = gateway.ask(gateway.post(body, "X-Custom: a b\r\n"));
    QCOMPARE(response.status, 200);
    QCOMPARE(response.body, std::string(R"({"answer":"ok"})"));
    QCOMPARE(gateway.seen().bodies().at(0), body);
    const auto head = gateway.seen().heads().at(0);
    QCOMPARE(head.path, std::string("/v1/chat/completions"));
    QVERIFY(std::find(head.headers.begin(), head.headers.end(),
                      std::pair<std::string, std::string>("x-custom", "a b")) != head.headers.end());
    QCOMPARE(head.peer.address, std::string("127.0.0.1"));
    QCOMPARE(head.peer.localPort, gateway.port());
    QVERIFY(head.peer.port != 0);
    QVERIFY(gateway.eventually([&] { return gateway.seen().bodiesCompleted == 1; }));
}

void TestGateway::theTokenMayStandInThePath() {
    GatewayFixture gateway;
    const auto response =
        gateway.ask("GET /t/good/v1/models?a=b HTTP/1.1\r\nHost: localhost:{PORT}\r\nConnection: close\r\n\r\n");
    QCOMPARE(response.status, 200);
    const auto head = gateway.seen().heads().at(0);
    QCOMPARE(head.path, std::string("/v1/models"));
    QCOMPARE(head.query, std::string("a=b"));
    QCOMPARE(head.pathToken.value_or(""), std::string("good"));
}

void TestGateway::aRequestWithoutTokenIsRefusedBeforeItsBodyIsRead() {
    GatewayFixture gateway;
    RawClient client(gateway.port());
    client.send(gateway.withPort("POST /v1/chat/completions HTTP/1.1\r\nHost: 127.0.0.1:{PORT}\r\n"
                                 "Content-Type: application/json\r\nContent-Length: 1000000\r\n\r\n{"));
    const auto response = client.receive();
    QCOMPARE(response.status, 401);
    QCOMPARE(response.field("connection"), std::string("close"));
    QCOMPARE(gateway.seen().bodies().size(), 0U);
}

void TestGateway::connectionsAreKeptAliveAndPipelined() {
    GatewayFixture gateway;
    RawClient client(gateway.port());
    std::string requests;
    for (int i = 0; i < 20; ++i) {
        requests += gateway.post("{\"n\":" + std::to_string(i) + "}");
    }
    client.send(requests);
    for (int i = 0; i < 20; ++i) {
        QCOMPARE(client.receive().status, 200);
    }
    QCOMPARE(gateway.seen().bodies().size(), 20U);
    QCOMPARE(gateway.seen().bodies().at(19), std::string("{\"n\":19}"));
    client.send(gateway.post("{}", "Connection: close\r\n"));
    QCOMPARE(client.receive().status, 200);
    QVERIFY(client.waitForEnd());
}

void TestGateway::everySplitOfARequestMeansTheSame() {
    GatewayFixture gateway;
    const auto sized = gateway.post("{\"a\":1}");
    const auto chunked = gateway.withPort(
        "POST /v1/chat/completions HTTP/1.1\r\nHost: 127.0.0.1:{PORT}\r\nAuthorization: Bearer good\r\n"
        "Content-Type: application/json\r\nTransfer-Encoding: chunked\r\n\r\n4\r\n{\"a\"\r\n3\r\n:1}\r\n0\r\n\r\n");
    RawClient client(gateway.port());
    for (const auto& request : {sized, chunked}) {
        for (std::size_t split = 1; split < request.size(); ++split) {
            QVERIFY(client.send(request.substr(0, split)));
            if (split % 8 == 0) {
                std::this_thread::sleep_for(1ms); // some splits arrive apart for certain
            }
            QVERIFY(client.send(request.substr(split)));
            QCOMPARE(client.receive().status, 200);
        }
    }
    for (const auto& body : gateway.seen().bodies()) {
        QCOMPARE(body, std::string("{\"a\":1}"));
    }
}

void TestGateway::ipv6LoopbackIsServedToo() {
    GatewayFixture gateway;
    if (!gateway.hasIpv6()) {
        QSKIP("this machine has no IPv6 loopback");
    }
    RawClient client(gateway.port(), true);
    client.send(
        gateway.withPort("GET /v1/models HTTP/1.1\r\nHost: [::1]:{PORT}\r\nAuthorization: Bearer good\r\n\r\n"));
    QCOMPARE(client.receive().status, 200);
    QCOMPARE(gateway.seen().heads().at(0).peer.address, std::string("::1"));
}

void TestGateway::aTakenPortNamesItsOwner() {
    GatewayFixture first;
    asio::io_context context;
    gateway::GatewayOptions options;
    options.port = first.port();
    struct NoPipeline final : pipeline::Pipeline {
        Task<std::expected<std::unique_ptr<pipeline::Exchange>, pipeline::Answer>>
        begin(pipeline::RequestHead /*head*/) override {
            co_return std::unexpected(pipeline::Answer{});
        }
        Task<pipeline::Answer> run(std::unique_ptr<pipeline::Exchange> /*exchange*/, std::string /*body*/) override {
            co_return pipeline::Answer{};
        }
        pipeline::Answer refuse(const std::string& /*path*/, const Refusal& /*refusal*/) override { return {}; }
    } none;
    const auto second = gateway::Gateway::start(options, none, context.get_executor());
    QVERIFY(!second);
    QCOMPARE(second.error().kind, ErrorKind::conflict);
    const auto expected =
        "port " + std::to_string(first.port()) + " is taken by tst_gateway (pid " + std::to_string(getpid()) + ")";
    QCOMPARE(second.error().what, expected);
}

void TestGateway::http10GetsAnAnswerThatEndsWithTheConnection() {
    Script script;
    script.isStream = true;
    script.pieces = {"data: a\n\n", "data: b\n\n"};
    GatewayFixture gateway({}, script);
    RawClient client(gateway.port());
    client.send(
        gateway.withPort("GET /v1/models HTTP/1.0\r\nHost: 127.0.0.1:{PORT}\r\nAuthorization: Bearer good\r\n\r\n"));
    const auto response = client.receive();
    QCOMPARE(response.status, 200);
    QCOMPARE(response.field("transfer-encoding"), std::string());
    QCOMPARE(response.body, std::string("data: a\n\ndata: b\n\n"));
}

void TestGateway::expectContinueIsAnswered() {
    GatewayFixture gateway;
    RawClient client(gateway.port());
    const auto request = gateway.post("{}", "Expect: 100-continue\r\n");
    client.send(std::string_view(request).substr(0, request.size() - 2));
    QCOMPARE(client.receive().status, 100);
    client.send("{}");
    QCOMPARE(client.receive().status, 200);
    QCOMPARE(gateway.ask(gateway.post("{}", "Expect: money\r\n")).status, 400);
}

void TestGateway::noAnswerEverCarriesCorsFields() {
    Script script;
    script.headers = {{"content-type", "application/json"},
                      {"access-control-allow-origin", "*"},
                      {"x-split", "a\r\nx-evil: 1"},
                      {"connection", "upgrade"}};
    GatewayFixture gateway({}, script);
    for (const auto& response : {gateway.ask(gateway.post("{}")), gateway.ask(kHealth),
                                 gateway.ask("OPTIONS /v1/models HTTP/1.1\r\nHost: 127.0.0.1:{PORT}\r\n\r\n")}) {
        QVERIFY(response.status != 0);
        QVERIFY(response.head.find("access-control") == std::string::npos);
        QVERIFY(response.head.find("evil") == std::string::npos);
        QVERIFY(response.head.find("upgrade") == std::string::npos);
        QCOMPARE(response.field("x-content-type-options"), std::string("nosniff"));
    }
}

QTEST_GUILESS_MAIN(TestGateway)
#include "tst_gateway.moc"
