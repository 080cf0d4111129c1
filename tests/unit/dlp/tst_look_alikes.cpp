// SPDX-License-Identifier: Apache-2.0
#include <QtTest>

#include <QRegularExpression>

#include "base/json.h"
#include "dlp/catalogue.h"
#include "dlp/engine.h"
#include "dlp/file_vault.h"
#include "dlp/placeholder.h"
#include "dlp/redact.h"

using namespace gatehouse;
using namespace gatehouse::dlp;

class TestLookAlikes final : public QObject {
    Q_OBJECT

    std::shared_ptr<const Engine> m_engine;
    ScratchPtr m_scratch;

    std::vector<Finding> scan(const std::string& text) { return *m_engine->scan(text, *m_scratch); }

    std::string redactAll(const std::string& text, Vault& vault, const std::string& conversation = "c") {
        const auto findings = scan(text);
        std::vector<std::string> labels;
        for (const Finding& finding : findings) {
            labels.push_back(m_engine->detector(finding.detector).placeholder);
        }
        LookAlikes known = *LookAlikes::load(conversation, vault);
        const std::vector<RedactStyle> styles(findings.size(), RedactStyle::lookAlike);
        return *redact(text, findings, labels, conversation, vault, styles, &known, m_engine.get());
    }

    // What stands for a value that is found in no text of its own.
    std::string standInFor(const std::string& value, const std::string& label, const std::string& detector,
                           FindingClass findingClass, Vault& vault) {
        Finding finding;
        finding.detector = detector;
        finding.findingClass = findingClass;
        finding.end = value.size();
        const std::vector<std::string> labels{label};
        const std::vector styles{RedactStyle::lookAlike};
        LookAlikes known = *LookAlikes::load("c", vault);
        return *redact(value, std::span(&finding, 1), labels, "c", vault, styles, &known, m_engine.get());
    }

    static bool matches(const char* pattern, const std::string& text) {
        return QRegularExpression(QRegularExpression::anchoredPattern(pattern))
            .match(QString::fromStdString(text))
            .hasMatch();
    }

private slots:
    void initTestCase() {
        m_engine = *Engine::compile({});
        m_scratch = m_engine->makeScratch();
    }

    void eachKindStaysInItsReservedRange_data() {
        QTest::addColumn<QString>("value");
        QTest::addColumn<QString>("label");
        QTest::addColumn<QString>("detector");
        QTest::addColumn<QString>("pattern");
        QTest::newRow("Visa") << "4929 1234 5678 9015" << "CARD" << "pci.any.card" << "4111 11\\d\\d \\d{4} \\d{4}";
        QTest::newRow("American Express") << "371449635398431" << "CARD" << "pci.any.card" << "378282\\d{9}";
        QTest::newRow("IBAN") << "DE89 3704 0044 0532 0130 00" << "IBAN" << "financial.any.iban"
                              << "DE\\d\\d 0000 \\d{4} \\d{4} \\d{4} \\d\\d";
        QTest::newRow("British IBAN") << "GB29NWBK60161331926819" << "IBAN" << "financial.any.iban"
                                      << "GB\\d\\dXXXX\\d{14}";
        QTest::newRow("American phone") << "(415) 867-5309" << "PHONE" << "pii.any.phone"
                                        << "\\(\\d{3}\\) 555-01\\d\\d";
        QTest::newRow("British phone") << "+44 20 8366 1177" << "PHONE" << "pii.any.phone" << "\\+44 16 3296 0\\d{3}";
        QTest::newRow("German phone") << "+49 89 636-48018" << "PHONE" << "pii.any.phone" << "\\+49 30 231-25\\d{3}";
        QTest::newRow("phone elsewhere") << "+351 912 345 678" << "PHONE" << "pii.any.phone"
                                         << "\\+1 \\d{3}-555-01\\d\\d";
        QTest::newRow("e-mail") << "jane.roe@contoso.de" << "EMAIL" << "pii.any.email"
                                << "[a-z]+\\.[a-z]+\\d\\d@example\\.(com|org|net)";
        QTest::newRow("SSN") << "536-90-4399" << "SSN" << "pii.us.ssn" << "9\\d\\d-[0-4]\\d-\\d{4}";
        QTest::newRow("IPv4") << "84.19.3.77" << "IP" << "pii.any.ip"
                              << "(192\\.0\\.2|198\\.51\\.100|203\\.0\\.113)\\.\\d{1,3}";
        QTest::newRow("network") << "84.19.3.0/24" << "IP" << "pii.any.ip"
                                 << "(192\\.0\\.2|198\\.51\\.100|203\\.0\\.113)\\.\\d{1,3}/24";
        QTest::newRow("IPv6") << "2a02:8108::17" << "IP" << "pii.any.ip" << "2001:db8::[0-9a-f]{4}:[0-9a-f]{4}";
        QTest::newRow("MAC") << "A4:83:E7:1B:22:90" << "MAC" << "pii.any.mac" << "00:00:5E:00:53:[0-9A-F]{2}";
        QTest::newRow("name") << "Samuel L. Jackson" << "PERSON" << "pii.any.person"
                              << "[A-Z][a-z]+ [A-Z]\\. [A-Z][a-z]+";
        QTest::newRow("name in capitals")
            << "J\u00D6RG M\u00DCLLER" << "PERSON" << "pii.any.person" << "[A-Z]{4,} [A-Z]{4,}";
        QTest::newRow("birth date") << "17.05.1980" << "BIRTHDATE" << "pii.any.birth-date"
                                    << "(0[1-9]|1[0-2])\\.(0[1-9]|1[0-2])\\.\\d{4}";
    }
    void eachKindStaysInItsReservedRange() {
        QFETCH(QString, value);
        QFETCH(QString, label);
        QFETCH(QString, detector);
        QFETCH(QString, pattern);
        for (int i = 0; i < 50; ++i) {
            MemoryVault vault;
            const std::string shown =
                standInFor(value.toStdString(), label.toStdString(), detector.toStdString(), FindingClass::pii, vault);
            QVERIFY2(matches(qPrintable(pattern), shown), shown.c_str());
            QVERIFY(shown != value.toStdString());
            QCOMPARE(*restore(shown, "c", vault), value.toStdString());
        }
    }

