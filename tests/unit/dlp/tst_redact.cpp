// SPDX-License-Identifier: Apache-2.0
#include <QtTest>

#include <QRegularExpression>
#include <QTemporaryDir>

#include "base/json.h"
#include "dlp/engine.h"
#include "dlp/file_vault.h"
#include "dlp/placeholder.h"
#include "dlp/redact.h"

using namespace gatehouse;
using namespace gatehouse::dlp;

class TestRedact final : public QObject {
    Q_OBJECT

    std::shared_ptr<const Engine> m_engine;

    std::string redactAll(const std::string& text, Vault& vault, const std::string& conversation = "c",
                          RedactStyle style = RedactStyle::placeholder) {
        const auto findings = *m_engine->scan(text, *m_engine->makeScratch());
        std::vector<std::string> labels;
        for (const Finding& finding : findings) {
            labels.push_back(m_engine->detector(finding.detector).placeholder);
        }
        return *redact(text, findings, labels, conversation, vault, std::vector<RedactStyle>(findings.size(), style));
    }

private slots:
    void initTestCase() { m_engine = *Engine::compile({}); }

    void redactedTextHoldsNoValueAndRestoresExactly() {
        MemoryVault vault;
        const std::string text = "Card 4111 1111 1111 1111, again 4111 1111 1111 1111, mail a.b@example.org.";
        const std::string redacted = redactAll(text, vault);
        QVERIFY(redacted.find("4111") == std::string::npos);
        QVERIFY(redacted.find("example.org") == std::string::npos);
        QVERIFY(m_engine->scan(redacted, *m_engine->makeScratch())->empty());
        QCOMPARE(*restore(redacted, "c", vault), text);
    }

    void aMaskKeepsTheLastFourAndWhatGroupsThem() {
        MemoryVault vault;
        const auto mask = [&](const std::string& text) { return redactAll(text, vault, "c", RedactStyle::mask); };
        QCOMPARE(mask("card 4111 1111 1111 1111 ok"), std::string("card **** **** **** 1111 ok"));
        QCOMPARE(mask("mail a.bcdef@example.org."), std::string("mail *.*****@******e.org."));
        Finding name;
        name.end = 13;
        const std::vector<std::string> labels{"PERSON"};
        const std::vector styles{RedactStyle::mask};
        QCOMPARE(*redact("J\u00F6rg M\u00FCller", std::span(&name, 1), labels, "c", vault, styles),
                 std::string("**** **ller"));
    }

    // A value of eight letters and digits or fewer would be given away by its last four.
    void aMaskHidesAShortValueWhole() {
        MemoryVault vault;
        Finding finding;
        finding.begin = 4;
        finding.end = 12;
        const std::vector<std::string> labels{"PIN"};
        const std::vector styles{RedactStyle::mask};
        QCOMPARE(*redact("pin 1234-567 ok", std::span(&finding, 1), labels, "c", vault, styles),
                 std::string("pin ****-*** ok"));
    }

    void aHashIsTheSameForTheSameValueAndTellsNothingElse() {
        MemoryVault vault;
        const auto hash = [](const std::string& text, Vault& kept, const std::string& conversation) {
            Finding whole;
            whole.end = text.size();
            const std::vector<std::string> labels{"CARD"};
            const std::vector styles{RedactStyle::hash};
            return redact(text, std::span(&whole, 1), labels, conversation, kept, styles).value();
        };
        const std::string one = hash("4111111111111111", vault, "c");
        QVERIFY(QRegularExpression("^CARD#[0-9a-f]{12}$").match(QString::fromStdString(one)).hasMatch());
        QCOMPARE(hash("4111111111111111", vault, "another"), one);
        QVERIFY(hash("5500005555555559", vault, "c") != one);
        QCOMPARE(*restore(one, "c", vault), one);
        MemoryVault elsewhere; // keyed: nobody else's hash of the value is the same
        QVERIFY(hash("4111111111111111", elsewhere, "c") != one);
    }

    void removingTakesOneOfTwoBlanks() {
        MemoryVault vault;
        const auto removed = [&](const std::string& text) { return redactAll(text, vault, "c", RedactStyle::remove); };
        QCOMPARE(removed("mail a.b@example.org now"), std::string("mail now"));
        QCOMPARE(removed("a.b@example.org now"), std::string("now"));
        QCOMPARE(removed("mail: a.b@example.org"), std::string("mail: "));
        QCOMPARE(removed("<a.b@example.org>"), std::string("<>"));
    }

    // Whatever the style, a JSON document stays one and holds no value.
    void everyStyleKeepsJsonWhole() {
        const std::string text = "{\"card\": \"4111 1111 1111 1111\", "
                                 "\"note\": \"write to a.b@example.org, \\\"soon\\\"\"}";
        for (const RedactStyle style :
             {RedactStyle::placeholder, RedactStyle::hash, RedactStyle::mask, RedactStyle::remove}) {
            MemoryVault vault;
            const std::string redacted = redactAll(text, vault, "c", style);
            QVERIFY2(checkJson(redacted).has_value(), redacted.c_str());
            QVERIFY(redacted.find("4111") == std::string::npos);
            QVERIFY(redacted.find("a.b@") == std::string::npos);
            QVERIFY(m_engine->scan(redacted, *m_engine->makeScratch())->empty());
        }
    }

