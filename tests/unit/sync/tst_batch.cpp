// SPDX-License-Identifier: Apache-2.0
#include <QtTest>

#include "records_fixture.h"
#include "support/openssl_tool.h"
#include "sync/batch.h"

using namespace gatehouse;

class TestBatch final : public QObject {
    Q_OBJECT

    test::OpensslTool m_tool;
    std::optional<cms::DeviceKey> m_device;
    std::string m_auditors;

    [[nodiscard]] cms::OpeningKey keyOf(const QString& name) const {
        return {SecureBytes(std::string_view(m_tool.read(name + ".key"))), SecureBytes()};
    }
    [[nodiscard]] Bytes made(const sync::BatchPlan& plan) const {
        return sync::makeBatch(plan, *m_device, m_auditors).value();
    }
    [[nodiscard]] static sync::BatchPlan planOf(std::size_t count) {
        ledger::Head head = test::newChain();
        sync::BatchPlan plan;
        plan.device.fill(0x11);
        plan.before = head;
        plan.records = test::makeRecords(head, count);
        plan.madeMs = 1'800'000'000'000;
        plan.policySerial = 3;
        return plan;
    }
    // The header signed anew over another sealed part: an attacker with a device's key but without its records.
    [[nodiscard]] Bytes resigned(ledger::BatchHeader header, ByteView sealed, ByteView clear = {}) const {
        header.clearHash = clear.empty() ? std::nullopt : std::optional(sha256(clear));
        header.sealedHash = sha256(sealed);
        header.sealedBytes = sealed.size();
        const Bytes bytes = ledger::encodeBatchHeader(header);
        const Bytes signature = m_device->sign(ledger::batchSigningInput(bytes)).value();
        return ledger::writeBatch(bytes, m_device->publicKey(), signature, sealed, clear);
    }

private slots:
    void initTestCase() {
        const QString p256 = "-newkey ec -pkeyopt ec_paramgen_curve:P-256";
        m_tool.selfSigned("first", p256);
        m_tool.selfSigned("second", "-newkey rsa:2048");
        m_tool.selfSigned("stranger", p256);
        m_auditors = m_tool.read("first.crt") + m_tool.read("second.crt");
        m_device.emplace(cms::DeviceKey::generate().value());
    }

    void eachAuditorFindsEveryRecordAndText() {
        const auto plan = planOf(20);
        const Bytes batch = made(plan);
        for (const QString name : {"first", "second"}) {
            const auto opened = sync::openBatch(batch, keyOf(name));
            QVERIFY2(opened.has_value(), opened ? "" : opened.error().what.c_str());
            QCOMPARE(opened->header.from, 1U);
            QCOMPARE(opened->header.to, 20U);
            QCOMPARE(opened->records.size(), 20U);
            for (std::size_t i = 0; i < opened->records.size(); ++i) {
                QVERIFY(opened->records[i].bytes == plan.records[i].bytes);
                QVERIFY(opened->records[i].contents.at(0).content == plan.records[i].contents.at(0).content);
            }
        }
        QCOMPARE(sync::openBatch(batch, keyOf("stranger")).error().kind, ErrorKind::denied);
    }

    // docs/formats/audit-batch.md, "Without Gatehouse": header, key and signature are skipped by their lengths.
    void stockToolsOpenTheSealedPart() {
        const Bytes batch = made(planOf(3));
        const auto parts = sync::checkBatch(batch).value();
        m_tool.write("sealed.der", parts.sealed);
        QVERIFY2(m_tool.run("cms -decrypt -binary -inform DER -in sealed.der -inkey first.key -recip first.crt "
                            "-out body.zst"),
                 m_tool.lastError());
        m_tool.write("signed", ledger::batchSigningInput(parts.headerBytes));
        m_tool.write("signature", parts.signature);
        m_tool.write("device.der", parts.publicKey);
        QVERIFY2(m_tool.run("pkey -pubin -inform DER -in device.der -out device.pem"), m_tool.lastError());
        QVERIFY2(m_tool.run("dgst -sha256 -verify device.pem -signature signature signed"), m_tool.lastError());
        const std::string packed = m_tool.read("body.zst");
        QVERIFY(packed.starts_with("\x28\xB5\x2F\xFD")); // the magic number of RFC 8878 §3.1.1
    }

    void batchesFollowEachOther() {
        ledger::Head head = test::newChain();
        sync::BatchPlan first = planOf(0);
        first.before = head;
        first.records = test::makeRecords(head, 4);
        sync::BatchPlan second = planOf(0);
        second.before = head;
        second.records = test::makeRecords(head, 3);
        second.lastReceipt = Sha256Digest{9};
        const auto one = sync::checkBatch(made(first)).value().header;
        const Bytes secondBytes = made(second);
        const auto two = sync::openBatch(secondBytes, keyOf("first")).value().header;
        QCOMPARE(two.from, one.to + 1);
        QVERIFY(two.before == one.head);
        QVERIFY(two.head == head.hash);
        QVERIFY(two.lastReceipt == second.lastReceipt);
    }

