// SPDX-License-Identifier: Apache-2.0
#include <QtTest>

#include "audit/verify.h"
#include "audit_fixture.h"
#include "support/faulty_disk.h"

using namespace gatehouse;
using namespace gatehouse::test;

namespace {

bool becomesReady(const audit::Writer& writer) {
    return QTest::qWaitFor([&writer] { return writer.isReady(); }, 60'000);
}

} // namespace

class TestFailingDisk final : public QObject {
    Q_OBJECT
private slots:
    void aFullDiskIsToldAndEverythingAcceptedIsKept() {
        FaultyDisk disk;
        AuditFixture fixture;
        audit::AuditStore& store = fixture.open(disk.name());
        QVERIFY(commitNow(store.writer(), makeIntent("before")).has_value());
        store.writer().flush();

        disk.failFrom(0, -1, FaultyDisk::Fault::full);
        // The journal has its room already. What it took is durable and waits there for the database.
        QVERIFY(commitNow(store.writer(), makeIntent("journaled")).has_value());
        store.writer().flush();
        const auto refused = commitNow(store.writer(), makeIntent("refused"));
        QCOMPARE(refused.error().kind, ErrorKind::unavailable);
        QVERIFY(!store.writer().isReady());
        QCOMPARE(store.state(), audit::StoreState::broken);
        QVERIFY(store.problem().find("disk") != std::string::npos);
        // What nobody waits for is accepted and kept, so is a value of the vault.
        QVERIFY(store.writer().enqueue(makeOutcome("before")).has_value());
        QCOMPARE(store.vault().assign("conversation", "CARD", "value").value(), 1U);
        store.writer().flush(); // comes back although nothing can be written
        QCOMPARE(store.reader().show("before")->size(), std::size_t{1});

        disk.repair();
        QVERIFY(becomesReady(store.writer()));
        QVERIFY(commitNow(store.writer(), makeIntent("after")).has_value());
        QCOMPARE(store.reader().show("before")->size(), std::size_t{2});
        QVERIFY(store.reader().show("refused")->empty());
        QCOMPARE(store.reader().show("journaled")->size(), std::size_t{1});
        std::vector<std::string> events;
        const std::vector<AuditRecord> records = *store.reader().list({.limit = 100});
        for (const AuditRecord& record : records) {
            events.insert(events.begin(), record.outcome);
        }
        QVERIFY(std::find(events.begin(), events.end(), "store_failed") != events.end());
        QVERIFY(std::find(events.begin(), events.end(), "store_recovered") != events.end());
        fixture.close();
        QCOMPARE(fixture.open().vault().find("conversation", "CARD", 1)->text(), std::string_view("value"));
        QVERIFY(audit::verifyAudit(fixture.folder(), fixture.secrets())->isIntact());
    }

    // Each place where a write, sync or truncation can fail, from the store's making to its end, with each way of
    // failing: what was acknowledged is there, what was refused is not, and the chain verifies.
    void everyFailingOperationIsSurvived_data() {
        QTest::addColumn<int>("fault");
        QTest::newRow("full") << static_cast<int>(FaultyDisk::Fault::full);
        QTest::newRow("I/O error") << static_cast<int>(FaultyDisk::Fault::ioError);
        QTest::newRow("torn write") << static_cast<int>(FaultyDisk::Fault::tornWrite);
    }
    void everyFailingOperationIsSurvived() {
        QFETCH(int, fault);
        bool hasFailed = true;
        int nth = 0;
        for (; hasFailed; ++nth) {
            FaultyDisk disk;
            AuditFixture fixture;
            disk.failFrom(nth, 1, static_cast<FaultyDisk::Fault>(fault));
            audit::AuditStore& store = fixture.open(disk.name());
            if (store.state() != audit::StoreState::ready) {
                QVERIFY2(store.retry().has_value(), qPrintable(QString::number(nth)));
            }
            std::vector<std::string> kept;
            std::vector<std::string> refused;
            for (int i = 0; i < 6; ++i) {
                const std::string id = "I" + std::to_string(i);
                (commitNow(store.writer(), makeIntent(id)) ? kept : refused).push_back(id);
                store.writer().flush(); // a group of its own
            }
            QVERIFY(refused.size() <= 2); // the one that met the fault, at most one that came before the retry
            QVERIFY(becomesReady(store.writer()));
            fixture.close();
            hasFailed = disk.hasFailed();
            const auto report = audit::verifyAudit(fixture.folder(), fixture.secrets());
            QVERIFY2(report->isIntact(), qPrintable(QString::number(nth)));
            audit::Reader& reader = fixture.open().reader();
            for (const std::string& id : kept) {
                QVERIFY(!reader.show(id)->empty());
            }
            for (const std::string& id : refused) {
                QVERIFY(reader.show(id)->empty());
            }
        }
        QVERIFY2(nth > 40, qPrintable(QString::number(nth)));
    }

    void aDiskThatIsFullAtTheStartGivesABrokenStoreThatOpensLater() {
        FaultyDisk disk;
        AuditFixture fixture;
        disk.failFrom(0, -1, FaultyDisk::Fault::full);
        audit::AuditStore& store = fixture.open(disk.name());
        QCOMPARE(store.state(), audit::StoreState::broken);
        QCOMPARE(commitNow(store.writer(), makeIntent("I1")).error().kind, ErrorKind::unavailable);
        disk.repair();
        QVERIFY(store.retry().has_value());
        QVERIFY(commitNow(store.writer(), makeIntent("I1")).has_value());
    }

    void whatFindsNoRoomIsCountedAndRecorded() {
        FaultyDisk disk;
        AuditFixture fixture;
        audit::AuditStore& store = fixture.open(disk.name());
        disk.failFrom(0, -1, FaultyDisk::Fault::full);
        QVERIFY(commitNow(store.writer(), makeIntent("journaled")).has_value());
        store.writer().flush();
        QVERIFY(!commitNow(store.writer(), makeIntent("refused")).has_value());
        std::size_t accepted = 0;
        while (store.writer().enqueue(makeOutcome("I" + std::to_string(accepted))).has_value()) {
            ++accepted;
            QVERIFY(accepted <= 5000);
        }
        QCOMPARE(store.writer().enqueue(makeOutcome("lost")).error().kind, ErrorKind::limit);
        disk.repair();
        QVERIFY(becomesReady(store.writer()));
        std::size_t outcomes = 0;
        std::string lost;
        store.writer().flush();
        const std::vector<AuditRecord> records = *store.reader().list({.limit = 10'000});
        for (const AuditRecord& record : records) {
            outcomes += record.kind == RecordKind::outcome ? 1U : 0U;
            lost = record.outcome == "records_lost" ? record.reason : lost;
        }
        QCOMPARE(outcomes, accepted);
        QCOMPARE(lost, std::string("count=2"));
    }
};

QTEST_GUILESS_MAIN(TestFailingDisk)
#include "tst_failing_disk.moc"
