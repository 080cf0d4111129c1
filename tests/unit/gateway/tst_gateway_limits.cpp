// SPDX-License-Identifier: Apache-2.0
// Sizes, times, streams and clients that leave.
#include <QtTest>

#include <fstream>

#include "gateway_fixture.h"

using namespace gatehouse;
using namespace gatehouse::gateway;
using namespace gatehouse::gateway::test;
using namespace std::chrono_literals;

namespace {

std::size_t residentBytes() {
    std::ifstream file("/proc/self/statm");
    std::size_t total = 0;
    std::size_t resident = 0;
    file >> total >> resident;
    return resident * 4096;
}

} // namespace

class TestGatewayLimits : public QObject {
    Q_OBJECT
private slots:
    void theBodyCapBites_data();
    void theBodyCapBites();
    void aHugeBodyIsRefusedBeforeItIsBuffered();
    void aSlowHeadIsCutOff();
    void aSlowBodyIsCutOff();
    void anIdleConnectionIsClosed();
    void slowConnectionsDoNotLockOthersOut();
    void oneClientCannotTakeEverything();
    void streamsAreWrittenPieceByPiece();
    void aBrokenStreamIsNotEndedAsIfItWereWhole();
    void aClientThatLeavesBeforeTheFirstByteCancels_data();
    void aClientThatLeavesBeforeTheFirstByteCancels();
    void aClientThatLeavesInTheStreamCancels();
    void aReaderThatTakesNothingIsCutOff();
    void aSlowReaderHoldsTheSourceBack();
    void pipelinedBytesDoNotHideThatTheClientLeft();
    void drainLetsRunningRequestsEnd();
    void drainCutsOffWhatTakesTooLong();
};

void TestGatewayLimits::theBodyCapBites_data() {
    QTest::addColumn<int>("size");
    QTest::addColumn<bool>("isChunked");
    QTest::addColumn<int>("status");
    for (const bool isChunked : {false, true}) {
        for (const int size : {999, 1000, 1001}) {
            QTest::addRow("%d %s", size, isChunked ? "chunked" : "sized")
                << size << isChunked << (size <= 1000 ? 200 : 413);
        }
    }
}

void TestGatewayLimits::theBodyCapBites() {
    QFETCH(int, size);
    QFETCH(bool, isChunked);
    QFETCH(int, status);
    Script script;
    script.bodyLimit = 1000;
    GatewayFixture gateway({}, script);
    const std::string body(static_cast<std::size_t>(size), 'x');
    std::string request = gateway.post(body);
    if (isChunked) {
        request = "POST /v1/chat/completions HTTP/1.1\r\nHost: 127.0.0.1:{PORT}\r\nAuthorization: Bearer good\r\n"
                  "Content-Type: application/json\r\nTransfer-Encoding: chunked\r\n\r\n64\r\n" +
                  body.substr(0, 100) + "\r\n" + QByteArray::number(size - 100, 16).toStdString() + "\r\n" +
                  body.substr(100) + "\r\n0\r\n\r\n";
    }
    QCOMPARE(gateway.ask(request).status, status);
    QCOMPARE(gateway.seen().bodies().size(), status == 200 ? 1U : 0U);
}

void TestGatewayLimits::aHugeBodyIsRefusedBeforeItIsBuffered() {
    GatewayFixture gateway;
    const auto before = residentBytes();
    const std::string block(1024UL * 1024UL, 'x');
    for (const bool isChunked : {false, true}) {
        RawClient client(gateway.port());
        client.send(gateway.withPort("POST /v1/chat/completions HTTP/1.1\r\nHost: 127.0.0.1:{PORT}\r\n"
                                     "Authorization: Bearer good\r\nContent-Type: application/json\r\n"));
        client.send(isChunked ? "Transfer-Encoding: chunked\r\n\r\n" : "Content-Length: 67108864\r\n\r\n");
        bool isOpen = true;
        for (int i = 0; i < 64 && isOpen; ++i) {
            isOpen =
                (!isChunked || client.send("100000\r\n")) && client.send(block) && (!isChunked || client.send("\r\n"));
        }
        QCOMPARE(client.receive().status, 413);
    }
    QVERIFY2(residentBytes() < before + 32UL * 1024UL * 1024UL, "the body was buffered");
    QCOMPARE(gateway.seen().bodies().size(), 0U);
}

void TestGatewayLimits::aSlowHeadIsCutOff() {
    GatewayLimits limits;
    limits.headTime = 200ms;
    GatewayFixture gateway(limits);
    RawClient client(gateway.port());
    const auto head =
        gateway.withPort("GET /healthz HTTP/1.1\r\nHost: 127.0.0.1:{PORT}\r\nX: " + std::string(500, 'a'));
    for (const char c : head) { // a byte now and then, never a whole head
        if (!client.send(std::string(1, c))) {
            break;
        }
        std::this_thread::sleep_for(20ms);
    }
    QVERIFY(client.waitForEnd());
}

