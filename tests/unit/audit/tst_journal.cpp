// SPDX-License-Identifier: Apache-2.0
#include <QtTest>

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <map>

#include <unistd.h>

#include "audit/exporter.h"
#include "audit/journal.h"
#include "audit/journal_sync.h"
#include "audit/verify.h"
#include "audit_fixture.h"
#include "base/crypto.h"
#include "support/faulty_disk.h"

using namespace gatehouse;
using namespace gatehouse::test;
using audit::Durability;
using audit::Journal;
using audit::PendingRecord;

namespace {

PendingRecord pendingOf(const std::string& interaction, std::size_t textBytes = 10) {
    PendingRecord pending{makeIntent(interaction), 77, {}};
    pending.record.timeMs = 1'800'000'000'000;
    pending.record.sanitisedText = std::string(textBytes, 'x');
    return pending;
}

class JournalFile final {
public:
    [[nodiscard]] std::string path() const { return m_folder.path().toStdString() + "/audit.journal"; }
    [[nodiscard]] std::unique_ptr<Journal> begin(std::uint64_t settled = 0) const {
        auto journal = Journal::begin(path(), key, settled);
        return journal ? std::move(*journal) : nullptr;
    }
    [[nodiscard]] std::vector<std::string> names(std::uint64_t settled = 0) const {
        std::vector<std::string> out;
        const auto entries = Journal::read(path(), key, settled);
        for (const auto& entry : entries.value().entries) {
            out.push_back(entry.pending.record.interaction);
        }
        return out;
    }

    SecureBytes key{ByteView(randomBytes(32))};

private:
    QTemporaryDir m_folder;
};

using Names = std::vector<std::string>;

std::map<int, std::string> openFiles() {
    std::map<int, std::string> out;
    for (const auto& entry : std::filesystem::directory_iterator("/proc/self/fd")) {
        std::error_code gone;
        const auto target = std::filesystem::read_symlink(entry.path(), gone);
        if (!gone) {
            out[std::stoi(entry.path().filename())] = target;
        }
    }
    return out;
}

class Told final : public audit::CommitWaiter {
public:
    explicit Told(std::vector<ErrorKind>& kinds) : m_kinds(kinds) {}
    void done(Result<std::uint64_t> sequence) override {
        m_kinds.push_back(sequence ? ErrorKind::internal : sequence.error().kind);
    }

private:
    std::vector<ErrorKind>& m_kinds;
};

void damage(const std::string& path, int place) {
    std::fstream bytes(path, std::ios::in | std::ios::out | std::ios::binary);
    bytes.seekp(place);
    bytes.put('!');
}

// An agent that took a balanced intent into its journal and ended before its database could.
void leaveInJournal(AuditFixture& fixture, FaultyDisk& disk, const std::string& interaction) {
    audit::AuditStore& store = fixture.open(disk.name());
    disk.failFrom(0, -1, FaultyDisk::Fault::full);
    QCOMPARE(commitNow(store.writer(), makeIntent(interaction), Durability::balanced).value(), std::uint64_t{0});
    fixture.close();
    disk.repair();
}

} // namespace

class TestJournal final : public QObject {
    Q_OBJECT
private slots:
    void whatIsWrittenIsReadBackWhole() {
        const JournalFile file;
        PendingRecord pending = pendingOf("one");
        pending.record.originalHash = "aa";
        pending.record.originalText = "the original";
        pending.record.sanitisedHash = "bb";
        pending.record.justification = "because";
        QCOMPARE(file.begin()->write(pending).value(), std::uint64_t{1});
        const auto entries = Journal::read(file.path(), file.key, 0)->entries;
        QCOMPARE(entries.size(), std::size_t{1});
        const AuditRecord& back = entries.front().pending.record;
        QCOMPARE(back.originalHash, pending.record.originalHash);
        QCOMPARE(back.originalText, pending.record.originalText);
        QCOMPARE(back.sanitisedHash, pending.record.sanitisedHash);
        QCOMPARE(back.sanitisedText, pending.record.sanitisedText);
        QCOMPARE(back.justification, pending.record.justification);
        QCOMPARE(back.person.name, pending.record.person.name);
        QCOMPARE(back.timeMs, pending.record.timeMs);
        QCOMPARE(entries.front().pending.monotonicMs, std::uint64_t{77});
        QVERIFY(entries.front().pending.bootId.has_value());
    }

