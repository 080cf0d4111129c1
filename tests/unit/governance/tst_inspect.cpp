// SPDX-License-Identifier: Apache-2.0
#define QT_NO_EMIT
#include <QtTest>

#include "governance/inspect.h"

using namespace gatehouse;
using namespace gatehouse::governance;

namespace {

Part part(const std::string& pointer, const std::string& text, PartKind kind = PartKind::text) {
    Part made;
    made.text = text;
    made.kind = kind;
    made.pointer = pointer;
    return made;
}

} // namespace

class TestInspect final : public QObject {
    Q_OBJECT

    std::shared_ptr<const dlp::Engine> m_engine;
    ScratchShelf m_shelf;

    std::vector<Finding> inspect(const std::vector<Part>& parts) {
        ScratchShelf::Loan loan(m_shelf, m_engine);
        auto found = inspectParts(*m_engine, loan.scratch(), parts);
        return found ? std::move(*found) : std::vector<Finding>();
    }

    // "0:card|1:11" for what was found in each part.
    static std::string shown(const std::vector<Part>& parts, const std::vector<Finding>& findings) {
        std::string out;
        for (const Finding& finding : findings) {
            out += (out.empty() ? "" : "|") + std::to_string(finding.part) + ":" +
                   parts[finding.part].text.substr(finding.begin, finding.end - finding.begin);
        }
        return out;
    }

private slots:
    void initTestCase() {
        auto engine = dlp::Engine::compile({});
        QVERIFY(engine.has_value());
        m_engine = std::move(*engine);
    }

    void findingsSayInWhichPartTheyLie() {
        const std::vector<Part> parts{part("/a", "ann@corp.io and 4111 1111 1111 1111"), part("/b", ""),
                                      part("/c", "nothing"), part("/d", "key AKIAIOSFODNN7EXAMPLE", PartKind::other)};
        QCOMPARE(shown(parts, inspect(parts)),
                 std::string("0:ann@corp.io|0:4111 1111 1111 1111|3:AKIAIOSFODNN7EXAMPLE"));
    }

    void everyKindOfPartIsRead_data() {
        QTest::addColumn<int>("kind");
        for (int kind = 0; kind <= static_cast<int>(PartKind::other); ++kind) {
            QTest::addRow("%d", kind) << kind;
        }
    }
    void everyKindOfPartIsRead() {
        QFETCH(int, kind);
        Part made = part("/x", "AKIAIOSFODNN7EXAMPLE", static_cast<PartKind>(kind));
        made.isImmutable = true;
        const auto findings = inspect({made});
        QCOMPARE(findings.size(), 1U);
        QVERIFY(findings[0].findingClass != FindingClass::unreadable);
    }

    void anAttachmentCannotBeRead() {
        const auto findings = inspect({part("/x", "data:image/png;base64,AAAA", PartKind::opaque)});
        QCOMPARE(findings.size(), 1U);
        QVERIFY(findings[0].findingClass == FindingClass::unreadable);
        QCOMPARE(findings[0].begin, 0U);
        QCOMPARE(findings[0].end, 26U);
        QVERIFY(findings[0].level == Level::high);
    }

    void aValueThatIsCutOverTwoTextsOfAMessageIsFoundInBoth() {
        const std::vector<Part> parts{part("/messages/0/content/0/text", "my card is 4111 1111"),
                                      part("/messages/0/content/1/type", "text", PartKind::metadata),
                                      part("/messages/0/content/1/text", " 1111 1111, thanks")};
        QCOMPARE(shown(parts, inspect(parts)), std::string("0:4111 1111|2: 1111 1111"));
    }

    void soItIsAtEveryCut() {
        const std::string text = "pay with card 4111 1111 1111 1111 today";
        const std::size_t begin = text.find('4');
        for (std::size_t cut = begin + 1; cut < begin + 19; ++cut) {
            const std::vector<Part> parts{part("/contents/0/parts/0/text", text.substr(0, cut)),
                                          part("/contents/0/parts/1/text", text.substr(cut))};
            std::string all;
            for (const Finding& finding : inspect(parts)) {
                if (finding.detector == "pci.any.card") {
                    all += parts[finding.part].text.substr(finding.begin, finding.end - finding.begin);
                }
            }
            QCOMPARE(QString::fromStdString(all), QString("4111 1111 1111 1111"));
        }
    }

    // What one half alone looks like must not keep the whole value out: "card 4111 1111 1111" reads as a number of
    // health insurance.
    void aWeakerFindingInOneHalfDoesNotHideTheWhole() {
        const std::vector<Part> parts{part("/messages/0/content/0/text", "card 4111 1111"),
                                      part("/messages/0/content/1/text", " 1111 1111")};
        std::string card;
        std::size_t covered = 0;
        for (const Finding& finding : inspect(parts)) {
            covered += finding.part == 0 ? finding.end - finding.begin : 0;
            if (finding.detector == "pci.any.card") {
                card += parts[finding.part].text.substr(finding.begin, finding.end - finding.begin);
            }
        }
        QCOMPARE(card, std::string("4111 1111 1111 1111"));
        QVERIFY(covered >= 9); // and what the other one covers stays covered
    }

