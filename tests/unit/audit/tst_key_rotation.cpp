// SPDX-License-Identifier: Apache-2.0
#include <QtTest>

#include "audit/journal.h"
#include "audit/key_rotation.h"
#include "audit/verify.h"
#include "audit_fixture.h"
#include "platform/secure_file.h"
#include "secrets/database_key.h"
#include "store/database.h"

using namespace gatehouse;
using namespace gatehouse::test;

namespace {

constexpr std::array kSteps{"ready", "new-key", "copy", "proof", "mark", "database", "head", "key", "next-key"};

std::string keyId(AuditFixture& fixture) {
    return secrets::databaseKeyId(*fixture.secrets().read("database-key"));
}

void fill(AuditFixture& fixture) {
    audit::AuditStore& store = fixture.open();
    for (int i = 0; i < 5; ++i) {
        QVERIFY(commitNow(store.writer(), makeIntent("I" + std::to_string(i))).has_value());
    }
    QVERIFY(store.vault().assign("c", "CARD", "4111").has_value());
    fixture.close();
}

// Everything is where it was, under whichever key, and nothing of the change is left.
void isWhole(AuditFixture& fixture) {
    QVERIFY(audit::verifyAudit(fixture.folder(), fixture.secrets())->isIntact());
    audit::AuditStore& store = fixture.open();
    QCOMPARE(store.state(), audit::StoreState::ready);
    for (int i = 0; i < 5; ++i) {
        const std::string id = "I" + std::to_string(i);
        QCOMPARE(store.reader().show(id)->front().originalText.value_or(""), "original of " + id);
    }
    QCOMPARE(store.vault().find("c", "CARD", 1)->text(), std::string_view("4111"));
    QVERIFY(commitNow(store.writer(), makeIntent("later")).has_value());
    fixture.close();
    QVERIFY(audit::verifyAudit(fixture.folder(), fixture.secrets())->isIntact());
    for (const char* const left : {"/audit.db.next", "/audit.head.next", "/audit.rotate"}) {
        QVERIFY2(!platform::fileExists(fixture.folder() + left), left);
    }
}

} // namespace

class TestKeyRotation final : public QObject {
    Q_OBJECT
private slots:
    void everythingIsUnderANewKeyAndTheChainSaysSo() {
        AuditFixture fixture;
        fill(fixture);
        const SecureBytes before = *fixture.secrets().read("database-key");
        const auto report = audit::rotateKey(fixture.folder(), fixture.secrets(), fixture.clock);
        QVERIFY2(report.has_value(), report ? "" : report.error().what.c_str());
        QCOMPARE(report->oldKey, secrets::databaseKeyId(before));
        QCOMPARE(report->newKey, keyId(fixture));
        QVERIFY(report->oldKey != report->newKey);
        QCOMPARE(store::Database::open({.path = secrets::databasePath(fixture.folder())}, before).error().kind,
                 ErrorKind::corrupt);
        QVERIFY(!fixture.secrets().read("database-key-next").has_value());
        isWhole(fixture);
        const auto events = fixture.open().reader().list({.where = {{audit::SearchField::outcome, "key_rotated"}}});
        QCOMPARE(events->size(), std::size_t{1});
        QCOMPARE(events->front().reason, "old=" + report->oldKey + " new=" + report->newKey);
    }

    void rulesOfTheOldDatabaseHoldInTheNewOne() {
        AuditFixture fixture;
        fill(fixture);
        QVERIFY(audit::rotateKey(fixture.folder(), fixture.secrets(), fixture.clock).has_value());
        const auto database = store::Database::open({.path = secrets::databasePath(fixture.folder())},
                                                    *fixture.secrets().read("database-key"));
        QVERIFY(!(*database)->run("DELETE FROM record WHERE sequence = 1").has_value());
        QCOMPARE((*database)->queryNumber("PRAGMA user_version").value(), std::int64_t{2});
        QVERIFY((*database)->queryNumber("PRAGMA application_id").value() != 0);
        QVERIFY((*database)->run("INSERT INTO content_text(content_text) VALUES('integrity-check')").has_value());
    }