    void whatTheDatabaseHasIsLeftOut() {
        const JournalFile file;
        const auto journal = file.begin(40);
        for (const char* const name : {"a", "b", "c"}) {
            QVERIFY(journal->write(pendingOf(name)).has_value());
        }
        QCOMPARE(file.names(40), (Names{"a", "b", "c"}));
        QCOMPARE(file.names(42), Names{"c"});
        QVERIFY(file.names(43).empty());
    }

    void aFullJournalTakesNothingUntilTheDatabaseHasCaughtUp() {
        const JournalFile file;
        const auto journal = file.begin();
        std::uint64_t last = 0;
        Result<std::uint64_t> written = journal->write(pendingOf("first", 100'000));
        while (written) {
            last = *written;
            written = journal->write(pendingOf("more", 100'000));
        }
        QCOMPARE(written.error().kind, ErrorKind::limit);
        QVERIFY(last > 30); // both halves were used
        QCOMPARE(file.names().size(), static_cast<std::size_t>(last));
        journal->settle(last / 4); // not all of the older half
        QVERIFY(!journal->write(pendingOf("again", 100'000)));
        journal->settle(last);
        QCOMPARE(journal->write(pendingOf("again", 100'000)).value(), last + 1);
        QCOMPARE(file.names(last), Names{"again"});
    }

    void anEntryAboveAHalfIsRefused() {
        const JournalFile file;
        const auto journal = file.begin();
        QCOMPARE(journal->write(pendingOf("huge", Journal::kHalfBytes)).error().kind, ErrorKind::limit);
        QVERIFY(journal->write(pendingOf("small")).has_value());
    }

    void damagedEntriesAreSteppedOverAndCounted_data() {
        QTest::addColumn<int>("place");
        QTest::addColumn<QString>("left");
        QTest::newRow("the first") << 40 + 500 << "bc";
        QTest::newRow("the second") << 40 + 2000 << "ac";
        QTest::newRow("the last") << 40 + 3500 << "ab";
    }
    void damagedEntriesAreSteppedOverAndCounted() {
        QFETCH(int, place);
        QFETCH(QString, left);
        const JournalFile file;
        const auto journal = file.begin();
        for (const char* const name : {"a", "b", "c"}) {
            QVERIFY(journal->write(pendingOf(name, 1000)).has_value());
        }
        QCOMPARE(Journal::read(file.path(), file.key, 0)->lost, std::uint64_t{0});
        damage(file.path(), place);
        QString names;
        for (const std::string& name : file.names()) {
            names += QString::fromStdString(name);
        }
        QCOMPARE(names, left);
        const auto content = *Journal::read(file.path(), file.key, 0);
        QCOMPARE(content.lost, std::uint64_t{1});
        QCOMPARE(content.newest, std::uint64_t{3});
    }

    void whatNothingProvesToBeOfThisBootMayBeAPowerCuts() {
        const JournalFile file;
        const auto journal = file.begin();
        QVERIFY(journal->write(pendingOf("a", 1000)).has_value());
        damage(file.path(), 40 + 500);
        QVERIFY(file.names().empty());
        QCOMPARE(Journal::read(file.path(), file.key, 0)->lost, std::uint64_t{0});
    }

    void anotherKeyReadsNothingAndNoTextLiesOpen() {
        JournalFile file;
        QVERIFY(file.begin()->write(pendingOf("a-name-that-is-looked-for")).has_value());
        std::ifstream in(file.path(), std::ios::binary);
        const std::string bytes((std::istreambuf_iterator<char>(in)), std::istreambuf_iterator<char>());
        QVERIFY(bytes.find("a-name-that-is-looked-for") == std::string::npos);
        QVERIFY(bytes.find("xxxxxxxxxx") == std::string::npos);
        file.key = SecureBytes(ByteView(randomBytes(32)));
        QVERIFY(file.names().empty());
    }

    void whatStandsBehindTheJournalIsLeftAside() {
        const JournalFile file;
        const auto journal = file.begin();
        QVERIFY(journal->write(pendingOf("a")).has_value());
        std::ofstream(file.path(), std::ios::binary | std::ios::app) << "more";
        QCOMPARE(file.names(), Names{"a"});
    }

    void aMissingFileHoldsNothing() { QVERIFY(JournalFile().names().empty()); }

    void neitherWaitsForTheDatabaseAndBothReachIt() {
        AuditFixture fixture;
        audit::AuditStore& store = fixture.open();
        QCOMPARE(commitNow(store.writer(), makeIntent("balanced"), Durability::balanced).value(), std::uint64_t{0});
        QCOMPARE(commitNow(store.writer(), makeIntent("strict")).value(), std::uint64_t{0});
        QCOMPARE(store.reader().show("balanced")->size(), std::size_t{1});
        QCOMPARE(store.reader().show("strict")->size(), std::size_t{1});
    }

    void aStrictIntentBehindANewPlaceholderWaitsForTheDatabase() {
        AuditFixture fixture;
        audit::AuditStore& store = fixture.open();
        QVERIFY(store.vault().assign("conversation", "CARD", "value").has_value());
        QVERIFY(commitNow(store.writer(), makeIntent("first")).value() > 0);
    }

    // Many at once are synced as groups, and nobody is forgotten, told twice or told too early.
    void everyStrictIntentOfManyIsTold() {
        AuditFixture fixture;
        audit::AuditStore& store = fixture.open();
        std::vector<AuditRecord> records;
        for (int i = 0; i < 300; ++i) {
            records.push_back(makeIntent("I" + std::to_string(i)));
        }
        const auto told = commitAll(store.writer(), records);
        QVERIFY(std::all_of(told.begin(), told.end(), [](const auto& one) { return one.has_value(); }));
        for (int i = 0; i < 300; ++i) {
            QCOMPARE(store.reader().show("I" + std::to_string(i))->size(), std::size_t{1});
        }
    }

    // A disk that cannot sync the journal: a pipe stands in for it, which takes bytes and refuses to be synced.
    void aJournalThatCannotBeSyncedTellsSo() {
        const JournalFile file;
        const auto journal = file.begin();
        QVERIFY(journal->sync().has_value());
        std::array<int, 2> ends{};
        QCOMPARE(::pipe(ends.data()), 0);
        // The journal's own descriptor now names the pipe.
        const auto before = openFiles();
        int own = -1;
        for (const auto& [number, target] : before) {
            own = target == file.path() ? number : own;
        }
        QVERIFY(own >= 0);
        QVERIFY(::dup2(ends[1], own) == own);
        QCOMPARE(journal->sync().error().kind, ErrorKind::unavailable);

        std::vector<ErrorKind> told;
        {
            audit::JournalSync sync(*journal);
            sync.await(std::make_unique<Told>(told));
            QVERIFY(QTest::qWaitFor([&sync] { return sync.isFailed(); }, 60'000));
            sync.await(std::make_unique<Told>(told)); // and from then on everybody
        }
        QCOMPARE(told, (std::vector{ErrorKind::unavailable, ErrorKind::unavailable}));
        ::close(ends[0]);
        ::close(ends[1]);
    }

    void anIntentBehindANewPlaceholderWaitsForIt() {
        AuditFixture fixture;
        audit::AuditStore& store = fixture.open();
        QVERIFY(store.vault().assign("conversation", "CARD", "value").has_value());
        QVERIFY(commitNow(store.writer(), makeIntent("first"), Durability::balanced).value() > 0);
        store.writer().flush();
        QCOMPARE(commitNow(store.writer(), makeIntent("second"), Durability::balanced).value(), std::uint64_t{0});
    }

    void anIntentThatTheDatabaseNeverTookIsInTheChainAtTheNextStart() {
        FaultyDisk disk;
        AuditFixture fixture;
        leaveInJournal(fixture, disk, "left");
        audit::AuditStore& store = fixture.open();
        const auto records = *store.reader().show("left");
        QCOMPARE(records.size(), std::size_t{2});
        QVERIFY(records.front().kind == RecordKind::intent);
        QCOMPARE(records.back().outcome, std::string("interrupted"));
        QVERIFY(records.front().sanitisedText.has_value());
        QVERIFY(audit::verifyAudit(fixture.folder(), fixture.secrets())->isIntact());
        fixture.open(); // once is enough
        QCOMPARE(fixture.store().reader().show("left")->size(), std::size_t{2});
    }

    void aDamagedJournalIsABreachThatIsToldOnce() {
        FaultyDisk disk;
        AuditFixture fixture;
        audit::AuditStore& first = fixture.open(disk.name());
        disk.failFrom(0, -1, FaultyDisk::Fault::full);
        for (const char* const name : {"one", "two", "three"}) {
            QVERIFY(commitNow(first.writer(), makeIntent(name), Durability::balanced).has_value());
        }
        fixture.close();
        disk.repair();
        damage(fixture.folder() + "/audit.journal", 40 + 100);
        for (int start = 0; start < 2; ++start) {
            auto& reader = fixture.open().reader();
            QVERIFY(reader.show("one")->empty());
            QVERIFY(reader.show("two")->front().kind == RecordKind::intent);
            const auto report = audit::verifyAudit(fixture.folder(), fixture.secrets());
            QVERIFY(!report->fault);
            QCOMPARE(report->breaches.size(), std::size_t{1});
            fixture.close();
        }
    }

    void aReaderWithoutAnAgentSeesWhatAKilledOneLeft() {
        FaultyDisk disk;
        AuditFixture fixture;
        leaveInJournal(fixture, disk, "left");
        const auto reader = audit::openAuditReader(fixture.folder(), fixture.secrets());
        QVERIFY(reader.has_value());
        QCOMPARE((*reader)->show("left")->size(), std::size_t{1});
        QVERIFY(audit::verifyAudit(fixture.folder(), fixture.secrets())->isIntact());
    }

    void anExportWithoutAnAgentHasWhatAKilledOneLeft() {
        FaultyDisk disk;
        AuditFixture fixture;
        leaveInJournal(fixture, disk, "left-behind");
        std::string exported;
        const auto report = audit::exportAudit(fixture.folder(), fixture.secrets(), {}, 0, [&](std::string_view line) {
            exported += line;
            return Result<>();
        });
        QVERIFY(report.has_value());
        QVERIFY(exported.find("left-behind") != std::string::npos);
    }

    void aFailingDatabaseIsToldToTheNextOne() {
        FaultyDisk disk;
        AuditFixture fixture;
        audit::AuditStore& store = fixture.open(disk.name());
        disk.failFrom(0, -1, FaultyDisk::Fault::full);
        QVERIFY(commitNow(store.writer(), makeIntent("first"), Durability::balanced).has_value());
        store.writer().flush();
        QCOMPARE(commitNow(store.writer(), makeIntent("second"), Durability::balanced).error().kind,
                 ErrorKind::unavailable);
        disk.repair();
        QVERIFY(QTest::qWaitFor([&store] { return store.writer().isReady(); }, 60'000));
        QCOMPARE(store.reader().show("first")->size(), std::size_t{1});
        QVERIFY(store.reader().show("second")->empty());
    }

    // The database is as it was before the intent, as after a power cut that took what it had not synced; the journal
    // is as it was when the intent was acknowledged.
    void aStrictIntentOutlivesTheDatabasesUnsyncedTail() {
        AuditFixture fixture;
        audit::AuditStore& store = fixture.open();
        QVERIFY(commitNow(store.writer(), makeIntent("before")).has_value());
        store.writer().flush();
        const std::string after = fixture.folder() + "-after-the-cut";
        std::filesystem::copy(fixture.folder(), after, std::filesystem::copy_options::recursive);
        QVERIFY(commitNow(store.writer(), makeIntent("acknowledged")).has_value());
        std::filesystem::copy(audit::journalPath(fixture.folder()), audit::journalPath(after),
                              std::filesystem::copy_options::overwrite_existing);
        fixture.close();

        const auto secrets = secrets::openSecretStore({.dataFolder = after, .mayUseKeyring = false});
        const auto cut = audit::openAudit({after, **secrets, fixture.clock});
        QVERIFY(cut.has_value());
        QCOMPARE((*cut)->state(), audit::StoreState::ready);
        for (const char* const id : {"before", "acknowledged"}) {
            QCOMPARE((*cut)->reader().show(id)->size(), std::size_t{2}); // the intent and "interrupted"
        }
        QVERIFY(audit::verifyAudit(after, **secrets)->isIntact());
    }

    void aCleanStopLeavesNoJournal() {
        AuditFixture fixture;
        QVERIFY(commitNow(fixture.open().writer(), makeIntent("one"), Durability::balanced).has_value());
        QVERIFY(std::filesystem::exists(audit::journalPath(fixture.folder())));
        fixture.close();
        QVERIFY(!std::filesystem::exists(audit::journalPath(fixture.folder())));
    }
};

QTEST_GUILESS_MAIN(TestJournal)
#include "tst_journal.moc"
