// SPDX-License-Identifier: Apache-2.0
#include <QtTest>

#include <algorithm>

#include "dlp/catalogue.h"
#include "dlp/engine.h"
#include "dlp/protocol_words.h"

using namespace gatehouse;
using namespace gatehouse::dlp;

class TestEngine final : public QObject {
    Q_OBJECT

    std::shared_ptr<const Engine> m_engine;
    std::shared_ptr<const Engine> m_whole; // with the optional detectors
    ScratchPtr m_scratch;

    std::vector<Finding> scan(const std::string& text) { return *m_engine->scan(text, *m_scratch); }
    bool finds(const std::string& text, const std::string& detector) {
        const auto findings = scan(text);
        return std::any_of(findings.begin(), findings.end(),
                           [&detector](const Finding& finding) { return finding.detector == detector; });
    }

private slots:
    void initTestCase() {
        const auto engine = Engine::compile({});
        QVERIFY2(engine.has_value(), engine ? "" : engine.error().what.c_str());
        m_engine = *engine;
        m_scratch = m_engine->makeScratch();
        EngineOptions all;
        all.enabled = {"*"};
        m_whole = *Engine::compile(all);
    }

    void everyExampleIsFoundAndNoNearMissIs_data() {
        QTest::addColumn<QString>("detector");
        QTest::addColumn<QString>("text");
        QTest::addColumn<bool>("isExample");
        const auto rows = builtInCatalogue();
        QVERIFY(rows.has_value());
        QVERIFY(rows->size() >= 20);
        for (const Row& row : *rows) {
            for (const std::string& example : row.examples) {
                QTest::addRow("%s + %.20s", row.info.id.c_str(), example.c_str())
                    << QString::fromStdString(row.info.id) << QString::fromStdString(example) << true;
            }
            for (const std::string& miss : row.nearMisses) {
                QTest::addRow("%s - %.20s", row.info.id.c_str(), miss.c_str())
                    << QString::fromStdString(row.info.id) << QString::fromStdString(miss) << false;
            }
        }
    }
    void everyExampleIsFoundAndNoNearMissIs() {
        QFETCH(QString, detector);
        QFETCH(QString, text);
        QFETCH(bool, isExample);
        const auto findings = m_whole->scan(text.toStdString(), *m_whole->makeScratch());
        const bool isFound = std::any_of(findings->begin(), findings->end(), [&detector](const Finding& finding) {
            return finding.detector == detector.toStdString();
        });
        QCOMPARE(isFound, isExample);
    }

    void offsetsPointIntoTheOriginal() {
        const std::string text = "\xF0\x9F\x98\x80 caf\xC3\xA9: 4111 1111 1111 1111!";
        const auto findings = scan(text);
        QCOMPARE(findings.size(), 1U);
        QCOMPARE(text.substr(findings[0].begin, findings[0].end - findings[0].begin),
                 std::string("4111 1111 1111 1111"));
        QVERIFY(findings[0].validated);
    }

    void disguisedDigitsAreFoundWithTheirDisguise_data() {
        QTest::addColumn<QByteArray>("value");
        QTest::newRow("full-width digits")
            << QByteArray("\xEF\xBC\x94\xEF\xBC\x91\xEF\xBC\x91\xEF\xBC\x91 1111 1111 1111");
        QTest::newRow("zero-width space inside") << QByteArray("4111\xE2\x80\x8B 1111 1111 11\xE2\x80\x8B"
                                                               "11");
        QTest::newRow("no-break spaces") << QByteArray("4111\xC2\xA0"
                                                       "1111\xC2\xA0"
                                                       "1111\xC2\xA0"
                                                       "1111");
        QTest::newRow("en dashes") << QByteArray("4111\xE2\x80\x93"
                                                 "1111\xE2\x80\x93"
                                                 "1111\xE2\x80\x93"
                                                 "1111");
        QTest::newRow("soft hyphen") << QByteArray("41\xC2\xAD"
                                                   "11111111111111");
        QTest::newRow("Arabic-Indic digit") << QByteArray("4111 1111 1111 111\xD9\xA1");
    }
    void disguisedDigitsAreFoundWithTheirDisguise() {
        QFETCH(QByteArray, value);
        const std::string text = "pay " + value.toStdString() + " now";
        const auto findings = scan(text);
        QCOMPARE(findings.size(), 1U);
        QCOMPARE(findings[0].detector, std::string("pci.any.card"));
        QCOMPARE(text.substr(findings[0].begin, findings[0].end - findings[0].begin), value.toStdString());
    }

    void findingsAreOrderedAndDoNotOverlap() {
        const std::string text = "postgres://app:s3cr3tPw@db.example.org/x jane@example.org DE89370400440532013000 "
                                 "4111111111111111 password=Hunter2!xy ghp_16C7e42F292c6912E7710c838347Ae178B4a";
        const auto findings = scan(text);
        QVERIFY(findings.size() >= 6);
        for (std::size_t i = 1; i < findings.size(); ++i) {
            QVERIFY(findings[i - 1].end <= findings[i].begin);
        }
    }

