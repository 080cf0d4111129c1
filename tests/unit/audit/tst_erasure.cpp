// SPDX-License-Identifier: Apache-2.0
#include <QtTest>

#include "audit/erase_request.h"
#include "audit/journal.h"
#include "audit/search_index.h"
#include "audit/verify.h"
#include "audit_fixture.h"
#include "secrets/database_key.h"
#include "store/database.h"
#include "support/faulty_disk.h"

using namespace gatehouse;
using namespace gatehouse::test;

namespace {

bool neverCancelled() {
    return false;
}

AuditRecord intentOf(const std::string& interaction, const std::string& person, const std::string& conversation) {
    AuditRecord record = makeIntent(interaction);
    record.person.name = person;
    record.conversation = conversation;
    return record;
}

void commitSome(audit::AuditStore& store, const std::string& person, const std::string& conversation, int count) {
    for (int i = 0; i < count; ++i) {
        const AuditRecord record = intentOf(person + std::to_string(i), person, conversation);
        QVERIFY(commitNow(store.writer(), record, audit::Durability::balanced).has_value());
    }
    store.writer().flush();
}

SecureBytes keyOf(AuditFixture& fixture) {
    return *fixture.secrets().read("database-key");
}

std::unique_ptr<store::Database> openBehind(AuditFixture& fixture) {
    return std::move(*store::Database::open({.path = secrets::databasePath(fixture.folder())}, keyOf(fixture)));
}

std::size_t kept(audit::AuditStore& store, const std::string& interaction) {
    const std::vector<AuditRecord> records = *store.reader().show(interaction);
    return static_cast<std::size_t>(std::count_if(records.begin(), records.end(), [](const AuditRecord& record) {
        return record.originalText || record.sanitisedText || !record.originalHash.empty() ||
               !record.sanitisedHash.empty();
    }));
}

} // namespace

class TestErasure final : public QObject {
    Q_OBJECT
private slots:
    void whatAPersonSentIsErasedAndTheChainSaysSo() {
        AuditFixture fixture;
        audit::AuditStore& store = fixture.open();
        commitSome(store, "ada", "c1", 3);
        commitSome(store, "bob", "c2", 2);
        commitSome(store, "ada", "c3", 1);
        const auto report = store.erase({.person = "ada", .wisher = {"dpo", 7, {}}}, &neverCancelled);
        QCOMPARE(report->records, std::uint64_t{4});
        QCOMPARE(report->texts, std::uint64_t{8});
        QVERIFY(report->isPurged);
        QVERIFY(report->isComplete);
        QCOMPARE(kept(store, "ada0"), std::size_t{0});
        QCOMPARE(kept(store, "bob0"), std::size_t{1});
        QVERIFY(store.reader().show("ada0")->front().hasErasedTexts);
        QVERIFY(!store.reader().show("bob0")->front().hasErasedTexts);
        const AuditRecord event = store.reader().list({.limit = 1})->front();
        QCOMPARE(event.outcome, std::string("content_erased"));
        QCOMPARE(event.reason, std::string("by=person records=4 texts=8 values=0"));
        QCOMPARE(event.person.name, std::string("dpo"));
        // Records 2-4 and 7; what lies between them belongs to somebody else.
        const std::vector<SequenceRange> expected{{2, 4}, {7, 7}};
        QVERIFY(event.erased == expected);
        fixture.close();
        const auto verified = audit::verifyAudit(fixture.folder(), fixture.secrets());
        QVERIFY(verified->isIntact());
        QCOMPARE(verified->erased, std::uint64_t{8});
    }