    // The engine itself takes the look-alike for what it looks like.
    void checkDigitsHold_data() {
        QTest::addColumn<QString>("text");
        QTest::newRow("card") << "card number 4929 1234 5678 9015";
        QTest::newRow("IBAN") << "IBAN DE89 3704 0044 0532 0130 00";
        QTest::newRow("NHS number") << "NHS number 943 476 5919";
        QTest::newRow("PESEL") << "PESEL 44051401359";
        QTest::newRow("codice fiscale") << "codice fiscale RSSMRA85T10A562S";
        QTest::newRow("Belgian register") << "Rijksregisternummer 85.07.30-033.28";
        QTest::newRow("VIN") << "VIN 1HGCM82633A004352";
        QTest::newRow("Aadhaar") << "Aadhaar 2341 2341 2346";
    }
    void checkDigitsHold() {
        QFETCH(QString, text);
        const std::string original = text.toStdString();
        const auto before = scan(original);
        QCOMPARE(before.size(), 1U);
        MemoryVault vault;
        const std::string redacted = redactAll(original, vault);
        QVERIFY2(redacted != original && redacted.find("[[") == std::string::npos, redacted.c_str());
        QVERIFY2(m_engine->confirms(before[0].detector, std::string_view(redacted).substr(before[0].begin)),
                 redacted.c_str());
        QCOMPARE(*restore(redacted, "c", vault), original);
    }

    void aTokenKeepsItsHeadAndNothingElse() {
        MemoryVault vault;
        const std::string token = "ghp_16C7e42F292c6912E7710c838347Ae178B4a";
        const std::string shown = standInFor(token, "GITHUBTOKEN", "secret.github.token", FindingClass::secret, vault);
        QVERIFY2(matches("ghp_[0-9A-Za-z]{36}", shown) && shown != token, shown.c_str());
        const std::string password =
            standInFor("hunter2-Long!pass", "PASSWORD", "credential.any.password", FindingClass::credential, vault);
        QVERIFY2(matches("[a-z]{6}\\d-[A-Z][a-z]{3}![a-z]{4}", password), password.c_str());
    }

    void whatCannotBeInventedGetsAPlaceholder() {
        MemoryVault vault;
        QVERIFY(standInFor("Hauptstr. 5, 10115 Berlin", "ADDRESS", "pii.any.address", FindingClass::pii, vault)
                    .starts_with("[[ADDRESS_1_"));
        QVERIFY(standInFor("int main() {}", "CODE", "source-code.any.c", FindingClass::sourceCode, vault)
                    .starts_with("[[CODE_1_"));
        QVERIFY(standInFor("short", "PASSWORD", "credential.any.password", FindingClass::credential, vault)
                    .starts_with("[[PASSWORD_1_"));
        Finding finding; // a letter touches it: it would not be found again
        finding.detector = "pci.any.card";
        finding.begin = 1;
        finding.end = 17;
        const std::vector<std::string> labels{"CARD"};
        const std::vector styles{RedactStyle::lookAlike};
        LookAlikes known = *LookAlikes::load("c", vault);
        QVERIFY(redact("x4929123456789015", std::span(&finding, 1), labels, "c", vault, styles, &known)
                    ->starts_with("x[[CARD_1_"));
    }

