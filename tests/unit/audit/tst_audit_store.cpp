// SPDX-License-Identifier: Apache-2.0
#include <QFile>
#include <QtTest>

#include <filesystem>
#include <fstream>
#include <set>

#include "audit/head_file.h"
#include "audit/verify.h"
#include "audit_fixture.h"
#include "base/crypto.h"
#include "platform/secure_file.h"
#include "secrets/database_key.h"
#include "store/database.h"

using namespace gatehouse;
using namespace gatehouse::test;

namespace {

std::string fileContent(const std::filesystem::path& path) {
    std::ifstream file(path, std::ios::binary);
    return {std::istreambuf_iterator<char>(file), std::istreambuf_iterator<char>()};
}

std::vector<AuditRecord> eventsOf(audit::Reader& reader, const std::string& word) {
    std::vector<AuditRecord> records = *reader.list({.limit = 1000});
    std::erase_if(records, [&word](const AuditRecord& record) {
        return record.kind != RecordKind::event || record.outcome != word;
    });
    return records;
}

} // namespace

class TestAuditStore final : public QObject {
    Q_OBJECT
private slots:
    void committedRecordsComeBackAsTheyWere() {
        AuditFixture fixture;
        audit::AuditStore& store = fixture.open();
        QCOMPARE(store.state(), audit::StoreState::ready);
        AuditRecord intent = makeIntent("I1");
        intent.justification = "asked by support";
        QVERIFY(commitNow(store.writer(), intent).has_value());
        QVERIFY(store.writer().enqueue(makeOutcome("I1")).has_value());

        const auto shown = store.reader().show("I1");
        QCOMPARE(shown->size(), std::size_t{2});
        QCOMPARE(shown->at(0).sequence, std::uint64_t{2}); // 1 is store_opened
        QCOMPARE(shown->at(0).originalText, intent.originalText);
        QCOMPARE(shown->at(0).sanitisedText, intent.sanitisedText);
        QCOMPARE(shown->at(0).originalHash, intent.originalHash);
        QCOMPARE(shown->at(0).justification, intent.justification);
        QCOMPARE(shown->at(0).timeMs, std::int64_t{1'800'000'000'000});
        QCOMPARE(shown->at(1).outcome, std::string("completed"));
        QVERIFY(shown->at(1).costUsd.has_value());
        QVERIFY(!shown->at(1).originalText.has_value());
    }

    void listGivesNewestFirstWithoutTexts() {
        AuditFixture fixture;
        audit::AuditStore& store = fixture.open();
        for (int i = 0; i < 5; ++i) {
            QVERIFY(commitNow(store.writer(), makeIntent("I" + std::to_string(i))).has_value());
        }
        const auto newest = store.reader().list({.limit = 2});
        QCOMPARE(newest->size(), std::size_t{2});
        QCOMPARE(newest->at(0).interaction, std::string("I4"));
        QVERIFY(!newest->at(0).originalText.has_value());
        QCOMPARE(newest->at(0).originalHash, makeIntent("I4").originalHash);
        const auto older = store.reader().list({.limit = 1, .before = newest->at(1).sequence});
        QCOMPARE(older->at(0).interaction, std::string("I2"));
        QCOMPARE(store.reader().list({.interaction = "I3"})->size(), std::size_t{1});
        QVERIFY(store.reader().show("nobody")->empty());
    }

    void manyCommitsAtOnceAreNumberedWithoutGap() {
        AuditFixture fixture;
        audit::AuditStore& store = fixture.open();
        std::vector<AuditRecord> records;
        for (int i = 0; i < 700; ++i) {
            records.push_back(makeIntent("I" + std::to_string(i)));
        }
        for (const auto& result : commitAll(store.writer(), records)) {
            QVERIFY(result.has_value());
        }
        std::set<std::uint64_t> sequences;
        const std::vector<AuditRecord> kept = *store.reader().list({.limit = 1000});
        for (const AuditRecord& record : kept) {
            if (record.kind == RecordKind::intent) {
                sequences.insert(record.sequence);
            }
        }
        QCOMPARE(sequences.size(), std::size_t{700});
        QCOMPARE(*sequences.rbegin(), std::uint64_t{701});
        QVERIFY(audit::verifyAudit(fixture.folder(), fixture.secrets())->isIntact());
    }

    void theStartSaysHowTheKeyIsProtected() {
        AuditFixture fixture;
        const auto events = eventsOf(fixture.open().reader(), "store_opened");
        QCOMPARE(events.size(), std::size_t{1});
        QCOMPARE(events[0].reason, std::string("key_protection=file"));
    }

    void intentsWithoutOutcomeAreClosedAtTheNextStart() {
        AuditFixture fixture;
        QVERIFY(commitNow(fixture.open().writer(), makeIntent("done")).has_value());
        QVERIFY(fixture.store().writer().enqueue(makeOutcome("done")).has_value());
        QVERIFY(commitNow(fixture.store().writer(), makeIntent("cut")).has_value());
        audit::Reader& reader = fixture.open().reader();
        QCOMPARE(reader.show("done")->size(), std::size_t{2});
        const auto cut = *reader.show("cut");
        QCOMPARE(cut.size(), std::size_t{2});
        QCOMPARE(cut[1].kind, RecordKind::outcome);
        QCOMPARE(cut[1].outcome, std::string("interrupted"));
        QCOMPARE(fixture.open().reader().show("cut")->size(), std::size_t{2}); // once, not at each start
    }

    void aSecondAgentOnTheSameDataIsAConflict() {
        AuditFixture fixture;
        fixture.open();
        const auto second = audit::openAudit({fixture.folder(), fixture.secrets(), fixture.clock});
        QVERIFY(!second.has_value());
        QCOMPARE(second.error().kind, ErrorKind::conflict);
        fixture.close();
        QVERIFY(audit::openAudit({fixture.folder(), fixture.secrets(), fixture.clock}).has_value());
    }

