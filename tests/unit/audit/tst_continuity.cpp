// SPDX-License-Identifier: Apache-2.0
#include <QtTest>

#include <filesystem>
#include <fstream>

#include "audit/head_file.h"
#include "audit/verify.h"
#include "audit_fixture.h"
#include "base/crypto.h"
#include "platform/boot.h"
#include "secrets/database_key.h"
#include "store/database.h"

using namespace gatehouse;
using namespace gatehouse::test;

namespace {

std::vector<std::string> eventWords(audit::Reader& reader) {
    std::vector<std::string> words;
    const std::vector<AuditRecord> records = *reader.list({.limit = 1000});
    for (const AuditRecord& record : records) {
        if (record.kind == RecordKind::event) {
            words.insert(words.begin(), record.outcome);
        }
    }
    return words;
}

bool has(const std::vector<std::string>& words, const std::string& word) {
    return std::find(words.begin(), words.end(), word) != words.end();
}

void commitSome(AuditFixture& fixture, const std::string& prefix, int count) {
    for (int i = 0; i < count; ++i) {
        QVERIFY(commitNow(fixture.store().writer(), makeIntent(prefix + std::to_string(i))).has_value());
    }
}

SecureBytes keyOf(AuditFixture& fixture) {
    return *fixture.secrets().read("database-key");
}

// Changes the database behind the agent's back, as somebody could who has the key.
void tamper(AuditFixture& fixture, const char* sql) {
    const auto database = store::Database::open({.path = secrets::databasePath(fixture.folder())}, keyOf(fixture));
    QVERIFY(database.has_value());
    QVERIFY2((*database)->run(sql).has_value(), sql);
}

} // namespace

class TestContinuity final : public QObject {
    Q_OBJECT
private slots:
    void anOlderDatabaseIsNoticedAndTheChainGoesOn() {
        AuditFixture fixture;
        fixture.open();
        commitSome(fixture, "old", 3);
        fixture.close();
        const std::string path = secrets::databasePath(fixture.folder());
        std::filesystem::copy_file(path, path + ".backup");
        fixture.open();
        commitSome(fixture, "new", 5);
        fixture.close();
        std::filesystem::copy_file(path + ".backup", path, std::filesystem::copy_options::overwrite_existing);

        const auto before = audit::verifyAudit(fixture.folder(), fixture.secrets());
        QVERIFY(before->fault.has_value()); // nobody started the agent yet: the remembered head alone tells
        const std::uint64_t last = before->records;
        QCOMPARE(before->fault->sequence, last + 1);

        audit::Reader& reader = fixture.open().reader();
        QCOMPARE(fixture.store().state(), audit::StoreState::ready);
        QVERIFY(has(eventWords(reader), "rollback"));
        commitSome(fixture, "after", 1);
        const auto after = audit::verifyAudit(fixture.folder(), fixture.secrets());
        QVERIFY(!after->fault.has_value());
        QCOMPARE(after->breaches.size(), std::size_t{1});
        QCOMPARE(after->breaches[0].sequence, last + 1);
        QVERIFY(!after->isIntact());
        QCOMPARE(after->head.chain, before->head.chain);
    }

    void aDatabaseThatWasTakenAwayIsNoticed() {
        AuditFixture fixture;
        fixture.open();
        commitSome(fixture, "I", 3);
        const auto chain = audit::verifyAudit(fixture.folder(), fixture.secrets())->head.chain;
        fixture.close();
        QVERIFY(std::filesystem::remove(secrets::databasePath(fixture.folder())));
        QVERIFY(has(eventWords(fixture.open().reader()), "rollback"));
        QCOMPARE(audit::verifyAudit(fixture.folder(), fixture.secrets())->head.chain, chain);
    }

    // SQLCipher opens a database whose log was deleted without a word.
    void aLogThatWasCutIsNoticed() {
        AuditFixture fixture;
        fixture.open();
        commitSome(fixture, "I", 3);
        const std::string path = secrets::databasePath(fixture.folder());
        const std::filesystem::path copy = fixture.folder() + "-copy";
        std::filesystem::copy(fixture.folder(), copy, std::filesystem::copy_options::recursive);
        fixture.close();
        QVERIFY(std::filesystem::file_size(copy / "audit.db-wal") > 0);
        std::filesystem::remove(copy / "audit.db-wal");
        std::filesystem::remove(copy / "audit.db-shm");
        const auto secrets = secrets::openExistingSecretStore({.dataFolder = copy.string()});
        QVERIFY(!audit::verifyAudit(copy.string(), **secrets)->isIntact());
        const auto store = audit::openAudit({copy.string(), **secrets, fixture.clock});
        QVERIFY(has(eventWords((*store)->reader()), "rollback"));
    }

    void aMissingOrForgedHeadIsNoticed() {
        AuditFixture fixture;
        fixture.open();
        commitSome(fixture, "I", 3);
        fixture.close();
        QVERIFY(std::filesystem::remove(audit::headPath(fixture.folder())));
        QVERIFY(!audit::verifyAudit(fixture.folder(), fixture.secrets())->isIntact());
        QVERIFY(has(eventWords(fixture.open().reader()), "head_missing"));
        fixture.close();
        const std::string path = audit::headPath(fixture.folder());
        std::filesystem::resize_file(path, 64);
        QVERIFY(has(eventWords(fixture.open().reader()), "head_damaged"));
    }