    void ordinaryProseIsLeftAlone() {
        const std::string prose =
            "The committee met on 14 March 2023 at 10:30 in room B12 to discuss version 2.4.1 of the report. Sales "
            "rose "
            "by 12,345.67 in the third quarter (up 4.5%), see pages 120-145, ISBN 978-3-16-148410-0 and issue #48213. "
            "Build 20230314.7 took 1234567 ms. The function getPassword() reads config.password and returns a token. "
            "int values[] = {1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12}; 192 x 168 pixels; "
            "56BE 4F9E 5232 5233 5246 5231\n5680 5690 5685 5687 given by the build front end via PEP 660, "
            "https://stackoverflow.com/a/30084734/4593721, DFARS 252.227-7013, start_color call 20190706; "
            "$NetBSD: fts.3,v 1.13.2.1 1997; 16B5F 10000000000 "
            "f47ac10b-58cc-4372-a567-0e02b2c3d479";
        const auto findings = scan(prose);
        for (const Finding& finding : findings) {
            qWarning() << finding.detector.c_str() << prose.substr(finding.begin, finding.end - finding.begin).c_str();
        }
        QVERIFY(findings.empty());
    }

    void wordsOfPolicyAreFoundWhole() {
        EngineOptions options;
        options.words = {{"projects", FindingClass::confidential, {"Project Falcon", "Z\xC3\xBCrich-7"}, false},
                         {"codes", FindingClass::custom, {"XR-9"}, true}};
        const auto engine = *Engine::compile(options);
        const auto scratch = engine->makeScratch();
        const auto findings = *engine->scan("about project falcon, z\xC3\xBCrich-7, XR-9 but not xr-9 or XR-99 or "
                                            "project falconry",
                                            *scratch);
        QCOMPARE(findings.size(), 3U);
        QCOMPARE(findings[0].detector, std::string("custom.policy.projects"));
        QCOMPARE(findings[0].findingClass, FindingClass::confidential);
        QCOMPARE(findings[2].detector, std::string("custom.policy.codes"));
    }

    void quietWordsAreThoseInWhichNothingIsFound() {
        for (const std::string_view word : kProtocolWords) {
            QVERIFY2(m_engine->isQuiet(word), std::string(word).c_str());
        }
        QVERIFY(!m_engine->isQuiet("4111 1111 1111 1111"));
        QVERIFY(!m_engine->isQuiet("roles"));
        EngineOptions options;
        options.words = {{"words", FindingClass::custom, {"assistant"}, false}};
        const auto engine = *Engine::compile(options);
        const auto scratch = engine->makeScratch();
        QVERIFY(!engine->isQuiet("assistant"));
        QVERIFY(engine->isQuiet("user"));
        QCOMPARE(engine->scan("assistant", *scratch)->size(), 1U);
    }

    void disabledDetectorsAndAllowedValuesAreQuiet() {
        EngineOptions options;
        options.disabled = {"pii.any.*"};
        options.allowed = {"4111 1111 1111 1111"};
        const auto engine = *Engine::compile(options);
        const auto scratch = engine->makeScratch();
        const auto findings = *engine->scan("jane@example.org 4111 1111 1111 1111 and 5500 0055 5555 5559", *scratch);
        QCOMPARE(findings.size(), 1U);
        QCOMPARE(findings[0].detector, std::string("pci.any.card"));
        QCOMPARE(findings[0].begin, std::string("jane@example.org 4111 1111 1111 1111 and ").size());
    }

    void contextRaisesConfidence() {
        const auto plain = scan("4111 1111 1111 1111");
        const auto labelled = scan("card 4111 1111 1111 1111");
        QVERIFY(labelled.at(0).confidence > plain.at(0).confidence);
        QVERIFY(scan("1245319599").empty());
        QVERIFY(finds("NPI: 1245319599", "phi.us.npi"));
    }

    void bytesThatAreNotUtf8AreScannedToo() {
        QVERIFY(finds("\xFF\xFE 4111 1111 1111 1111 \x80", "pci.any.card"));
        QVERIFY(finds("\xC3", "pci.any.card") == false);
        QVERIFY(scan("").empty());
    }

    void patternsOfThePolicyAreDetectors() {
        EngineOptions options;
        options.patterns = {{"staff", "EMP-[0-9]{6}", FindingClass::pii, false, {}, false},
                            {"room", "[A-F][0-9]{3}", FindingClass::confidential, true, {"room"}, true}};
        options.allowedPatterns = {"(?i)emp-0+[0-9]"};
        const auto engine = *Engine::compile(options);
        const auto found = [&engine](const std::string& text) {
            std::string all;
            const auto findings = engine->scan(text, *engine->makeScratch());
            for (const Finding& finding : findings.value()) {
                all += finding.detector + "@" + std::to_string(finding.begin) + " ";
            }
            return all;
        };
        QCOMPARE(found("see emp-123456, XEMP-123456, EMP-1234567"), std::string("custom.policy.staff@4 "));
        QCOMPARE(found("see EMP-000001"), std::string());
        QCOMPARE(found("A123"), std::string());
        QCOMPARE(found("meet in room A123"), std::string("custom.policy.room@13 "));
    }