    void whatIsErasedLeavesNothingInTheJournalOrTheIndex() {
        AuditFixture fixture;
        audit::AuditStore& store = fixture.open();
        commitSome(store, "ada", "c1", 300);
        fixture.close();
        while (*audit::indexNextBlock(*openBehind(fixture))) {
        }
        constexpr const char* kWords = "SELECT count(*) FROM content_text WHERE content_text MATCH 'sanitised'";
        QCOMPARE(openBehind(fixture)->queryNumber(kWords).value(), std::int64_t{255}); // and store_opened
        audit::AuditStore& again = fixture.open();
        commitSome(again, "bob", "c2", 1);
        QVERIFY(!audit::Journal::read(audit::journalPath(fixture.folder()), keyOf(fixture), 0)->entries.empty());
        QCOMPARE(again.erase({}, &neverCancelled)->records, std::uint64_t{301});
        QVERIFY(audit::Journal::read(audit::journalPath(fixture.folder()), keyOf(fixture), 0)->entries.empty());
        QCOMPARE(QFileInfo(QString::fromStdString(secrets::databasePath(fixture.folder()) + "-wal")).size(), qint64{0});
        fixture.close();
        QCOMPARE(openBehind(fixture)->queryNumber(kWords).value(), std::int64_t{0});
        QCOMPARE(openBehind(fixture)->queryNumber("SELECT count(*) FROM content").value(), std::int64_t{0});
        QVERIFY(audit::verifyAudit(fixture.folder(), fixture.secrets())->isIntact());
        QVERIFY(fixture.open().writer().isReady());
    }

    void theJournalCarriesOnAfterItWasWiped() {
        AuditFixture fixture;
        audit::AuditStore& store = fixture.open();
        commitSome(store, "ada", "c1", 5);
        QVERIFY(store.erase({}, &neverCancelled).has_value());
        QVERIFY(commitNow(store.writer(), makeIntent("later"), audit::Durability::balanced).has_value());
        QVERIFY(commitNow(store.writer(), makeIntent("latest"), audit::Durability::strict).has_value());
        const auto entries = audit::Journal::read(audit::journalPath(fixture.folder()), keyOf(fixture), 0);
        QCOMPARE(entries->entries.size(), std::size_t{2});
        QCOMPARE(entries->entries.front().pending.record.interaction, std::string("later"));
        store.writer().flush();
        QCOMPARE(kept(store, "later"), std::size_t{1});
    }

    void aTextThatSomebodyTookAwayIsNoErasure() {
        AuditFixture fixture;
        commitSome(fixture.open(), "ada", "c1", 3);
        QVERIFY(fixture.store().erase({.interaction = "ada0"}, &neverCancelled).has_value());
        fixture.close();
        QVERIFY(openBehind(fixture)->run("DELETE FROM content WHERE id = 3 * 4 + 2").has_value());
        const auto verified = audit::verifyAudit(fixture.folder(), fixture.secrets());
        QVERIFY(verified->fault.has_value());
        QCOMPARE(verified->fault->sequence, std::uint64_t{3});
    }

    void conditionsMustAllHold() {
        AuditFixture fixture;
        audit::AuditStore& store = fixture.open();
        commitSome(store, "ada", "c1", 2);
        fixture.clock.moveWall(std::chrono::hours(1));
        const std::int64_t later = fixture.clock.wall().time_since_epoch().count();
        commitSome(store, "ada", "c2", 2);
        QCOMPARE(store.erase({.person = "nobody"}, &neverCancelled)->sequence, std::uint64_t{0});
        QCOMPARE(store.erase({.person = "ada", .conversation = "c2", .beforeMs = later}, &neverCancelled)->records,
                 std::uint64_t{0});
        QCOMPARE(store.erase({.person = "ada", .upTo = 2}, &neverCancelled)->records, std::uint64_t{1});
        QCOMPARE(store.erase({.beforeMs = later}, &neverCancelled)->records, std::uint64_t{1});
        QCOMPARE(store.erase({.conversation = "c2"}, &neverCancelled)->records, std::uint64_t{2});
    }

