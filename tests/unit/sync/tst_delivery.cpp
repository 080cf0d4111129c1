// SPDX-License-Identifier: Apache-2.0
#include <QtTest>

#include <deque>
#include <functional>

#include "base/json.h"
#include "ledger/receipt.h"
#include "made_chain.h"
#include "support/openssl_tool.h"
#include "sync/batch.h"
#include "sync/delivery.h"

using namespace gatehouse;

namespace {

// A collector of one chain, which answers as the test says, or as a good one does.
class FakeCollector final : public sync::CollectorLink {
public:
    explicit FakeCollector(const cms::DeviceKey& key) : m_key(key) {}

    std::deque<Result<sync::Reply>> next; // taken before the good answers
    std::vector<Bytes> batches;           // every one that came
    ledger::Head head;

    Result<sync::Reply> post(const std::string& path, ByteView body) override {
        Q_ASSERT(path == "/v1/batches");
        batches.emplace_back(body.begin(), body.end());
        if (!next.empty()) {
            auto reply = std::move(next.front());
            next.pop_front();
            return reply;
        }
        const auto parts = sync::checkBatch(body).value();
        if (parts.header.from > head.sequence + 1) {
            return sync::Reply{409, headText("gap"), 0};
        }
        if (parts.header.before != head.hash) {
            return sync::Reply{409, headText("fork"), 0};
        }
        head = {parts.header.chain, parts.header.to, parts.header.head};
        return sync::Reply{200, receiptFor(parts), 0};
    }
    Result<sync::Reply> get(const std::string& path, const std::string&) override {
        Q_ASSERT(path.starts_with("/v1/chains/"));
        return sync::Reply{200, headText(""), 0};
    }

    [[nodiscard]] std::string receiptFor(const ledger::BatchParts& parts) const {
        const ledger::BatchHeader& header = parts.header;
        const Bytes bytes = ledger::encodeReceipt({header.device, header.chain, header.from, header.to, header.head,
                                                   ledger::hashBatch(parts.headerBytes), 1'800'000'000'000});
        const Bytes signature = m_key.sign(ledger::receiptSigningInput(bytes)).value();
        return std::string(textOf(ledger::writeReceipt(bytes, signature)));
    }
    [[nodiscard]] std::string headText(const std::string& word) const {
        return dumpJson({{"error", word}, {"sequence", head.sequence}, {"sha256", hexEncode(head.hash)}});
    }

private:
    const cms::DeviceKey& m_key;
};

} // namespace

class TestDelivery final : public QObject {
    Q_OBJECT

    test::OpensslTool m_tool;
    sync::Device m_device{{0x11}, cms::DeviceKey::generate().value()};
    std::optional<cms::DeviceKey> m_receiptKey;
    std::string m_receiptKeyPem;
    sync::CutOptions m_options;
    std::unique_ptr<QTemporaryDir> m_folder;
    std::unique_ptr<FakeCollector> m_collector;

    [[nodiscard]] std::string folder() const { return m_folder->path().toStdString(); }
    sync::DeliveryReport deliver(test::MadeChain& chain) const {
        auto outbox = sync::Outbox::open(folder()).value();
        return sync::deliver(chain, outbox, m_device, m_options, m_receiptKeyPem, *m_collector);
    }

private slots:
    void initTestCase() {
        const QString p256 = "-newkey ec -pkeyopt ec_paramgen_curve:P-256";
        m_tool.selfSigned("first", p256);
        m_tool.selfSigned("second", p256);
        QVERIFY2(m_tool.run("genpkey -algorithm ed25519 -out receipts.key"), m_tool.lastError());
        QVERIFY2(m_tool.run("pkey -in receipts.key -pubout -out receipts.pub"), m_tool.lastError());
        m_receiptKey.emplace(
            cms::DeviceKey::fromPem(SecureBytes(std::string_view(m_tool.read("receipts.key")))).value());
        m_receiptKeyPem = m_tool.read("receipts.pub");
        m_options.auditorsPem = m_tool.read("first.crt") + m_tool.read("second.crt");
        m_options.spoolBytes = 1'000'000;
        m_options.wanted.records = 10;
    }
    void init() {
        m_folder = std::make_unique<QTemporaryDir>();
        m_collector = std::make_unique<FakeCollector>(*m_receiptKey);
    }

    void everythingArrivesInOneRound() {
        test::MadeChain chain;
        chain.append(25);
        const auto report = deliver(chain);
        QCOMPARE(report.state, sync::SyncState::upToDate);
        QCOMPARE(report.delivered, 25U);
        QCOMPARE(report.waiting, 0U);
        QCOMPARE(m_collector->batches.size(), 3U);
        QCOMPARE(deliver(chain).delivered, 25U);
        QCOMPARE(m_collector->batches.size(), 3U);
    }

    void aRetryAfterALostAnswerSendsTheSameBytes() {
        test::MadeChain chain;
        chain.append(5);
        m_collector->next.push_back(fail(ErrorKind::unavailable, "reset"));
        const auto report = deliver(chain);
        QCOMPARE(report.state, sync::SyncState::waiting);
        QCOMPARE(report.waiting, 1U);
        chain.append(5);
        QCOMPARE(deliver(chain).delivered, 10U);
        QVERIFY(m_collector->batches[0] == m_collector->batches[1]);
    }