    // A power cut may take records that were never synced; that is no attack and is told apart from one.
    void aTailLostInAPowerCutIsToldApartFromARollback() {
        for (const bool wasSynced : {false, true}) {
            AuditFixture fixture;
            fixture.open();
            commitSome(fixture, "I", 3);
            fixture.close();
            audit::HeadFile head(audit::headPath(fixture.folder()), keyOf(fixture));
            audit::RememberedHead remembered = *head.read();
            remembered.bootId.fill(7); // the machine was started again since
            remembered.head.sequence += 2;
            remembered.syncedSequence = remembered.head.sequence - (wasSynced ? 0 : 2);
            QVERIFY(head.write(remembered).has_value());
            QVERIFY(has(eventWords(fixture.open().reader()), wasSynced ? "rollback" : "tail_lost"));
            QCOMPARE(audit::verifyAudit(fixture.folder(), fixture.secrets())->isIntact(), !wasSynced);
        }
    }

    void aCleanStopIsRemembered() {
        AuditFixture fixture;
        for (int i = 0; i < 5; ++i) {
            fixture.open();
            commitSome(fixture, "I" + std::to_string(i), 2);
            fixture.close();
            QVERIFY(audit::verifyAudit(fixture.folder(), fixture.secrets())->isIntact());
        }
    }

    void changesByAHolderOfTheKeyAreNamed_data() {
        QTest::addColumn<QByteArray>("sql");
        QTest::addColumn<int>("firstBad");
        const QByteArray open = "DROP TRIGGER record_is_never_changed; DROP TRIGGER record_is_never_deleted;"
                                "DROP TRIGGER record_is_gapless; DROP TRIGGER content_is_never_changed;";
        QTest::newRow("a byte") << open + "UPDATE record SET bytes = CAST(bytes || x'00' AS BLOB) WHERE sequence = 3"
                                << 3;
        QTest::newRow("a hash") << open + "UPDATE record SET hash = zeroblob(32) WHERE sequence = 2" << 2;
        QTest::newRow("deleted in the middle") << open + "DELETE FROM record WHERE sequence = 3" << 3;
        QTest::newRow("deleted at the end") << open + "DELETE FROM record WHERE sequence >= 5" << 5;
        QTest::newRow("two swapped")
            << open + "UPDATE record SET sequence = 99 WHERE sequence = 3; UPDATE record SET sequence = 3 "
                      "WHERE sequence = 4; UPDATE record SET sequence = 4 WHERE sequence = 99"
            << 3;
        QTest::newRow("a kept text") << open + "UPDATE content SET text = x'61' WHERE id = 4 * 4 + 1" << 4;
        QTest::newRow("a salt") << open + "UPDATE content SET salt = zeroblob(32) WHERE id = 4 * 4 + 2" << 4;
        QTest::newRow("a text moved to another record") << open + "UPDATE content SET id = 5 WHERE id = 4 * 4 + 1" << 1;
    }
    void changesByAHolderOfTheKeyAreNamed() {
        QFETCH(QByteArray, sql);
        QFETCH(int, firstBad);
        AuditFixture fixture;
        fixture.open();
        commitSome(fixture, "I", 5);
        fixture.close();
        QVERIFY(audit::verifyAudit(fixture.folder(), fixture.secrets())->isIntact());
        tamper(fixture, sql.constData());
        const auto report = audit::verifyAudit(fixture.folder(), fixture.secrets());
        QVERIFY(report->fault.has_value());
        QCOMPARE(report->fault->sequence, static_cast<std::uint64_t>(firstBad));
    }

    // Records are whole without their texts, but a text does not go without a record that says so (tst_erasure).
    void textsThatAreTakenAwayAreMissed() {
        AuditFixture fixture;
        fixture.open();
        commitSome(fixture, "I", 3);
        fixture.close();
        tamper(fixture, "DELETE FROM content WHERE id < 4 * 4");
        const auto report = audit::verifyAudit(fixture.folder(), fixture.secrets());
        QCOMPARE(report->records, std::uint64_t{4});
        QCOMPARE(report->fault->sequence, std::uint64_t{2});
        QVERIFY(!fixture.open().reader().show("I0")->at(0).originalText.has_value());
    }

    void recordsAreAppendOnly_data() {
        QTest::addColumn<QByteArray>("sql");
        QTest::newRow("update") << QByteArray("UPDATE record SET kind = 2 WHERE sequence = 1");
        QTest::newRow("delete") << QByteArray("DELETE FROM record WHERE sequence = 2");
        QTest::newRow("gap") << QByteArray("INSERT INTO record VALUES(99, '', 0, x'00', x'00')");
        QTest::newRow("replace") << QByteArray("INSERT OR REPLACE INTO record VALUES(2, '', 0, x'00', x'00')");
        QTest::newRow("text") << QByteArray("UPDATE content SET text = x'61'");
    }
    void recordsAreAppendOnly() {
        QFETCH(QByteArray, sql);
        AuditFixture fixture;
        fixture.open();
        commitSome(fixture, "I", 2);
        fixture.close();
        const auto database = store::Database::open({.path = secrets::databasePath(fixture.folder())}, keyOf(fixture));
        QVERIFY(!(*database)->run(sql.constData()).has_value());
    }
};

QTEST_GUILESS_MAIN(TestContinuity)
#include "tst_continuity.moc"
