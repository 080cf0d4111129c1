// SPDX-License-Identifier: Apache-2.0
#include <QtTest>

#include <algorithm>

#include "audit/search.h"
#include "audit/search_index.h"
#include "audit/search_terms.h"
#include "audit_fixture.h"
#include "secrets/database_key.h"
#include "store/database.h"

using namespace gatehouse;
using namespace gatehouse::test;
using audit::Query;
using audit::SearchField;

namespace {

constexpr std::size_t kRecords = 700; // two whole blocks and a rest

AuditRecord made(std::size_t i) {
    AuditRecord record = makeIntent("I" + std::to_string(i));
    record.person.name = i % 5 == 0 ? "bob" : "ada";
    record.person.groups = {i % 7 == 0 ? "sales" : "engineering", "everybody"};
    record.destination.model = "model-" + std::to_string(i % 3);
    record.site = i % 11 == 0 ? "chat.example.com" : "";
    record.action = i % 13 == 0 ? Action::block : Action::allow;
    record.conversation = "c" + std::to_string(i / 10);
    if (i == 42 || i == 650) {
        record.findings = {{"secret.any.rare", FindingClass::secret, 1, 1.0}};
    }
    record.sanitisedText = "The quick brown Fuchs number" + std::to_string(i) +
                           (i % 50 == 0 ? " übergrößer GRÜßE" : "") + (i % 17 == 0 ? " merger-talks with Acme" : "");
    if (i % 29 == 0) {
        record.sanitisedText.reset();
    }
    return record;
}

std::vector<std::uint64_t> sequencesOf(const std::vector<AuditRecord>& records) {
    std::vector<std::uint64_t> out;
    for (const AuditRecord& record : records) {
        out.push_back(record.sequence);
    }
    return out;
}

} // namespace