    void aCrashAfterAnyStepLeavesAStoreThatOpens_data() {
        QTest::addColumn<QString>("step");
        QTest::addColumn<bool>("isVerifiedFirst"); // a reader meets it before the agent does
        for (const char* const step : kSteps) {
            QTest::addRow("%s, agent", step) << QString(step) << false;
        }
        for (const char* const step : {"copy", "mark", "head"}) {
            QTest::addRow("%s, reader", step) << QString(step) << true;
        }
    }
    void aCrashAfterAnyStepLeavesAStoreThatOpens() {
        QFETCH(QString, step);
        QFETCH(bool, isVerifiedFirst);
        AuditFixture fixture;
        fill(fixture);
        const std::string before = keyId(fixture);
        std::string last;
        const auto report =
            audit::rotateKey(fixture.folder(), fixture.secrets(), fixture.clock, [&](std::string_view at) {
                last = at;
                return at != step.toStdString();
            });
        QVERIFY(!report.has_value());
        QCOMPARE(last, step.toStdString()); // the step exists
        if (!isVerifiedFirst) {
            QCOMPARE(fixture.open().state(), audit::StoreState::ready);
            fixture.close();
        }
        isWhole(fixture);
        const auto at = std::find(kSteps.begin(), kSteps.end(), step.toStdString());
        const bool isNew = at >= std::find(kSteps.begin(), kSteps.end(), std::string("mark"));
        QCOMPARE(keyId(fixture) != before, isNew);
        QVERIFY(audit::rotateKey(fixture.folder(), fixture.secrets(), fixture.clock).has_value());
        isWhole(fixture);
    }

    void nothingIsChangedWhileAnAgentRuns() {
        AuditFixture fixture;
        fill(fixture);
        fixture.open();
        QCOMPARE(audit::rotateKey(fixture.folder(), fixture.secrets(), fixture.clock).error().kind,
                 ErrorKind::conflict);
    }

    void aChainThatDoesNotVerifyIsNotCopied() {
        AuditFixture fixture;
        fill(fixture);
        const std::string before = keyId(fixture);
        {
            const auto database = store::Database::open({.path = secrets::databasePath(fixture.folder())},
                                                        *fixture.secrets().read("database-key"));
            QVERIFY((*database)->run("DROP TRIGGER record_is_never_changed").has_value());
            QVERIFY((*database)->run("UPDATE record SET bytes = x'00' WHERE sequence = 2").has_value());
        }
        QCOMPARE(audit::rotateKey(fixture.folder(), fixture.secrets(), fixture.clock).error().kind, ErrorKind::corrupt);
        QCOMPARE(keyId(fixture), before);
        QVERIFY(!platform::fileExists(fixture.folder() + "/audit.db.next"));
        QCOMPARE(audit::verifyAudit(fixture.folder(), fixture.secrets())->fault->sequence, std::uint64_t{2});
    }

    void anIntentThatStillLiesInTheJournalComesAlong() {
        AuditFixture fixture;
        fill(fixture);
        auto journal =
            audit::Journal::begin(audit::journalPath(fixture.folder()), *fixture.secrets().read("database-key"), 100);
        QVERIFY((*journal)->write(audit::stamp(makeIntent("killed"), fixture.clock)).has_value());
        journal->reset();
        QVERIFY(audit::rotateKey(fixture.folder(), fixture.secrets(), fixture.clock).has_value());
        QVERIFY(!platform::fileExists(audit::journalPath(fixture.folder())));
        QCOMPARE(fixture.open().reader().show("killed")->size(), std::size_t{2}); // and "interrupted"
    }
};

QTEST_GUILESS_MAIN(TestKeyRotation)
#include "tst_key_rotation.moc"