    void recordsThatDoNotFollowAreNotBatched() {
        auto swapped = planOf(4);
        std::swap(swapped.records[1], swapped.records[2]);
        auto foreign = planOf(4);
        foreign.before.chain.fill(0x99);
        auto missing = planOf(4);
        missing.records.erase(missing.records.begin() + 1);
        auto retold = planOf(4);
        retold.records[2].contents[0].content.text = "another text";
        for (const auto* const plan : {&swapped, &foreign, &missing, &retold}) {
            const auto batch = sync::makeBatch(*plan, *m_device, m_auditors);
            QVERIFY(!batch.has_value());
            QCOMPARE(batch.error().kind, ErrorKind::corrupt);
        }
        QVERIFY(!sync::makeBatch(planOf(0), *m_device, m_auditors));
    }

    void everyChangedByteIsNoticedWithoutAKey() {
        const Bytes batch = made(planOf(2));
        for (std::size_t i = 0; i < batch.size(); ++i) {
            Bytes changed = batch;
            changed[i] ^= 0x01;
            QVERIFY2(!sync::checkBatch(changed), std::to_string(i).c_str());
        }
    }

    void recordsThatTheHeaderDoesNotNameAreNoticed() {
        const Bytes honest = made(planOf(5));
        const auto header = sync::checkBatch(honest).value().header;
        const Bytes fewer = made(planOf(4));
        const Bytes lie = resigned(header, sync::checkBatch(fewer).value().sealed);
        QVERIFY(sync::checkBatch(lie));
        QCOMPARE(sync::openBatch(lie, keyOf("first")).error().kind, ErrorKind::corrupt);
        auto wrongRoot = header;
        wrongRoot.root.fill(0);
        const Bytes lied = resigned(wrongRoot, sync::checkBatch(honest).value().sealed);
        QCOMPARE(sync::openBatch(lied, keyOf("first")).error().kind, ErrorKind::corrupt);
    }

    void whatPolicyNamesStandsInTheClearAndMustBeWhatTheRecordsSay() {
        auto plan = planOf(3);
        QVERIFY(sync::checkBatch(made(plan))->clear.empty());
        plan.clear = {ledger::ClearField::decision, ledger::ClearField::outcome};
        const Bytes batch = made(plan);
        const auto parts = sync::checkBatch(batch).value();
        auto rows = ledger::decodeClearRows(parts.clear, 1, 3).value();
        QCOMPARE(rows.size(), 3U);
        for (std::size_t i = 0; i < rows.size(); ++i) {
            const auto record = ledger::decodeEntry(plan.records[i].bytes).value().record;
            QVERIFY(rows[i] == ledger::clearRowOf(record, plan.clear));
            QVERIFY(rows[i].person.empty() && rows[i].model.empty() && !rows[i].decision.empty());
        }
        QVERIFY(sync::openBatch(batch, keyOf("first")));
        rows[1].decision = rows[1].decision == "block" ? "allow" : "block";
        const Bytes lie = resigned(parts.header, parts.sealed, ledger::encodeClearRows(rows));
        QVERIFY(sync::checkBatch(lie)); // the collector cannot know
        const auto opened = sync::openBatch(lie, keyOf("first"));
        QVERIFY(!opened.has_value());
        QCOMPARE(opened.error().kind, ErrorKind::corrupt);
    }

    void sealedNonsenseIsRefused() {
        const auto header = sync::checkBatch(made(planOf(2))).value().header;
        for (const std::string& content : {std::string("not compressed"), std::string("\x28\xB5\x2F\xFD", 4),
                                           std::string("\x28\xB5\x2F\xFD\xE0\xFF\xFF\xFF\xFF\xFF\xFF\xFF\x7F", 13)}) {
            const Bytes sealed = cms::seal(bytesOf(content), m_auditors).value();
            const auto opened = sync::openBatch(resigned(header, sealed), keyOf("first"));
            QVERIFY(!opened.has_value());
            QCOMPARE(opened.error().kind, ErrorKind::corrupt);
        }
    }

    void nothingOfTheTextsIsInTheClear() {
        ledger::Head head = test::newChain();
        auto plan = planOf(0);
        plan.before = head;
        plan.records = test::makeRecords(head, 3, "canary-4711");
        const Bytes batch = made(plan);
        const std::string_view text = textOf(batch);
        QVERIFY(text.find("canary-4711") == std::string_view::npos);
        QVERIFY(text.find("sent") == std::string_view::npos);
    }
};

QTEST_GUILESS_MAIN(TestBatch)
#include "tst_batch.moc"