class TestSearch final : public QObject {
    Q_OBJECT
private slots:
    void initTestCase() {
        audit::AuditStore& store = m_fixture.open();
        for (std::size_t i = 0; i < kRecords; ++i) {
            m_fixture.clock.moveWall(std::chrono::seconds(1));
            if (i == 400) {
                m_fixture.clock.moveWall(-std::chrono::minutes(4)); // a clock that was set back
            }
            QVERIFY(commitNow(store.writer(), made(i), audit::Durability::balanced).has_value());
        }
        store.writer().flush();
        m_all = *store.reader().list({.limit = 10'000});
        m_fixture.close();
    }

    void cleanup() { m_fixture.close(); }

    void everyQueryFindsTheSameWithAndWithoutTheIndex_data() {
        QTest::addColumn<int>("blocks");
        QTest::newRow("none") << 0;
        QTest::newRow("one") << 1;
        QTest::newRow("all") << 2;
    }
    // The index only says where to look: whatever it has, the answer is that of reading every record.
    void everyQueryFindsTheSameWithAndWithoutTheIndex() {
        QFETCH(int, blocks);
        while (*audit::indexedBlocks(*openBehind()) < static_cast<std::uint64_t>(blocks)) {
            QVERIFY(*audit::indexNextBlock(*openBehind()));
        }
        QCOMPARE(*audit::indexedBlocks(*openBehind()), static_cast<std::uint64_t>(blocks));
        const std::int64_t middle = m_all.at(kRecords / 2).timeMs;
        const std::vector<Query> queries{
            {.where = {{SearchField::person, "bob"}}},
            {.where = {{SearchField::group, "sales"}, {SearchField::model, "model-1"}}},
            {.where = {{SearchField::decision, "block"}, {SearchField::site, "chat.example.com"}}},
            {.where = {{SearchField::detector, "secret.any.rare"}}},
            {.where = {{SearchField::findingClass, "secret"}, {SearchField::person, "ada"}}},
            {.where = {{SearchField::conversation, "c30"}}},
            {.where = {{SearchField::kind, "event"}}},
            {.where = {{SearchField::person, "nobody"}}},
            {.sinceMs = middle},
            {.untilMs = middle},
            {.where = {{SearchField::person, "bob"}}, .sinceMs = middle, .untilMs = middle + 60'000},
            {.interaction = "I13"},
            {.before = 300, .where = {{SearchField::person, "bob"}}},
            {.before = 1},
            {.before = 0},
        };
        const auto database = openBehind();
        for (Query query : queries) {
            for (const std::size_t limit : {std::size_t{3}, std::size_t{100'000}}) {
                query.limit = limit;
                const std::vector<ledger::Entry> entries = *audit::search(*database, query);
                std::vector<std::uint64_t> found;
                for (const ledger::Entry& entry : entries) {
                    found.push_back(entry.record.sequence);
                }
                QCOMPARE(found, expected(query));
            }
        }
    }

    void textsAreFoundByWordPhraseAndBeginning_data() {
        QTest::addColumn<QString>("text");
        QTest::addColumn<int>("count");
        // Texts of which i % 29 == 0 are not kept.
        QTest::newRow("a word, whatever its case") << "fuchs" << count([](std::size_t) { return true; });
        QTest::newRow("one record") << "number77" << 1;
        QTest::newRow("two words") << "acme MERGER" << count([](std::size_t i) { return i % 17 == 0; });
        QTest::newRow("a phrase") << "\"merger talks\"" << count([](std::size_t i) { return i % 17 == 0; });
        QTest::newRow("a phrase in another order") << "\"talks merger\"" << 0;
        QTest::newRow("a beginning") << "merg*" << count([](std::size_t i) { return i % 17 == 0; });
        QTest::newRow("no beginning") << "merg" << 0;
        QTest::newRow("beyond ASCII") << "übergrößer" << count([](std::size_t i) { return i % 50 == 0; });
        QTest::newRow("operators are words") << "fuchs OR nothing" << 0;
        QTest::newRow("not the original") << "original" << 0;
    }
    void textsAreFoundByWordPhraseAndBeginning() {
        QFETCH(QString, text);
        QFETCH(int, count);
        const auto database = openBehind();
        QVERIFY(*audit::indexedBlocks(*database) > 0);
        const Query query{.limit = 100'000, .text = text.toStdString()};
        QCOMPARE(static_cast<int>(audit::search(*database, query)->size()), count);
    }

    void aTextAndFieldsHoldTogether() {
        const auto database = openBehind();
        const Query query{.limit = 1000, .where = {{SearchField::person, "bob"}}, .text = "acme"};
        const auto found = audit::search(*database, query);
        QCOMPARE(static_cast<int>(found->size()), count([](std::size_t i) { return i % 17 == 0 && i % 5 == 0; }));
        QVERIFY(std::all_of(found->begin(), found->end(),
                            [](const ledger::Entry& entry) { return entry.record.person.name == "bob"; }));
    }

    void whatIsNoTextToSearchForIsRefused() {
        const auto database = openBehind();
        std::string many;
        for (int i = 0; i < 33; ++i) {
            many += "w ";
        }
        for (const std::string& text : {std::string(), std::string("  "), std::string("!!! - \"\""), many}) {
            QCOMPARE(audit::search(*database, {.text = text}).error().kind, ErrorKind::invalidInput);
        }
        QVERIFY(audit::search(*database, {.text = "quote\" ' ) NEAR("}).has_value());
    }

    void pagesFollowEachOther() {
        audit::Reader& reader = m_fixture.open().reader();
        std::vector<std::uint64_t> found;
        Query query{.limit = 33, .where = {{SearchField::person, "ada"}, {SearchField::kind, "intent"}}};
        while (true) {
            const std::vector<AuditRecord> page = *reader.list(query);
            if (page.empty()) {
                break;
            }
            for (const std::uint64_t sequence : sequencesOf(page)) {
                found.push_back(sequence);
            }
            query.before = page.back().sequence;
        }
        QCOMPARE(static_cast<int>(found.size()), static_cast<int>(kRecords - kRecords / 5));
        QVERIFY(std::is_sorted(found.rbegin(), found.rend()));
    }

    void theAgentBringsTheIndexUpByItself() {
        AuditFixture fixture;
        audit::AuditStore& store = fixture.open();
        for (std::size_t i = 0; i < 300; ++i) {
            QVERIFY(commitNow(store.writer(), made(i), audit::Durability::balanced).has_value());
        }
        store.writer().flush();
        const auto database = store::Database::open(
            {.path = secrets::databasePath(fixture.folder()), .access = store::Access::reader}, keyOf(fixture));
        QTRY_COMPARE_WITH_TIMEOUT(*audit::indexedBlocks(**database), std::uint64_t{1}, 60'000);
    }

    void everyFieldHasAWordAndFindsItsValue() {
        AuditRecord record = makeIntent("I");
        record.signIn = "ada@example.com";
        record.process = {true, 1, 2, "/usr/bin/code"};
        record.site = "site";
        record.cache = "hit";
        const std::vector<std::pair<const char*, const char*>> values{{"person", "ada"},
                                                                      {"sign-in", "ada@example.com"},
                                                                      {"group", "engineering"},
                                                                      {"client", "vscode"},
                                                                      {"process", "/usr/bin/code"},
                                                                      {"channel", "sdk"},
                                                                      {"direction", "prompt"},
                                                                      {"surface", "openai.chat"},
                                                                      {"site", "site"},
                                                                      {"provider", "openai"},
                                                                      {"model", "gpt-5"},
                                                                      {"region", "us"},
                                                                      {"trust", "external"},
                                                                      {"policy", "acme"},
                                                                      {"decision", "redact"},
                                                                      {"rule", "cards"},
                                                                      {"outcome", "sent"},
                                                                      {"kind", "intent"},
                                                                      {"detector", "pci.any.card"},
                                                                      {"class", "pci"},
                                                                      {"conversation", "conversation-1"},
                                                                      {"cache", "hit"}};
        for (const auto& [word, value] : values) {
            const auto field = audit::searchFieldFromWord(word);
            QVERIFY2(field.has_value(), word);
            QVERIFY2(audit::matches(record, {.where = {{*field, value}}}), word);
            QVERIFY2(!audit::matches(record, {.where = {{*field, "other"}}}), word);
        }
        QVERIFY(!audit::searchFieldFromWord("text").has_value());
    }

private:
    static SecureBytes keyOf(AuditFixture& fixture) { return *fixture.secrets().read("database-key"); }

    std::unique_ptr<store::Database> openBehind() {
        return std::move(*store::Database::open({.path = secrets::databasePath(m_fixture.folder())}, keyOf(m_fixture)));
    }

    static int count(bool (*isMeant)(std::size_t)) {
        int out = 0;
        for (std::size_t i = 0; i < kRecords; ++i) {
            out += i % 29 != 0 && isMeant(i) ? 1 : 0;
        }
        return out;
    }

    [[nodiscard]] std::vector<std::uint64_t> expected(const Query& query) const {
        std::vector<std::uint64_t> out;
        for (const AuditRecord& record : m_all) {
            if (audit::matches(record, query) && record.sequence < query.before.value_or(UINT64_MAX) &&
                out.size() < query.limit) {
                out.push_back(record.sequence);
            }
        }
        return out;
    }

    AuditFixture m_fixture;
    std::vector<AuditRecord> m_all; // newest first
};

QTEST_GUILESS_MAIN(TestSearch)
#include "tst_search.moc"