void TestGatewayLimits::aSlowBodyIsCutOff() {
    GatewayLimits limits;
    limits.bodyGrace = 200ms;
    limits.bodyBytesPerSecond = 1000;
    GatewayFixture gateway(limits);
    RawClient client(gateway.port());
    const auto request = gateway.post(std::string(100, 'x'));
    client.send(request.substr(0, request.size() - 1));
    QVERIFY(client.waitForEnd());
    QCOMPARE(gateway.seen().bodies().size(), 0U);
    QVERIFY(gateway.eventually([&] { return gateway.seen().exchangesAlive == 0; }));
}

void TestGatewayLimits::anIdleConnectionIsClosed() {
    GatewayLimits limits;
    limits.idleTime = 200ms;
    GatewayFixture gateway(limits);
    RawClient silent(gateway.port());
    QVERIFY(silent.waitForEnd());
    RawClient once(gateway.port());
    once.send(gateway.post("{}"));
    QCOMPARE(once.receive().status, 200);
    QVERIFY(once.waitForEnd());
}

void TestGatewayLimits::slowConnectionsDoNotLockOthersOut() {
    GatewayLimits limits;
    limits.connections = 16;
    GatewayFixture gateway(limits);
    std::vector<std::unique_ptr<RawClient>> slow;
    for (int i = 0; i < 64; ++i) {
        slow.push_back(std::make_unique<RawClient>(gateway.port()));
        slow.back()->send("GET /healthz HT");
    }
    for (int i = 0; i < 20; ++i) {
        QCOMPARE(gateway.ask(gateway.post("{}")).status, 200);
    }
    QVERIFY(gateway.connections() <= 16);
}

void TestGatewayLimits::oneClientCannotTakeEverything() {
    GatewayLimits limits;
    limits.connectionsPerClient = 2;
    Script script;
    script.thinking = 1h;
    GatewayFixture gateway(limits, script);
    RawClient first(gateway.port());
    RawClient second(gateway.port());
    first.send(gateway.post("{}"));
    second.send(gateway.post("{}"));
    QVERIFY(gateway.eventually([&] { return gateway.seen().runsBegun == 2; }));
    QCOMPARE(gateway.ask(gateway.post("{}")).status, 429);
    first.close();
    QVERIFY(gateway.eventually([&] { return gateway.connections() == 1; }));
    RawClient third(gateway.port());
    third.send(gateway.post("{}"));
    QVERIFY(gateway.eventually([&] { return gateway.seen().runsBegun == 3; }));
}

void TestGatewayLimits::streamsAreWrittenPieceByPiece() {
    Script script;
    script.isStream = true;
    script.pause = 30ms;
    script.headers = {{"content-type", "text/event-stream"}};
    script.pieces = {"data: 1\n\n", ": keep-alive\n\n", "", "data: [DONE]\n\n"};
    GatewayFixture gateway({}, script);
    RawClient client(gateway.port());
    client.send(gateway.post("{}"));
    std::string received;
    int reads = 0;
    while (received.find("0\r\n\r\n") == std::string::npos) {
        const auto some = client.receiveSome();
        QVERIFY(!some.empty());
        received += some;
        ++reads;
    }
    QVERIFY(reads >= 4); // head, three pieces
    QVERIFY(received.find("transfer-encoding: chunked") != std::string::npos);
    QVERIFY(received.find("9\r\ndata: 1\n\n\r\n") != std::string::npos);
    QVERIFY(received.find("e\r\n: keep-alive\n\n\r\n") != std::string::npos);
    client.send(gateway.post("{}")); // the connection is clean for the next request
    QCOMPARE(client.receive().body, std::string("data: 1\n\n: keep-alive\n\ndata: [DONE]\n\n"));
    QCOMPARE(static_cast<int>(gateway.seen().bodiesCompleted), 2);
}

void TestGatewayLimits::aBrokenStreamIsNotEndedAsIfItWereWhole() {
    Script script;
    script.isStream = true;
    script.failsAfterPieces = true;
    GatewayFixture gateway({}, script);
    QVERIFY(!gateway.ask(gateway.post("{}")).isComplete);
    script.isStream = false;
    script.pieces.clear();
    GatewayFixture buffered({}, script);
    const auto response = buffered.ask(buffered.post("{}"));
    QCOMPARE(response.status, 502);
    QVERIFY(response.isComplete);
}

void TestGatewayLimits::aClientThatLeavesBeforeTheFirstByteCancels_data() {
    QTest::addColumn<int>("how");
    QTest::newRow("close") << 0;
    QTest::newRow("reset") << 1;
    QTest::newRow("half close") << 2;
}