    void whatWouldNotBeFoundAgainGetsNone() {
        const std::vector<std::string> numbers{"512\n555\n0174",
                                               std::string("512\0"
                                                           "555\0"
                                                           "0174",
                                                           12),
                                               "512\t555\t0174", "512 `555` 0174"};
        for (const std::string& number : numbers) {
            MemoryVault vault;
            const std::string redacted = standInFor(number, "PHONE", "pii.any.phone", FindingClass::pii, vault);
            QVERIFY(redacted != number);
            QCOMPARE(*restore(redacted, "c", vault), number);
        }
    }

    void sameValueSameLookAlikeInOneConversationOnly() {
        MemoryVault vault;
        const std::string first = redactAll("4929 1234 5678 9015", vault);
        QCOMPARE(redactAll("pay 4929 1234 5678 9015", vault), "pay " + first);
        QVERIFY(redactAll("4929 1234 5678 9015", vault, "other") != first);
        QCOMPARE(*restore(first, "third", vault), first);
        QCOMPARE(*restore(first, "c", vault), std::string("4929 1234 5678 9015"));
    }

    void whatModelsDoToLookAlikesIsRepaired() {
        MemoryVault vault;
        std::string card = redactAll("card 4929 1234 5678 9015", vault).substr(5);
        const auto restored = [&vault](const std::string& text) { return *restore(text, "c", vault); };
        QCOMPARE(restored("**" + card + "**."), std::string("**4929 1234 5678 9015**."));
        std::string dashed = card;
        std::replace(dashed.begin(), dashed.end(), ' ', '-');
        QCOMPARE(restored("no. " + dashed + ","), std::string("no. 4929-1234-5678-9015,"));
        std::string bare = card;
        std::erase(bare, ' ');
        QCOMPARE(restored("`" + bare + "`"), std::string("`4929123456789015`"));
        QCOMPARE(restored(bare + "7"), bare + "7");
        QCOMPARE(restored("1" + bare), "1" + bare);
        QString wide = QString::fromStdString(card);
        QCOMPARE(restored(wide.replace(" ", "\u00A0").toStdString()),
                 std::string("4929\u00A01234\u00A05678\u00A09015"));
        const std::string mail = standInFor("jane@contoso.de", "EMAIL", "pii.any.email", FindingClass::pii, vault);
        QCOMPARE(restored(QString::fromStdString(mail).toUpper().toStdString()), std::string("jane@contoso.de"));
        const std::string phone = standInFor("+1 415 867-5309", "PHONE", "pii.any.phone", FindingClass::pii, vault);
        QCOMPARE(restored("call " + phone), std::string("call +1 415 867-5309"));
        QCOMPARE(restored("call (" + phone.substr(3, 3) + ") " + phone.substr(7)), std::string("call (415) 867-5309"));
    }

    void oneNameOfTwoIsRestoredToo() {
        MemoryVault vault;
        const std::string shown =
            standInFor("J\u00F6rg M\u00FCller", "PERSON", "pii.any.person", FindingClass::pii, vault);
        const std::string first = shown.substr(0, shown.find(' '));
        const std::string last = shown.substr(shown.find(' ') + 1);
        QCOMPARE(*restore("Dear Mr. " + last + ", " + first + "'s mail\n(" + first + "\n" + last + ")", "c", vault),
                 std::string("Dear Mr. M\u00FCller, J\u00F6rg's mail\n(J\u00F6rg M\u00FCller)"));
        QCOMPARE(*restore(last + "s", "c", vault), last + "s");
    }

    // What is in the text for real is never given out, and what comes later and reads the same comes back as it stood.
    void aLookAlikeNeverMeetsARealValue() {
        MemoryVault vault;
        std::string all = "known:";
        for (int i = 0; i < 256; ++i) {
            all += QString::asprintf(" 00:00:5E:00:53:%02X", i).toStdString();
        }
        const std::string text = all.substr(0, all.size() - 18) + " mine A4:83:E7:1B:22:90";
        Finding finding;
        finding.detector = "pii.any.mac";
        finding.begin = text.size() - 17;
        finding.end = text.size();
        const std::vector<std::string> labels{"MAC"};
        const std::vector styles{RedactStyle::lookAlike};
        LookAlikes known = *LookAlikes::load("c", vault);
        const std::string redacted = *redact(text, std::span(&finding, 1), labels, "c", vault, styles, &known);
        const std::string shown = redacted.substr(finding.begin);
        QVERIFY2(shown == "00:00:5E:00:53:FF" || shown.starts_with("[[MAC_1_"), shown.c_str());
        QCOMPARE(*restore(redacted, "c", vault), text);

        const std::string card = redactAll("card 4929 1234 5678 9015", vault).substr(5);
        std::string same = card;
        std::erase(same, ' ');
        const std::string later = "is " + same + " a card? not " + same + "0";
        const std::string escaped = redactAll(later, vault);
        QVERIFY2(escaped.find(same + " ") == std::string::npos, escaped.c_str());
        QCOMPARE(*restore(escaped, "c", vault), later);
    }

