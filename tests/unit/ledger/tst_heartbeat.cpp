// SPDX-License-Identifier: Apache-2.0
#include <QtTest>

#include "ledger/heartbeat.h"

using namespace gatehouse;
using namespace gatehouse::ledger;

namespace {

const Bytes kPublicKey{1, 2, 3, 4, 5};
const Bytes kSignature{9, 9, 9};

Heartbeat full() {
    Heartbeat heartbeat;
    heartbeat.device.fill(0x11);
    heartbeat.key = sha256(kPublicKey);
    heartbeat.head.chain.fill(0x22);
    heartbeat.head.sequence = 1234;
    heartbeat.head.hash.fill(0x33);
    heartbeat.madeMs = 1'800'000'000'123;
    heartbeat.policySerial = 7;
    heartbeat.waiting = 2;
    heartbeat.version = "0.1.0";
    heartbeat.keyProtection = "keyring";
    heartbeat.state = "up to date";
    return heartbeat;
}

} // namespace

class TestHeartbeat final : public QObject {
    Q_OBJECT

private slots:
    void comesBackAsItWasWritten() {
        const Bytes bytes = encodeHeartbeat(full());
        const Bytes file = writeHeartbeat(bytes, kPublicKey, kSignature);
        const auto parts = readHeartbeat(file).value();
        QCOMPARE(parts.heartbeat, full());
        QVERIFY(std::ranges::equal(parts.bytes, bytes));
        QVERIFY(std::ranges::equal(parts.publicKey, kPublicKey));
        QVERIFY(std::ranges::equal(parts.signature, kSignature));
        Heartbeat bare;
        bare.key = sha256(kPublicKey);
        QCOMPARE(decodeHeartbeat(encodeHeartbeat(bare)).value(), bare);
    }

    void theFormIsTheOneOfThePage() {
        // docs/formats/audit-batch.md, "Heartbeats": the same bytes, written by hand.
        Bytes expected;
        const auto field = [&expected](std::uint8_t tag, const Bytes& value) {
            expected.insert(expected.end(), {0, tag, 0, 0, 0, static_cast<std::uint8_t>(value.size())});
            expected.insert(expected.end(), value.begin(), value.end());
        };
        const auto text = [](std::string_view value) { return Bytes(value.begin(), value.end()); };
        const Sha256Digest key = sha256(kPublicKey);
        field(1, {0, 0, 0, 0, 0, 0, 0, 1});
        field(2, Bytes(16, 0x11));
        field(3, Bytes(key.begin(), key.end()));
        field(4, Bytes(16, 0x22));
        field(5, {0, 0, 0, 0, 0, 0, 4, 210});
        field(6, Bytes(32, 0x33));
        field(7, {0, 0, 0x01, 0xa3, 0x18, 0x5c, 0x50, 0x7b});
        field(8, {0, 0, 0, 0, 0, 0, 0, 7});
        field(9, {0, 0, 0, 0, 0, 0, 0, 2});
        field(10, text("0.1.0"));
        field(11, text("keyring"));
        field(12, text("up to date"));
        QCOMPARE(hexEncode(encodeHeartbeat(full())), hexEncode(expected));
        QVERIFY(textOf(heartbeatSigningInput(expected)).starts_with(std::string_view("gatehouse/heartbeat/v1\0", 23)));
    }

    void everyOtherFormIsRefused() {
        const Bytes file = writeHeartbeat(encodeHeartbeat(full()), kPublicKey, kSignature);
        for (std::size_t size = 0; size < file.size(); ++size) {
            QVERIFY(!readHeartbeat(ByteView(file).first(size)));
        }
        Bytes longer = file;
        longer.push_back(0);
        QVERIFY(!readHeartbeat(longer));
        QVERIFY(!readHeartbeat(writeHeartbeat(encodeHeartbeat(full()), Bytes{1, 2, 3}, kSignature))); // another key
        QCOMPARE(readHeartbeat(Bytes(kMaxHeartbeat + 1)).error().kind, ErrorKind::limit);
        Heartbeat talkative = full();
        talkative.version = std::string(kMaxHeartbeatText + 1, 'v');
        QVERIFY(!decodeHeartbeat(encodeHeartbeat(talkative)));
        talkative.version.pop_back();
        QVERIFY(decodeHeartbeat(encodeHeartbeat(talkative)));
    }
};

QTEST_GUILESS_MAIN(TestHeartbeat)
#include "tst_heartbeat.moc"
