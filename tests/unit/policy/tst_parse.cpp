// SPDX-License-Identifier: Apache-2.0
#include <QtTest>

#include "base/json.h"
#include "policy/comments.h"
#include "policy/places.h"
#include "policy_support.h"

using namespace gatehouse;
using namespace gatehouse::policy;
using namespace gatehouse::policy::test;

namespace {

std::vector<Fault> faultsOf(std::string_view source) {
    std::vector<Fault> faults;
    const auto result = Policy::compile(source, &faults);
    return result ? std::vector<Fault>{} : faults;
}

std::string placeText(const Fault& fault) {
    return std::to_string(fault.line) + ":" + std::to_string(fault.column) + " " + fault.path;
}

} // namespace

class TestParse final : public QObject {
    Q_OBJECT
private slots:
    void casesSharedWithTheSchema_data() {
        QTest::addColumn<QString>("verdict");
        QTest::addColumn<QString>("path");
        QTest::addColumn<QByteArray>("document");
        QFile file(GATEHOUSE_FIXTURES "/policy/cases.jsonl");
        QVERIFY(file.open(QIODevice::ReadOnly));
        while (!file.atEnd()) {
            const QByteArray line = file.readLine();
            const Json row = Json::parse(line.begin(), line.end());
            QTest::newRow(row["name"].get<std::string>().c_str())
                << QString::fromStdString(row["verdict"].get<std::string>())
                << QString::fromStdString(row.value("path", ""))
                << QByteArray::fromStdString(dumpJson(row["document"]));
        }
    }
    void casesSharedWithTheSchema() {
        QFETCH(QString, verdict);
        QFETCH(QString, path);
        QFETCH(QByteArray, document);
        std::vector<Fault> faults;
        const auto result = Policy::compile(document.toStdString(), &faults);
        QVERIFY2(result.has_value() == (verdict == "accept"), result ? "accepted" : result.error().what.c_str());
        if (!result) {
            QCOMPARE(result.error().kind, ErrorKind::invalidInput);
            QCOMPARE(QString::fromStdString(faults.at(0).path), path);
            QCOMPARE(faults.size(), 1U);
            QVERIFY(faults[0].line == 1 && faults[0].column >= 1 && !faults[0].message.empty());
        }
    }

    void everyFaultIsToldAtOnceInTheOrderOfTheDocument() {
        const auto faults =
            faultsOf("{\n"
                     "  // who wrote it\n"
                     "  \"meta\": {\"id\": \"Bad Id\"},\n"
                     "  \"mode\": \"observe\",\n"
                     "  \"rules\": [\n"
                     "    {\"id\": \"a\", \"when\": {\"class\": [\"pii\", \"pie\"]}, /* x */ \"then\": \"stop\"},\n"
                     "    {\"id\": \"a\", \"wen\": {}, \"then\": \"block\"}\n"
                     "  ]\n"
                     "}\n");
        std::vector<std::string> places;
        for (const Fault& fault : faults) {
            places.push_back(placeText(fault));
        }
        const std::vector<std::string> expected{"3:18 /meta/id",      "4:11 /mode",   "6:43 /rules/0/when/class/1",
                                                "6:68 /rules/0/then", "7:5 /rules/1", "7:12 /rules/1/id",
                                                "7:17 /rules/1/wen"};
        QCOMPARE(places, expected);
    }

    void anUnknownKeyIsGuessed() {
        const auto faults = faultsOf("{\"meta\": {\"id\": \"a\"}, \"ruels\": []}");
        QCOMPARE(faults.size(), 1U);
        QVERIFY(faults[0].message.find("did you mean \"rules\"?") != std::string::npos);
        const auto far = faultsOf("{\"meta\": {\"id\": \"a\"}, \"something\": []}");
        QVERIFY(far.at(0).message.find("did you mean") == std::string::npos);
    }

    void aLaterSectionSaysSo() {
        const auto faults = faultsOf("{\"meta\": {\"id\": \"a\"}, \"budgets\": {}}");
        QVERIFY(faults.at(0).message.find("not supported by this agent yet") != std::string::npos);
    }