    void sameValueSamePlaceholderInOneConversationOnly() {
        MemoryVault vault;
        const std::string first = redactAll("4111 1111 1111 1111", vault);
        QCOMPARE(redactAll("pay 4111 1111 1111 1111", vault), "pay " + first);
        QVERIFY(redactAll("5500 0055 5555 5559", vault) != first);
        QCOMPARE(*restore(first, "other", vault), first);
    }

    void inputThatLooksLikeAPlaceholderComesBackAsItStood() {
        MemoryVault vault;
        redactAll("4111 1111 1111 1111", vault);
        const std::string forged = formatPlaceholder("CARD", 1);
        const std::string text = "they wrote " + forged + " and a@example.org";
        const std::string redacted = redactAll(text, vault);
        QVERIFY(redacted.find(forged) == std::string::npos);
        QCOMPARE(*restore(redacted, "c", vault), text);
    }

    void whatModelsDoToPlaceholdersIsRepaired_data() {
        QTest::addColumn<QByteArray>("spelled");
        const std::string check = placeholderCheck("CARD", 1);
        const QByteArray cc = QByteArray::fromStdString(check);
        QTest::newRow("as it was") << QByteArray("[[CARD_1_" + cc + "]]");
        QTest::newRow("lower case") << QByteArray("[[card_1_" + cc.toLower() + "]]");
        QTest::newRow("one bracket") << QByteArray("[CARD_1_" + cc + "]");
        QTest::newRow("no brackets") << QByteArray("CARD_1_" + cc);
        QTest::newRow("angle brackets") << QByteArray("<CARD_1_" + cc + ">");
        QTest::newRow("spaces") << QByteArray("[[ CARD_1_" + cc + " ]]");
        QTest::newRow("dashes") << QByteArray("[[CARD-1-" + cc + "]]");
        QTest::newRow("Markdown escapes") << QByteArray("\\[\\[CARD\\_1\\_" + cc + "\\]\\]");
    }
    void whatModelsDoToPlaceholdersIsRepaired() {
        QFETCH(QByteArray, spelled);
        MemoryVault vault;
        redactAll("4111 1111 1111 1111", vault);
        QCOMPARE(*restore("see \"" + spelled.toStdString() + "\", ok", "c", vault),
                 std::string("see \"4111 1111 1111 1111\", ok"));
        QCOMPARE(*restore(spelled.toStdString(), "c", vault), std::string("4111 1111 1111 1111"));
    }

    void mangledChecksAndUrlsStay_data() {
        QTest::addColumn<QByteArray>("text");
        const QByteArray good = QByteArray::fromStdString(formatPlaceholder("CARD", 1));
        QTest::newRow("wrong check") << QByteArray("[[CARD_1_00]]");
        QTest::newRow("unknown number") << QByteArray::fromStdString(formatPlaceholder("CARD", 9));
        QTest::newRow("link target") << QByteArray("[x](https://evil.example/?q=" + good + ")");
        QTest::newRow("image") << QByteArray("![i](//evil.example/" + good + ")");
        QTest::newRow("image in angle brackets") << QByteArray("![i](<https://evil.example/ " + good + ">)");
        QTest::newRow("link in angle brackets") << QByteArray("[x]( <//evil.example/ a " + good + ">)");
        QTest::newRow("image behind a space") << QByteArray("![i]( //evil.example/" + good + ")");
        QTest::newRow("image of HTML") << QByteArray("<img src=\"https://evil.example/ " + good + "\">");
        QTest::newRow("link of HTML") << QByteArray("<A HREF='HTTPS://evil.example/ a " + good + "'>");
        QTest::newRow("bare URL") << QByteArray("https://evil.example/" + good);
        QTest::newRow("autolink of www") << QByteArray("see (WWW.evil.example/" + good + ")");
        QTest::newRow("mail address of a link") << QByteArray("mailto:m@evil.example?body=" + good);
        QTest::newRow("mail address in an attribute")
            << QByteArray("<a href=\"mailto:m@evil.example?body=a " + good + "\">");
        QTest::newRow("data as a page") << QByteArray("data:text/html,b" + good);
        QTest::newRow("part of a word") << QByteArray("DISCARD_1_" + good.mid(9, 2));
    }
    void mangledChecksAndUrlsStay() {
        QFETCH(QByteArray, text);
        MemoryVault vault;
        redactAll("4111 1111 1111 1111", vault);
        QCOMPARE(*restore(text.toStdString(), "c", vault), text.toStdString());
    }