    void valuesOfPlaceholdersGoWithTheirConversation() {
        AuditFixture fixture;
        audit::AuditStore& store = fixture.open();
        for (const char* const conversation : {"c1", "c2"}) {
            QVERIFY(store.vault().assign(conversation, "CARD", "4111").has_value());
        }
        commitSome(store, "ada", "c1", 1);
        commitSome(store, "bob", "c2", 1);
        commitSome(store, "eve", "c1", 1); // c1 goes on
        // One interaction of a conversation that goes on: its values are still needed.
        QCOMPARE(store.erase({.interaction = "ada0"}, &neverCancelled)->values, std::uint64_t{0});
        QCOMPARE(store.erase({.interaction = "bob0"}, &neverCancelled)->values, std::uint64_t{1});
        QCOMPARE(store.erase({.conversation = "c1"}, &neverCancelled)->values, std::uint64_t{1});
        QCOMPARE(store.vault().find("c1", "CARD", 1).error().kind, ErrorKind::notFound);
        QCOMPARE(store.vault().find("c2", "CARD", 1).error().kind, ErrorKind::notFound);
        QCOMPARE(store.vault().assign("c1", "CARD", "4222").value(), 1U);
    }

    void aValueBehindAnErasedOneKeepsItsNumber() {
        AuditFixture fixture;
        audit::AuditStore& store = fixture.open();
        QVERIFY(store.vault().assign("c", "CARD", "one").has_value());
        QVERIFY(store.vault().assign("c", "CARD", "two").has_value());
        fixture.close();
        QVERIFY(openBehind(fixture)->run("DELETE FROM placeholder WHERE number = 1").has_value());
        audit::AuditStore& again = fixture.open();
        QCOMPARE(again.vault().find("c", "CARD", 2)->text(), std::string_view("two"));
        QCOMPARE(again.vault().find("c", "CARD", 1).error().kind, ErrorKind::notFound);
        QCOMPARE(again.vault().assign("c", "CARD", "three").value(), 3U);
    }

    void retentionTakesTheOldestUntilTheStoreIsSmallEnough() {
        AuditFixture fixture;
        audit::AuditStore& store = fixture.open();
        for (int i = 0; i < 300; ++i) {
            AuditRecord record = makeIntent("I" + std::to_string(i));
            record.sanitisedText = std::string(8000, 'x');
            QVERIFY(commitNow(store.writer(), std::move(record), audit::Durability::balanced).has_value());
        }
        store.writer().flush();
        const auto report = store.erase({.keepBytes = 1'500'000, .isRetention = true}, &neverCancelled);
        QVERIFY(report->records >= 100);
        QVERIFY(report->records < 300);
        QCOMPARE(kept(store, "I0"), std::size_t{0});
        QCOMPARE(kept(store, "I299"), std::size_t{1});
        QVERIFY(audit::usedBytes(*openBehind(fixture)).value() <= 1'500'000);
        QCOMPARE(store.erase({.keepBytes = 1'500'000, .isRetention = true}, &neverCancelled)->records,
                 std::uint64_t{0});
    }

    void aLargeErasureIsSeveralRecordsThatAllFit() {
        AuditFixture fixture;
        audit::AuditStore& store = fixture.open();
        for (int i = 0; i < 2500; ++i) { // every other one, so that no two ranges join
            const AuditRecord record = intentOf("I" + std::to_string(i), i % 2 == 0 ? "ada" : "bob", "c");
            QVERIFY(commitNow(store.writer(), record, audit::Durability::balanced).has_value());
        }
        store.writer().flush();
        QCOMPARE(store.erase({.person = "ada"}, &neverCancelled)->records, std::uint64_t{1250});
        QCOMPARE(store.reader().list({.where = {{audit::SearchField::outcome, "content_erased"}}})->size(),
                 std::size_t{2});
        fixture.close();
        QVERIFY(audit::verifyAudit(fixture.folder(), fixture.secrets())->isIntact());
    }