    void brokenJsonHasItsPlaceToo_data() {
        QTest::addColumn<QByteArray>("source");
        QTest::addColumn<int>("line");
        QTest::addColumn<int>("column");
        QTest::newRow("empty") << QByteArray("") << 1 << 1;
        QTest::newRow("trailing comma") << QByteArray("{\n  \"a\": 1,\n}") << 3 << 1;
        QTest::newRow("after a comment") << QByteArray("/* a\n b */ {,}") << 2 << 8;
        QTest::newRow("comment without end") << QByteArray("{}\n  /* x") << 2 << 3;
        QTest::newRow("twice") << QByteArray("{\"a\": 1,\n \"a\": 2}") << 2 << 2;
    }
    void brokenJsonHasItsPlaceToo() {
        QFETCH(QByteArray, source);
        QFETCH(int, line);
        QFETCH(int, column);
        const auto faults = faultsOf(source.toStdString());
        QCOMPARE(faults.size(), 1U);
        QCOMPARE(static_cast<int>(faults[0].line), line);
        QCOMPARE(static_cast<int>(faults[0].column), column);
    }

    void theErrorCarriesTheFirstFaultAndTheNumberOfTheOthers() {
        const auto result = Policy::compile("{\"meta\": {\"id\": \"a\"}, \"port\": 0, \"mode\": 1}");
        QCOMPARE(QString::fromStdString(result.error().what),
                 QString("line 1, column 31: /port: must be a whole number from 1 to 65535 (and 1 more)"));
    }

    void commentsAreBlankedAndNothingElse_data() {
        QTest::addColumn<QByteArray>("source");
        QTest::addColumn<QByteArray>("blanked");
        QTest::newRow("line") << QByteArray("1 // x\n2") << QByteArray("1     \n2");
        QTest::newRow("line at the end") << QByteArray("1 //") << QByteArray("1   ");
        QTest::newRow("line with CRLF") << QByteArray("// x\r\n2") << QByteArray("    \r\n2");
        QTest::newRow("block") << QByteArray("1/*\n*/2") << QByteArray("1  \n  2");
        QTest::newRow("block that looks closed") << QByteArray("/*/ */2") << QByteArray("      2");
        QTest::newRow("in a string") << QByteArray("\"// /* */\"") << QByteArray("\"// /* */\"");
        QTest::newRow("after an escaped quote") << QByteArray("\"\\\"//\"//x") << QByteArray("\"\\\"//\"   ");
        QTest::newRow("after an escaped backslash") << QByteArray("\"\\\\\"//x") << QByteArray("\"\\\\\"   ");
        QTest::newRow("quote in a comment") << QByteArray("// \"\n\"a\"") << QByteArray("    \n\"a\"");
        QTest::newRow("a slash alone") << QByteArray("1/2") << QByteArray("1/2");
        QTest::newRow("byte order mark") << QByteArray("\xEF\xBB\xBF{}") << QByteArray("   {}");
        QTest::newRow("open string") << QByteArray("\"// x") << QByteArray("\"// x");
    }
    void commentsAreBlankedAndNothingElse() {
        QFETCH(QByteArray, source);
        QFETCH(QByteArray, blanked);
        const auto result = blankComments(source.toStdString());
        QVERIFY(result.has_value());
        QCOMPARE(QByteArray::fromStdString(*result), blanked);
    }

    void placesOfKeysAndValues() {
        const std::string document = "{\"a\": [1, {\"b/c\": \"x\"}], \"\\u0064\": null}";
        const auto places = placesOf(document);
        QCOMPARE(places.at("").value, 0U);
        QCOMPARE(places.at("/a").key, 1U);
        QCOMPARE(places.at("/a").value, 6U);
        QCOMPARE(places.at("/a/0").value, 7U);
        QCOMPARE(places.at("/a/1/b~1c").key, 11U);
        QCOMPARE(places.at("/a/1/b~1c").value, 18U);
        QCOMPARE(document.substr(places.at("/d").value, 4), std::string("null"));
        QCOMPARE(places.size(), 6U);
    }

    void capsBite() {
        const std::string least = "{\"meta\": {\"id\": \"a\"}}";
        const std::size_t mebibyte = 1024UL * 1024UL;
        QVERIFY(Policy::compile(least + std::string(mebibyte - least.size(), ' ')).has_value());
        QVERIFY(!Policy::compile(least + std::string(mebibyte - least.size() + 1, ' ')).has_value());
        const auto withRules = [](int count) {
            std::string rules;
            for (int i = 0; i < count; ++i) {
                rules += (i == 0 ? "" : ",") + std::string("{\"id\": \"r") + std::to_string(i) +
                         "\", \"when\": {}, \"then\": \"log\"}";
            }
            return "{\"meta\": {\"id\": \"a\"}, \"rules\": [" + rules + "]}";
        };
        QVERIFY(Policy::compile(withRules(1000)).has_value());
        QVERIFY(!Policy::compile(withRules(1001)).has_value());
        const std::string deep =
            "{\"meta\": {\"id\": \"a\"}, \"rules\": " + std::string(40, '[') + std::string(40, ']') + "}";
        QVERIFY(!Policy::compile(deep).has_value());
    }