void TestGatewayLimits::aClientThatLeavesBeforeTheFirstByteCancels() {
    QFETCH(int, how);
    Script script;
    script.thinking = 1h;
    GatewayFixture gateway({}, script);
    RawClient client(gateway.port());
    client.send(gateway.post("{}"));
    QVERIFY(gateway.eventually([&] { return gateway.seen().runsBegun == 1; }));
    QCOMPARE(static_cast<int>(gateway.seen().exchangesAlive), 1);
    if (how == 0) {
        client.close();
    } else if (how == 1) {
        client.reset();
    } else {
        client.shutdownSending();
    }
    QVERIFY(gateway.eventually([&] { return gateway.seen().exchangesAlive == 0; }));
    QVERIFY(gateway.eventually([&] { return gateway.connections() == 0; }));
}

void TestGatewayLimits::aClientThatLeavesInTheStreamCancels() {
    Script script;
    script.isStream = true;
    script.isEndless = true;
    script.pause = 5ms;
    GatewayFixture gateway({}, script);
    RawClient client(gateway.port());
    client.send(gateway.post("{}"));
    QVERIFY(!client.receiveSome().empty());
    QCOMPARE(static_cast<int>(gateway.seen().bodiesAlive), 1);
    client.close();
    QVERIFY(gateway.eventually([&] { return gateway.seen().bodiesAlive == 0; }));
    QCOMPARE(static_cast<int>(gateway.seen().bodiesCompleted), 0);
}

void TestGatewayLimits::aReaderThatTakesNothingIsCutOff() {
    GatewayLimits limits;
    limits.writeTime = 300ms;
    Script script;
    script.isStream = true;
    script.isEndless = true;
    script.pieces = {std::string(256UL * 1024UL, 'x')};
    GatewayFixture gateway(limits, script);
    RawClient client(gateway.port());
    client.send(gateway.post("{}"));
    QVERIFY(gateway.eventually([&] { return gateway.seen().piecesGiven > 0; }));
    QVERIFY(gateway.eventually([&] { return gateway.seen().bodiesAlive == 0; }));
}

void TestGatewayLimits::aSlowReaderHoldsTheSourceBack() {
    Script script;
    script.isStream = true;
    script.isEndless = true;
    script.pieces = {std::string(64UL * 1024UL, 'x')};
    GatewayFixture gateway({}, script);
    RawClient client(gateway.port());
    client.send(gateway.post("{}"));
    QVERIFY(gateway.eventually([&] { return gateway.seen().piecesGiven > 0; }));
    std::this_thread::sleep_for(300ms);
    const int held = gateway.seen().piecesGiven; // what fits into the sockets' buffers, and no more
    QVERIFY2(held < 512, "32 MiB were produced for a client that reads nothing");
    std::this_thread::sleep_for(200ms);
    QCOMPARE(static_cast<int>(gateway.seen().piecesGiven), held);
}

void TestGatewayLimits::pipelinedBytesDoNotHideThatTheClientLeft() {
    Script script;
    script.thinking = 1h;
    GatewayFixture gateway({}, script);
    RawClient client(gateway.port());
    client.send(gateway.post("{}"));
    QVERIFY(gateway.eventually([&] { return gateway.seen().runsBegun == 1; }));
    client.send(gateway.post("{}"));
    std::this_thread::sleep_for(50ms);
    QCOMPARE(static_cast<int>(gateway.seen().exchangesAlive), 1);
    client.close();
    QVERIFY(gateway.eventually([&] { return gateway.seen().exchangesAlive == 0; }));
    QCOMPARE(static_cast<int>(gateway.seen().runsBegun), 1);
}

void TestGatewayLimits::drainLetsRunningRequestsEnd() {
    Script script;
    script.thinking = 300ms;
    GatewayFixture gateway({}, script);
    RawClient busy(gateway.port());
    RawClient idle(gateway.port());
    busy.send(gateway.post("{}"));
    QVERIFY(gateway.eventually([&] { return gateway.seen().runsBegun == 1; }));
    gateway.drain(20s);
    const auto response = busy.receive();
    QCOMPARE(response.status, 200);
    QCOMPARE(response.field("connection"), std::string("close"));
    QVERIFY(idle.waitForEnd());
    QCOMPARE(gateway.connections(), 0U);
    QVERIFY(!RawClient(gateway.port()).isConnected());
}

void TestGatewayLimits::drainCutsOffWhatTakesTooLong() {
    Script script;
    script.thinking = 1h;
    GatewayFixture gateway({}, script);
    RawClient busy(gateway.port());
    busy.send(gateway.post("{}"));
    QVERIFY(gateway.eventually([&] { return gateway.seen().runsBegun == 1; }));
    gateway.drain(50ms);
    QCOMPARE(gateway.connections(), 0U);
    QCOMPARE(static_cast<int>(gateway.seen().exchangesAlive), 0);
    QVERIFY(busy.waitForEnd());
}

QTEST_GUILESS_MAIN(TestGatewayLimits)
#include "tst_gateway_limits.moc"