    // Each place where a write, sync or truncation can fail while something is erased.
    void everyFailingOperationLeavesAnIntactChain() {
        for (int nth = 0; nth < 40; ++nth) {
            FaultyDisk disk;
            AuditFixture fixture;
            audit::AuditStore& store = fixture.open(disk.name());
            commitSome(store, "ada", "c1", 3);
            disk.failFrom(nth, 1, FaultyDisk::Fault::ioError);
            const auto report = store.erase({.person = "ada"}, &neverCancelled);
            disk.repair();
            fixture.close();
            const auto verified = audit::verifyAudit(fixture.folder(), fixture.secrets());
            QVERIFY2(verified->isIntact(), qPrintable(QString::number(nth)));
            // All or nothing, and what was told is true.
            QVERIFY(verified->erased == 6 || verified->erased == 0);
            QVERIFY(!report || verified->erased == 6);
        }
    }

    void offlineTheSameIsDoneUnlessAnAgentRuns() {
        AuditFixture fixture;
        commitSome(fixture.open(), "ada", "c1", 3);
        const auto running = audit::eraseOffline(fixture.folder(), fixture.secrets(), {.person = "ada"}, fixture.clock);
        QCOMPARE(running.error().kind, ErrorKind::conflict);
        fixture.close();
        const auto report = audit::eraseOffline(fixture.folder(), fixture.secrets(), {.person = "ada"}, fixture.clock);
        QCOMPARE(report->records, std::uint64_t{3});
        QVERIFY(report->isPurged);
        QVERIFY(audit::verifyAudit(fixture.folder(), fixture.secrets())->isIntact());
        QCOMPARE(kept(fixture.open(), "ada1"), std::size_t{0});
        fixture.close();
        QVERIFY(audit::verifyAudit(fixture.folder(), fixture.secrets())->isIntact());
    }

    void aRequestReachesTheAgentOnceAndItsAnswerComesBack() {
        AuditFixture fixture;
        fixture.open();
        const std::string folder = fixture.folder();
        const audit::ErasureRequest request{"id1", {.person = "ada", .conversation = "c", .beforeMs = 5}};
        QVERIFY(audit::placeErasureRequest(folder, request).has_value());
        QCOMPARE(audit::placeErasureRequest(folder, request).error().kind, ErrorKind::conflict);
        const auto taken = audit::takeErasureRequest(folder);
        QCOMPARE((*taken)->id, std::string("id1"));
        QCOMPARE((*taken)->wish.person.value_or(""), std::string("ada"));
        QCOMPARE((*taken)->wish.beforeMs.value_or(0), std::int64_t{5});
        QVERIFY(!(*taken)->wish.interaction.has_value());
        QVERIFY(!(*audit::takeErasureRequest(folder)).has_value());
        QVERIFY(!audit::withdrawErasureRequest(folder));
        QVERIFY(!audit::takeErasureAnswer(folder, "id1").has_value());
        QVERIFY(audit::answerErasure(folder, "id1", audit::ErasureReport{.records = 2, .texts = 3}).has_value());
        QVERIFY(!audit::takeErasureAnswer(folder, "id2").has_value());
        QCOMPARE((*audit::takeErasureAnswer(folder, "id1"))->texts, std::uint64_t{3});
        QVERIFY(!audit::takeErasureAnswer(folder, "id1").has_value());
    }

    // What is not understood could mean less than everything: then nothing is erased.
    void aRequestWithAnUnknownMemberIsRefused() {
        AuditFixture fixture;
        fixture.open();
        for (const char* const text : {R"({"version":1,"id":"a","team":"x"})", R"({"version":2,"id":"a"})", "[]", "{",
                                       R"({"version":1,"id":"a","person":5})"}) {
            QFile file(QString::fromStdString(fixture.folder() + "/audit.erase"));
            QVERIFY(file.open(QIODevice::WriteOnly));
            QVERIFY(file.setPermissions(QFile::ReadOwner | QFile::WriteOwner));
            file.write(text);
            file.close();
            QVERIFY2(!audit::takeErasureRequest(fixture.folder()).has_value(), text);
            QVERIFY(!(*audit::takeErasureRequest(fixture.folder())).has_value());
        }
    }
};

QTEST_GUILESS_MAIN(TestErasure)
#include "tst_erasure.moc"