    void aBackslashBeforeAValueSurvives() {
        MemoryVault vault;
        const std::string text = "C:\\jane@example.org and x\\4111 1111 1111 1111";
        const std::string redacted = redactAll(text, vault);
        for (std::size_t split = 0; split <= redacted.size(); ++split) {
            const auto stream = StreamRestorer::create("c", vault, RestoreContext::text);
            std::string out = *stream->push(redacted.substr(0, split));
            out += *stream->push(redacted.substr(split));
            QCOMPARE(out + *stream->finish(), text);
        }
    }

    void restoringBehindAUrlGoesOn() {
        MemoryVault vault;
        const std::string placeholder = redactAll("4111 1111 1111 1111", vault);
        QCOMPARE(*restore("[x](https://e.example/" + placeholder + ") " + placeholder, "c", vault),
                 "[x](https://e.example/" + placeholder + ") 4111 1111 1111 1111");
        QCOMPARE(*restore("[x](<https://e.example/ " + placeholder + ">) " + placeholder, "c", vault),
                 "[x](<https://e.example/ " + placeholder + ">) 4111 1111 1111 1111");
        QCOMPARE(*restore("<a href=\"https://e.example/ " + placeholder + "\">" + placeholder, "c", vault),
                 "<a href=\"https://e.example/ " + placeholder + "\">4111 1111 1111 1111");
        QCOMPARE(*restore("\"https://e.example is mine\": " + placeholder, "c", vault),
                 "\"https://e.example is mine\": 4111 1111 1111 1111");
        for (const std::string head : {"data: ", "the data:\n", "\"data\":\"", "metadata:", "awww.", "mailto: "}) {
            QCOMPARE(*restore(head + placeholder, "c", vault), head + "4111 1111 1111 1111");
        }
        QCOMPARE(*restore("[x](" + placeholder + ") " + placeholder, "c", vault),
                 "[x](" + placeholder + ") 4111 1111 1111 1111");
    }

    void everySplitRestoresTheSame() {
        MemoryVault vault;
        const std::string card = redactAll("4111 1111 1111 1111", vault);
        const std::string mail = redactAll("a\"b@example.org x.y@example.org", vault);
        const std::string text =
            "A " + card + ", <" + card.substr(2, card.size() - 4) + "> [[ nothing ]] [l](http://h/" + card +
            ") [l]( <//h/ " + card + ">) <i src='http://h/ " + card + "'> CARD_1 " + card.substr(2, card.size() - 4) +
            " \\[\\[" + mail + " :// ]( end " + card + " www.h/" + card + " mailto:" + card + " data: " + card;
        for (const RestoreContext context : {RestoreContext::text, RestoreContext::jsonInString}) {
            const std::string expected = *restore(text, "c", vault, context);
            QVERIFY(expected.find("4111 1111 1111 1111") != std::string::npos);
            for (std::size_t split = 0; split <= text.size(); ++split) {
                const auto stream = StreamRestorer::create("c", vault, context);
                std::string out = *stream->push(text.substr(0, split));
                out += *stream->push(text.substr(split));
                out += *stream->finish();
                QCOMPARE(out, expected);
            }
            const auto stream = StreamRestorer::create("c", vault, context);
            std::string out;
            for (const char c : text) {
                out += *stream->push(std::string_view(&c, 1));
            }
            QCOMPARE(out + *stream->finish(), expected);
        }
    }

    void valuesInsideJsonStringsAreEscaped() {
        MemoryVault vault;
        const auto number = vault.assign("c", "PERSON", "Anna \"Ann\" \\ Lee\n");
        const std::string text = "{\"to\":\"" + formatPlaceholder("PERSON", *number) + "\"}";
        const std::string restored = *restore(text, "c", vault, RestoreContext::jsonInString);
        QCOMPARE((*parseJson(restored))["to"].get<std::string>(), std::string("Anna \"Ann\" \\ Lee\n"));
    }

    void vaultFileKeepsItsValuesAndRefusesAForeignKey() {
        const QTemporaryDir folder;
        const std::string path = folder.filePath("vault").toStdString();
        std::string redacted;
        {
            const auto vault = *FileVault::open(path);
            redacted = redactAll("4111 1111 1111 1111", *vault);
            QVERIFY(vault->save().has_value());
        }
        QCOMPARE(*restore(redacted, "c", **FileVault::open(path)), std::string("4111 1111 1111 1111"));
        QFile file(folder.filePath("vault"));
        QVERIFY(file.open(QIODevice::ReadOnly));
        QVERIFY(!file.readAll().contains("4111"));
        QFile key(folder.filePath("vault.key"));
        QVERIFY(key.open(QIODevice::WriteOnly));
        key.write(QByteArray(32, 'k'));
        key.close();
        QCOMPARE(FileVault::open(path).error().kind, ErrorKind::corrupt);
        QVERIFY(QFile::remove(folder.filePath("vault.key")));
        QCOMPARE(FileVault::open(path).error().kind, ErrorKind::corrupt);
    }
};

QTEST_GUILESS_MAIN(TestRedact)
#include "tst_redact.moc"