    void aStoreWithoutItsKeyIsLockedAndMakesNoNewOne() {
        AuditFixture fixture;
        fixture.open();
        fixture.close();
        QVERIFY(fixture.secrets().remove("database-key").has_value());
        audit::AuditStore& store = fixture.open();
        QCOMPARE(store.state(), audit::StoreState::locked);
        QVERIFY(!store.problem().empty());
        QVERIFY(!store.writer().isReady());
        QCOMPARE(commitNow(store.writer(), makeIntent("I1")).error().kind, ErrorKind::denied);
        QCOMPARE(store.writer().enqueue(makeOutcome("I1")).error().kind, ErrorKind::unavailable);
        QCOMPARE(store.reader().list({}).error().kind, ErrorKind::unavailable);
        QCOMPARE(store.vault().assign("c", "CARD", "4111").error().kind, ErrorKind::unavailable);
        QVERIFY(!store.retry().has_value());
        QCOMPARE(fixture.secrets().read("database-key").error().kind, ErrorKind::notFound);
    }

    void aLockedStoreOpensOnceItsKeyIsBack() {
        AuditFixture fixture;
        fixture.open();
        fixture.close();
        const SecureBytes key = *fixture.secrets().read("database-key");
        QVERIFY(fixture.secrets().remove("database-key").has_value());
        audit::AuditStore& store = fixture.open();
        QVERIFY(fixture.secrets().write("database-key", key).has_value());
        QVERIFY(store.retry().has_value());
        QCOMPARE(store.state(), audit::StoreState::ready);
        QVERIFY(store.problem().empty());
        QVERIFY(commitNow(store.writer(), makeIntent("I1")).has_value());
    }

    void anotherKeyIsRefusedAndNothingIsTouched() {
        AuditFixture fixture;
        QVERIFY(commitNow(fixture.open().writer(), makeIntent("I1")).has_value());
        fixture.close();
        const SecureBytes key = *fixture.secrets().read("database-key");
        const std::string before = fileContent(secrets::databasePath(fixture.folder()));
        QVERIFY(fixture.secrets().write("database-key", SecureBytes(randomBytes(32))).has_value());
        QCOMPARE(fixture.open().state(), audit::StoreState::broken);
        fixture.close();
        QCOMPARE(fileContent(secrets::databasePath(fixture.folder())), before);
        QVERIFY(fixture.secrets().write("database-key", key).has_value());
        QCOMPARE(fixture.open().state(), audit::StoreState::ready);
        QCOMPARE(fixture.store().reader().show("I1")->size(), std::size_t{2});
    }

    void aDamagedDatabaseIsBrokenAndKept() {
        AuditFixture fixture;
        QVERIFY(commitNow(fixture.open().writer(), makeIntent("I1")).has_value());
        fixture.close();
        const std::string path = secrets::databasePath(fixture.folder());
        std::string bytes = fileContent(path);
        bytes[100] = static_cast<char>(bytes[100] ^ 1);
        std::ofstream(path, std::ios::binary | std::ios::trunc) << bytes;
        audit::AuditStore& store = fixture.open();
        QCOMPARE(store.state(), audit::StoreState::broken);
        QCOMPARE(commitNow(store.writer(), makeIntent("I2")).error().kind, ErrorKind::denied);
        fixture.close();
        QCOMPARE(fileContent(path), bytes);
        QVERIFY(audit::verifyAudit(fixture.folder(), fixture.secrets())->fault.has_value());
    }

    void nothingReadableLiesInTheFolder() {
        AuditFixture fixture;
        audit::AuditStore& store = fixture.open();
        AuditRecord intent = makeIntent("CANARY-interaction");
        intent.originalText = "CANARY-text-4111111111111111";
        QVERIFY(commitNow(store.writer(), intent).has_value());
        QVERIFY(store.vault().assign("conversation", "CARD", "CANARY-value").has_value());
        store.writer().flush();
        for (int pass = 0; pass < 2; ++pass) {
            for (const auto& entry : std::filesystem::recursive_directory_iterator(fixture.folder())) {
                if (entry.is_regular_file()) {
                    QVERIFY2(fileContent(entry.path()).find("CANARY") == std::string::npos, entry.path().c_str());
                    QCOMPARE(entry.status().permissions() & std::filesystem::perms(0077), std::filesystem::perms::none);
                }
            }
            fixture.close(); // once with the log beside the database, once after it was merged
        }
    }

    void hostileLengthsAreClippedNotRefused() {
        AuditFixture fixture;
        audit::AuditStore& store = fixture.open();
        AuditRecord record = makeIntent("I1");
        record.destination.model = std::string(5'000'000, 'm');
        record.findings.resize(5000, {"pci.any.card", FindingClass::pci, 1, 1});
        QVERIFY(commitNow(store.writer(), record).has_value());
        QCOMPARE(store.reader().show("I1")->at(0).destination.model.size(), std::size_t{1024});
    }

    void aClockThatJumpsIsRecorded() {
        AuditFixture fixture;
        audit::AuditStore& store = fixture.open();
        QVERIFY(commitNow(store.writer(), makeIntent("I1")).has_value());
        fixture.clock.moveWall(std::chrono::hours{-24});
        QVERIFY(commitNow(store.writer(), makeIntent("I2")).has_value());
        store.writer().flush();
        QCOMPARE(eventsOf(store.reader(), "clock_jump").size(), std::size_t{1});
    }
};

QTEST_GUILESS_MAIN(TestAuditStore)
#include "tst_audit_store.moc"