    void manyFaultsAreCapped() {
        std::string keys;
        for (int i = 0; i < 500; ++i) {
            keys += ", \"x" + std::to_string(i) + "\": 0";
        }
        QCOMPARE(faultsOf("{\"meta\": {\"id\": \"a\"}" + keys + "}").size(), 100U);
    }

    void whatTheDocumentSaysIsWhatThePolicyHolds() {
        const auto policy = compiled(
            "{\"meta\": {\"id\": \"a\", \"serial\": 5, \"expires\": \"2030-01-01\"},"
            "\"mode\": \"monitor\", \"default\": \"warn\", \"port\": 5000, \"fail_mode\": \"open\","
            "\"providers\": {\"p\": {\"base_url\": \"https://a.example/v1/\", \"trust\": \"approved\"}},"
            "\"models\": {\"fast\": \"p/m\"},"
            "\"rules\": [{\"id\": \"r\", \"when\": {\"class\": \"pii\"}, \"then\": \"log\", \"shadow\": true}]}");
        QVERIFY(policy != nullptr);
        QCOMPARE(policy->serial(), 5U);
        QVERIFY(policy->isMonitor());
        QVERIFY(policy->expires().has_value() && !policy->issued().has_value());
        QCOMPARE(policy->fallback(), Action::warn);
        QCOMPARE(policy->port(), 5000);
        QCOMPARE(policy->failMode(), FailMode::open);
        const ProviderEntry& provider = policy->providers().at(0);
        QCOMPARE(provider.kind, std::string("openai-compatible"));
        QCOMPARE(provider.baseUrl, std::string("https://a.example/v1"));
        QCOMPARE(provider.models, (std::vector<std::string>{"*"}));
        QCOMPARE(policy->modelAliases().at("fast"), std::string("p/m"));
        QVERIFY(policy->has(Section::providers) && policy->has(Section::models) && policy->has(Section::port));
        QVERIFY(!policy->has(Section::audit) && !policy->has(Section::discovery) && !policy->has(Section::limits));
        const RuleInfo rule = policy->rules().at(0);
        QCOMPARE(rule.when, std::string("{\"class\":\"pii\"}"));
        QVERIFY(rule.isShadow);
    }

    void defaultsAreTheSafeOnes() {
        const auto policy = compiled("{\"meta\": {\"id\": \"a\"}}");
        QVERIFY(!policy->isMonitor());
        QCOMPARE(policy->failMode(), FailMode::closed);
        QCOMPARE(policy->audit().durability, Durability::strict);
        QCOMPARE(policy->audit().onFailure, OnAuditFailure::refuse);
        QCOMPARE(policy->audit().content, AuditContent::sanitised);
        QVERIFY(policy->discovery().trustedLocal.empty());
        QCOMPARE(policy->port(), 4141);
    }

    void everyExampleOfTheManualCompiles() {
        QFile file(GATEHOUSE_FIXTURES "/../../docs/policy.md");
        QVERIFY(file.open(QIODevice::ReadOnly));
        const std::string manual = file.readAll().toStdString();
        const std::string mark = "```json\n";
        int count = 0;
        for (std::size_t at = manual.find(mark); at != std::string::npos; at = manual.find(mark, at + 1), ++count) {
            const std::size_t begin = at + mark.size();
            const std::string block = manual.substr(begin, manual.find("\n```", begin) - begin);
            // Rules stand alone in the manual; everything else is a list of sections.
            const std::string sections = block.starts_with('{') ? "\"rules\": [" + block + "]" : block;
            QVERIFY2(compiled("{\"meta\": {\"id\": \"manual\"}, " + sections + "}") != nullptr, block.c_str());
        }
        QVERIFY(count >= 5);
    }

    void anyPrefixOfTheStarterIsRefusedWithAPlace() {
        const std::string_view source = Policy::starterSource();
        for (std::size_t size = 0; size + 3 < source.size(); size += 11) {
            const auto faults = faultsOf(source.substr(0, size));
            QVERIFY(!faults.empty());
        }
    }
};

QTEST_GUILESS_MAIN(TestParse)
#include "tst_parse.moc"