    void hashesAllowWhatTheyDoNotName() {
        EngineOptions options;
        // SHA-256 of "jane.doe@example.org"
        options.allowedHashes = {
            QCryptographicHash::hash("jane.doe@example.org", QCryptographicHash::Sha256).toHex().toStdString()};
        const auto engine = *Engine::compile(options);
        const auto findings = *engine->scan("jane.doe@example.org, joe.doe@example.org", *engine->makeScratch());
        QCOMPARE(findings.size(), std::size_t{1});
        QCOMPARE(findings[0].begin, std::size_t{22});
    }

    void patternsThatCannotWorkAreRefusedWithAReason_data() {
        QTest::addColumn<QByteArray>("pattern");
        QTest::addColumn<QByteArray>("reason");
        QTest::newRow("lookahead") << QByteArray("a(?=b)") << QByteArray("cannot be used");
        QTest::newRow("back-reference") << QByteArray("(a)\\1") << QByteArray("cannot be used");
        QTest::newRow("open bracket") << QByteArray("a(") << QByteArray("cannot be used");
        QTest::newRow("empty text") << QByteArray("a*") << QByteArray("empty text");
        QTest::newRow("everything") << QByteArray("[a-z]") << QByteArray("ordinary text");
        QTest::newRow("large") << QByteArray("(?:[a-z]{1,900}[0-9]){1,9}x") << QByteArray("");
        QTest::newRow("none") << QByteArray("") << QByteArray("empty");
    }
    void patternsThatCannotWorkAreRefusedWithAReason() {
        QFETCH(QByteArray, pattern);
        QFETCH(QByteArray, reason);
        EngineOptions options;
        options.patterns = {{"p", pattern.toStdString(), FindingClass::custom, true, {}, false}};
        const auto engine = Engine::compile(options);
        QVERIFY(!engine.has_value());
        QCOMPARE(engine.error().kind, ErrorKind::invalidInput);
        QVERIFY2(QByteArray::fromStdString(engine.error().what).contains(reason), engine.error().what.c_str());
    }

    void optionalDetectorsAreAskedFor() {
        QVERIFY(!finds("We signed with Acme Widgets GmbH last week.", "pii.any.organisation"));
        EngineOptions options;
        options.enabled = {"pii.any.organisation"};
        const auto engine = *Engine::compile(options);
        const auto findings = *engine->scan("We signed with Acme Widgets GmbH last week.", *engine->makeScratch());
        QCOMPARE(findings.size(), std::size_t{1});
        QCOMPARE(findings[0].detector, std::string("pii.any.organisation"));
    }

    void theDialOfAClassMovesItsThreshold() {
        const std::string weak = "536228145"; // nine digits, nothing else
        QVERIFY(scan(weak).empty());
        EngineOptions options;
        options.sensitivity[static_cast<std::size_t>(FindingClass::pii)] = 4.0;
        const auto keen = *Engine::compile(options);
        QVERIFY(!(*keen->scan(weak, *keen->makeScratch())).empty());
        options.sensitivity[static_cast<std::size_t>(FindingClass::pii)] = -9.0;
        const auto dull = *Engine::compile(options);
        QVERIFY((*dull->scan("mail jane.doe@example.org", *dull->makeScratch())).empty());
    }

    void tooManyCandidatesAreALimitNotASilence() {
        std::string flood;
        for (int i = 0; i < 200'000; ++i) {
            flood += "a@b ";
        }
        const auto result = m_engine->scan(flood, *m_scratch);
        QVERIFY(!result.has_value());
        QCOMPARE(result.error().kind, ErrorKind::limit);
    }

    void catalogueRefusesBadRows_data() {
        QTest::addColumn<QByteArray>("document");
        QTest::newRow("no array") << QByteArray("{}");
        QTest::newRow("unknown key") << QByteArray(
            R"([{"id":"a.b.c","class":"pii","atom":"digits","validator":"card","placeholder":"X","examples":["1"],"near_misses":["2"],"colour":1}])");
        QTest::newRow("unknown validator") << QByteArray(
            R"([{"id":"a.b.c","class":"pii","atom":"digits","validator":"x","placeholder":"X","examples":["1"],"near_misses":["2"]}])");
        QTest::newRow("no examples") << QByteArray(
            R"([{"id":"a.b.c","class":"pii","atom":"digits","validator":"card","placeholder":"X","near_misses":["2"]}])");
        QTest::newRow("atom and pattern") << QByteArray(
            R"([{"id":"a.b.c","class":"pii","atom":"digits","pattern":"x","validator":"card","placeholder":"X","examples":["1"],"near_misses":["2"]}])");
    }
    void catalogueRefusesBadRows() {
        QFETCH(QByteArray, document);
        QVERIFY(!parseCatalogue(document.toStdString()).has_value());
    }
};

QTEST_GUILESS_MAIN(TestEngine)
#include "tst_engine.moc"