    void theTextBeforeGivesAValueItsMeaning() {
        const std::string_view words = "the referring provider's NPI is ";
        const std::string_view number = "1245319599";
        QVERIFY(inspect({part("/messages/0/content/0/text", std::string(number))}).empty());
        const auto findings = inspect({part("/messages/0/content/0/text", std::string(words)),
                                       part("/messages/0/content/1/text", std::string(number))});
        QCOMPARE(findings.size(), 1U);
        QCOMPARE(findings[0].part, 1U);
        QCOMPARE(findings[0].end, number.size());
    }

    void textsOfDifferentMessagesAreNotReadAsOne() {
        QVERIFY(inspect({part("/messages/0/content/0/text", "my visa is 4111 1111"),
                         part("/messages/1/content/0/text", " 1111 1111")})
                    .empty());
        QVERIFY(inspect({part("/messages/1/content/0/text", "my visa is 4111 1111"),
                         part("/messages/10/content/0/text", " 1111 1111")})
                    .empty());
    }

    void findingsOfOnePartDoNotOverlap() {
        const std::vector<Part> parts{part("/messages/0/content/0/text", "card 4111 1111 1111 1111"),
                                      part("/messages/0/content/1/text", " 4111 1111 1111 1111")};
        const auto findings = inspect(parts);
        for (std::size_t i = 1; i < findings.size(); ++i) {
            QVERIFY(findings[i - 1].part < findings[i].part || findings[i - 1].end <= findings[i].begin);
        }
        QCOMPARE(findings.size(), 2U);
    }

    void aFloodHidesNothingBesideIt_data() {
        QTest::addColumn<QString>("drop");
        QTest::addRow("documents") << "AB123456 ";
        QTest::addRow("IBANs") << "DE89 3704 ";
        QTest::addRow("addresses") << "a@b.";
    }
    void aFloodHidesNothingBesideIt() {
        QFETCH(QString, drop);
        std::string flood;
        while (flood.size() < 2'500'000) {
            flood += drop.toStdString();
        }
        ScratchShelf::Loan loan(m_shelf, m_engine);
        const auto scanned = m_engine->scan(flood, loan.scratch());
        QVERIFY(!scanned && scanned.error().kind == ErrorKind::limit);
        const std::string secret = "ghp_16C7e42F292c6912E7710c838347Ae178B4a";
        const std::string text = flood + " " + secret;
        for (const Finding& finding : inspect({part("/messages/0/content", text)})) {
            if (text.substr(finding.begin, finding.end - finding.begin) == secret) {
                return;
            }
        }
        QFAIL("the flood hides the secret");
    }

    void whatOnlyCallsItselfAnAttachmentIsRead_data() {
        QTest::addColumn<QString>("text");
        QTest::addColumn<int>("count"); // beside "unreadable"
        const auto base64 = [](const QByteArray& bytes) { return QString::fromLatin1(bytes.toBase64()); };
        const QString bytes = base64(QByteArray(9000, '\xF5'));
        const QString card = "my card is 4111 1111 1111 1111";
        const QString letter = "About the order: " + card + ". " + QString(6000, ' ');
        QTest::addRow("text behind the mark") << QString("data:;base64, " + card) << 1;
        QTest::addRow("text without a mark") << card << 1;
        QTest::addRow("long text behind the mark") << QString("data:;base64, " + letter) << 1;
        QTest::addRow("text before the mark") << QString("data:" + card + ";base64," + bytes) << 1;
        QTest::addRow("short text in base64") << QString("data:text/plain;base64," + base64(card.toUtf8())) << 1;
        QTest::addRow("bytes") << QString("data:image/png;base64," + bytes) << 0;
    }
    void whatOnlyCallsItselfAnAttachmentIsRead() {
        QFETCH(QString, text);
        QFETCH(int, count);
        const auto findings = inspect({part("/x", text.toStdString(), PartKind::opaque)});
        QCOMPARE(findings.size(), static_cast<std::size_t>(count) + 1);
        QVERIFY(findings[0].findingClass == FindingClass::unreadable);
        if (count > 0) {
            QCOMPARE(findings[1].detector, std::string("pci.any.card"));
            QVERIFY(findings[1].end <= static_cast<std::size_t>(text.size()));
        }
    }

    void aScratchIsUsedAgainOnlyForItsOwnEngine() {
        dlp::EngineOptions options;
        options.disabled = {"pci.*"};
        const auto other = dlp::Engine::compile(options);
        QVERIFY(other.has_value());
        const std::vector<Part> parts{part("", "4111 1111 1111 1111 AKIAIOSFODNN7EXAMPLE")};
        QCOMPARE(inspect(parts).size(), 2U);
        {
            ScratchShelf::Loan loan(m_shelf, *other);
            QCOMPARE(inspectParts(**other, loan.scratch(), parts)->size(), 1U);
        }
        QCOMPARE(inspect(parts).size(), 2U);
    }
};

QTEST_GUILESS_MAIN(TestInspect)
#include "tst_inspect.moc"