    void aBusyCollectorIsGivenTheTimeItAsksFor() {
        test::MadeChain chain;
        chain.append(5);
        m_collector->next.push_back(sync::Reply{503, "{}", 17});
        const auto report = deliver(chain);
        QCOMPARE(report.state, sync::SyncState::waiting);
        QCOMPARE(report.retryAfterSeconds, 17);
    }

    void aGapIsCutAnewFromTheCollectorsHead() {
        test::MadeChain chain;
        chain.append(20);
        QCOMPARE(deliver(chain).delivered, 20U);
        m_collector->head = chain.headAt(7).value();
        chain.append(1);
        const auto report = deliver(chain);
        QCOMPARE(report.state, sync::SyncState::upToDate);
        QCOMPARE(report.delivered, 21U);
        QCOMPARE(m_collector->head.sequence, 21U);
    }

    void aLostOutboxGoesOnBehindTheCollectorsHead() {
        test::MadeChain chain;
        chain.append(20);
        QCOMPARE(deliver(chain).delivered, 20U);
        m_folder = std::make_unique<QTemporaryDir>();
        chain.append(3);
        QCOMPARE(deliver(chain).delivered, 23U);
        QCOMPARE(sync::checkBatch(m_collector->batches.back()).value().header.from, 21U);
    }

    void aCollectorThatContradictsItselfDoesNotKeepUsBusy() {
        test::MadeChain chain;
        chain.append(5);
        for (int i = 0; i < 10; ++i) {
            m_collector->next.push_back(sync::Reply{409, m_collector->headText("gap"), 0});
        }
        QCOMPARE(deliver(chain).state, sync::SyncState::conflict);
        QVERIFY(m_collector->batches.size() < 6);
    }

    void anotherHistoryThereIsAConflictAndNothingIsLetGo() {
        test::MadeChain chain;
        chain.append(5);
        m_collector->next.push_back(sync::Reply{409, m_collector->headText("fork"), 0});
        const auto report = deliver(chain);
        QCOMPARE(report.state, sync::SyncState::conflict);
        QCOMPARE(report.waiting, 1U);
        QCOMPARE(report.delivered, 0U);
    }

    void onlyAReceiptForThisBatchByTheRightKeyCounts() {
        test::MadeChain chain;
        chain.append(5);
        test::MadeChain other(0x77);
        other.append(5);
        ledger::Head start = test::newChain(0x77);
        sync::BatchPlan plan{.device = m_device.id, .before = start, .records = other.after(0, {}).value()};
        const Bytes foreign = sync::makeBatch(plan, m_device.key, m_options.auditorsPem).value();
        std::string forged;
        {
            const FakeCollector liar(m_device.key);
            plan.before = test::newChain();
            plan.records = chain.after(0, {}).value();
            const Bytes batch = sync::makeBatch(plan, m_device.key, m_options.auditorsPem).value();
            forged = liar.receiptFor(sync::checkBatch(batch).value());
        }
        for (const std::string& body :
             {std::string("{}"), std::string(), m_collector->receiptFor(sync::checkBatch(foreign).value()), forged}) {
            m_collector->next.push_back(sync::Reply{200, body, 0});
            const auto report = deliver(chain);
            QCOMPARE(report.state, sync::SyncState::conflict);
            QCOMPARE(report.waiting, 1U);
        }
        QCOMPARE(deliver(chain).delivered, 5U);
    }

    void refusalsOfTheDeviceAreTold_data() {
        QTest::addColumn<int>("status");
        QTest::addColumn<QString>("word");
        QTest::addColumn<int>("state");
        QTest::newRow("no certificate") << 401 << "certificate" << static_cast<int>(sync::SyncState::notEnrolled);
        QTest::newRow("revoked") << 403 << "revoked" << static_cast<int>(sync::SyncState::notEnrolled);
        QTest::newRow("malformed") << 400 << "malformed" << static_cast<int>(sync::SyncState::conflict);
        QTest::newRow("too large") << 413 << "too_large" << static_cast<int>(sync::SyncState::conflict);
        QTest::newRow("something else") << 302 << "" << static_cast<int>(sync::SyncState::waiting);
    }
    void refusalsOfTheDeviceAreTold() {
        QFETCH(int, status);
        QFETCH(QString, word);
        QFETCH(int, state);
        test::MadeChain chain;
        chain.append(5);
        m_collector->next.push_back(sync::Reply{status, dumpJson({{"error", word.toStdString()}}), 0});
        const auto report = deliver(chain);
        QCOMPARE(static_cast<int>(report.state), state);
        QVERIFY(!report.problem.empty());
        QCOMPARE(report.waiting, 1U);
    }

    void anEmptyAuditHasNothingToSend() {
        test::MadeChain chain;
        QCOMPARE(deliver(chain).state, sync::SyncState::upToDate);
        QVERIFY(m_collector->batches.empty());
    }
};

QTEST_GUILESS_MAIN(TestDelivery)
#include "tst_delivery.moc"