    void linksKeepTheirLookAlikes() {
        MemoryVault vault;
        const std::string card = redactAll("4929123456789015", vault);
        for (const std::string& text : {"https://evil.example/?q=" + card, "[x](//evil.example/" + card + ")"}) {
            QCOMPARE(*restore(text, "c", vault), text);
        }
    }

    void everySplitRestoresTheSame() {
        MemoryVault vault;
        const std::string card = redactAll("4929 1234 5678 9015", vault);
        std::string bare = card;
        std::erase(bare, ' ');
        const std::string name = standInFor("Anna \"Ann\" Lee", "PERSON", "x", FindingClass::pii, vault);
        const std::string phone = standInFor("+49 89 636-48018", "PHONE", "pii.any.phone", FindingClass::pii, vault);
        const std::string text = "A " + card + "1, " + bare + " http://h/" + bare + " " + card.substr(0, 12) + " " +
                                 phone + "; " + formatPlaceholder("CARD", 1) + "(" + phone.substr(1) + ") " + card +
                                 "\u00A0" + bare + "x " + card;
        const auto known = std::make_shared<const LookAlikes>(*LookAlikes::load("c", vault));
        for (const RestoreContext context : {RestoreContext::text, RestoreContext::jsonInString}) {
            const std::string expected = *restore(text, "c", vault, context);
            QVERIFY(expected.find("4929 1234 5678 9015") != std::string::npos);
            for (std::size_t split = 0; split <= text.size(); ++split) {
                const auto stream = StreamRestorer::create("c", vault, context, known);
                std::string out = *stream->push(text.substr(0, split));
                out += *stream->push(text.substr(split));
                QCOMPARE(out + *stream->finish(), expected);
            }
            const auto stream = StreamRestorer::create("c", vault, context, known);
            std::string out;
            for (const char c : text) {
                out += *stream->push(std::string_view(&c, 1));
            }
            QCOMPARE(out + *stream->finish(), expected);
        }
    }

    void whatAnAnswerSaysOfALookAlikeIsNoFinding() {
        MemoryVault vault;
        const std::string card = redactAll("4929 1234 5678 9015", vault);
        const LookAlikes known = *LookAlikes::load("c", vault);
        QVERIFY(known.covers(card));
        QVERIFY(known.covers("\"" + card + "\""));
        QVERIFY(!known.covers("5500 0055 5555 5559"));
        QVERIFY(!known.covers("4"));
        QVERIFY(!known.covers(card + " and then 5500 0055"));
    }

    // Every detector's own examples: what is made of them comes back exactly, and no value is left.
    void everyExampleOfTheCatalogueComesBack() {
        std::size_t lookAlikes = 0;
        const std::vector<Row> rows = *builtInCatalogue();
        for (const Row& row : rows) {
            for (const std::string& example : row.examples) {
                const auto findings = scan(example);
                if (findings.empty() || example.find("://") != std::string::npos ||
                    example.find("](") != std::string::npos) {
                    continue; // what stands in a URL is not restored
                }
                MemoryVault vault;
                const std::string redacted = redactAll(example, vault);
                for (const Finding& finding : findings) {
                    const std::string value = example.substr(finding.begin, finding.end - finding.begin);
                    QVERIFY2(value.size() < 8 || redacted.find(value) == std::string::npos, row.info.id.c_str());
                }
                QVERIFY2(*restore(redacted, "c", vault) == example, (row.info.id + ": " + redacted).c_str());
                lookAlikes += redacted.find("[[") == std::string::npos ? 1U : 0U;
            }
        }
        QVERIFY2(lookAlikes > 700, std::to_string(lookAlikes).c_str());
    }

    void jsonStaysWhole() {
        const std::string text =
            "{\"card\": \"4929 1234 5678 9015\", \"note\": \"write to a.b@contoso.org, \\\"soon\\\"\"}";
        MemoryVault vault;
        const std::string redacted = redactAll(text, vault);
        QVERIFY2(checkJson(redacted).has_value(), redacted.c_str());
        QVERIFY(redacted.find("4929") == std::string::npos && redacted.find("contoso") == std::string::npos);
        QCOMPARE(*restore(redacted, "c", vault), text);
    }
};

QTEST_GUILESS_MAIN(TestLookAlikes)
#include "tst_look_alikes.moc"
