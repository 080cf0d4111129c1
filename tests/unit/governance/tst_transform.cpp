// SPDX-License-Identifier: Apache-2.0
#define QT_NO_EMIT
#include <QtTest>

#include "governance/describe.h"
#include "unit/governance/governance_fixture.h"

using namespace gatehouse;
using namespace gatehouse::governance;
using gatehouse::test::GovernanceFixture;

namespace {

const std::string kHideCards = "[{'id':'hide','when':{'class':['pci']},'then':'redact'}]";
const std::string kCard = "4111 1111 1111 1111";

struct Judged {
    std::vector<Finding> findings;
    policy::Decision decision;
    Result<Transformed> texts;
};

Judged judge(GovernanceFixture& fixture, const Interaction& interaction) {
    const Rules rules = fixture.governor->rules();
    std::vector<Finding> findings;
    for (std::size_t i = 0; i < interaction.parts.size(); ++i) {
        for (Finding& finding : fixture.scan(interaction.parts[i].text)) {
            finding.part = i;
            findings.push_back(std::move(finding));
        }
    }
    auto decision = fixture.governor->decide(rules, interaction, fixture.destination, findings);
    auto texts = fixture.governor->transform(rules, interaction, findings, decision);
    return {std::move(findings), std::move(decision), std::move(texts)};
}

} // namespace

class TestTransform final : public QObject {
    Q_OBJECT

private slots:
    void whatPolicyRedactsIsReplacedAndNothingElse() {
        GovernanceFixture fixture(kHideCards);
        const Judged judged = judge(fixture, GovernanceFixture::prompt({
                                                 GovernanceFixture::part("ann@corp.io pays with " + kCard + "."),
                                                 GovernanceFixture::part("nothing here"),
                                             }));
        QCOMPARE(judged.findings.size(), 2U);
        QVERIFY(judged.texts.has_value());
        QVERIFY(judged.texts->at(0)->starts_with("ann@corp.io pays with [[CARD_1_"));
        QVERIFY(judged.texts->at(0)->ends_with("]]."));
        QVERIFY(!judged.texts->at(1).has_value());
    }

    void oneValueHasOnePlaceholderInAllParts() {
        GovernanceFixture fixture(kHideCards);
        const Judged judged =
            judge(fixture, GovernanceFixture::prompt({GovernanceFixture::part(kCard), GovernanceFixture::part(kCard)}));
        QVERIFY(judged.texts.has_value());
        QCOMPARE(*judged.texts->at(0), *judged.texts->at(1));
    }

    void aFindingInAPartThatMustNotChangeIsDenied_data() {
        QTest::addColumn<bool>("isImmutable");
        QTest::newRow("signed") << true;
        QTest::newRow("an attachment") << false;
    }
    void aFindingInAPartThatMustNotChangeIsDenied() {
        QFETCH(bool, isImmutable);
        GovernanceFixture fixture(kHideCards);
        Part part = GovernanceFixture::part(kCard, isImmutable ? PartKind::text : PartKind::opaque);
        part.isImmutable = isImmutable;
        QCOMPARE(judge(fixture, GovernanceFixture::prompt({part})).texts.error().kind, ErrorKind::denied);
    }

    void aPartThatMustNotChangeIsLeftAloneWhereNothingIsHidden() {
        GovernanceFixture fixture(kHideCards);
        Part part = GovernanceFixture::part("ann@corp.io [[CARD_1_K7]]");
        part.isImmutable = true;
        const Judged judged = judge(fixture, GovernanceFixture::prompt({part}));
        QVERIFY(judged.texts.has_value() && !judged.texts->at(0).has_value());
    }

    void oneDecisionIsNeededForEachFinding() {
        GovernanceFixture fixture(kHideCards);
        const Interaction interaction = GovernanceFixture::prompt({GovernanceFixture::part(kCard)});
        const auto findings = fixture.scan(kCard);
        QCOMPARE(fixture.governor->transform(fixture.governor->rules(), interaction, findings, {}).error().kind,
                 ErrorKind::internal);
    }

    // What a record says: neither the redacted value nor one that was only logged.
    void aRecordHoldsNoFoundValue() {
        GovernanceFixture fixture("[{'id':'hide','when':{'class':['pci']},'then':'redact'},"
                                  "{'id':'note','when':{'class':['pii']},'then':'log'}]");
        const Interaction interaction = GovernanceFixture::prompt({
            GovernanceFixture::part("ann@corp.io pays with " + kCard),
            GovernanceFixture::part("bob@corp.io"),
        });
        const Judged judged = judge(fixture, interaction);
        const AuditRecord record =
            fixture.governor->describe(fixture.governor->rules(), interaction, fixture.destination, judged.findings,
                                       judged.decision, &*judged.texts);
        QVERIFY(record.sanitisedText.has_value());
        for (const char* value : {"4111", "ann@", "bob@"}) {
            QVERIFY2(record.sanitisedText->find(value) == std::string::npos, record.sanitisedText->c_str());
        }
        QVERIFY(!record.originalText.has_value());
        QVERIFY(record.action == Action::redact);
        QCOMPARE(record.rule, std::string("hide"));
        QCOMPARE(record.policyId, std::string("t"));
        QCOMPARE(record.originalHash, contentHash(interaction));
        QVERIFY(record.sanitisedHash != record.originalHash);
        QCOMPARE(record.findings.size(), 2U);
    }

    // A look-alike is a valid number: in the answer it is neither a finding nor what the person gets.
    void lookAlikesLeaveAndTheRealValuesComeBack() {
        GovernanceFixture fixture("[{'id':'hide','when':{'class':['pci']},'then':'redact','style':'look-alike'},"
                                  "{'id':'stop','when':{'class':['pci'],'direction':'answer'},'then':'block'}]");
        const Interaction interaction =
            GovernanceFixture::prompt({GovernanceFixture::part("pays with " + kCard),
                                       GovernanceFixture::part(kCard + ", not 4012 8888 8888 1881")});
        const Judged judged = judge(fixture, interaction);
        QCOMPARE(judged.findings.size(), 3U);
        const std::string shown = judged.texts->at(0)->substr(10);
        QVERIFY2(shown != kCard && shown.starts_with("4111 11"), shown.c_str());
        QVERIFY(judged.texts->at(1)->starts_with(shown + ", not 4111 11"));
        const auto answer =
            fixture.governor->guardAnswer(fixture.governor->rules(), interaction, fixture.destination, true);
        const auto step = answer->pushLast("0/content", "I paid with **" + shown + "**.", dlp::RestoreContext::text);
        QVERIFY(step && !step->isBlocked);
        QCOMPARE(step->text, "I paid with **" + kCard + "**.");
        QVERIFY(answer->findings().empty());
        // Another card in the answer is one.
        const auto other =
            fixture.governor->guardAnswer(fixture.governor->rules(), interaction, fixture.destination, true);
        const auto found = other->pushLast("0/content", "5500 0055 5555 5559", dlp::RestoreContext::text);
        QVERIFY(found && !other->findings().empty());
    }

    void aRecordKeepsAsMuchTextAsPolicySays() {
        const Interaction interaction = GovernanceFixture::prompt({GovernanceFixture::part("pays with " + kCard)});
        GovernanceFixture none(kHideCards, "'audit':{'content':'none'},");
        Judged judged = judge(none, interaction);
        AuditRecord record = none.governor->describe(none.governor->rules(), interaction, none.destination,
                                                     judged.findings, judged.decision, &*judged.texts);
        QVERIFY(!record.sanitisedText && !record.originalText);
        GovernanceFixture full(kHideCards, "'audit':{'content':'full'},");
        judged = judge(full, interaction);
        record = full.governor->describe(full.governor->rules(), interaction, full.destination, judged.findings,
                                         judged.decision, &*judged.texts);
        QCOMPARE(*record.originalText, "pays with " + kCard);
        QVERIFY(record.sanitisedText->starts_with("pays with [[CARD_1_"));
    }

    void theHashTellsPartsApart() {
        const auto hash = [](std::vector<Part> parts) {
            return contentHash(GovernanceFixture::prompt(std::move(parts)));
        };
        const auto part = [](const char* text) { return GovernanceFixture::part(text); };
        QVERIFY(hash({part("ab"), part("c")}) != hash({part("a"), part("bc")}));
        QVERIFY(hash({part("abc")}) != hash({part("abc"), part("")}));
        QVERIFY(hash({part("2:ab")}) != hash({part("ab")}));
        QCOMPARE(hash({part("a")}), hash({part("a")}));
        QCOMPARE(hash({}).size(), 64U);
    }

    void aLongTextIsCutBetweenCodePoints() {
        std::string text = "x";
        while (text.size() <= kMaxRecordText) {
            text += "\xE2\x82\xAC";
        }
        const std::string cut = cutForRecord(text);
        QVERIFY(cut.ends_with(" […cut]"));
        QVERIFY(cut.size() <= kMaxRecordText + 16);
        const std::string body = cut.substr(0, cut.size() - std::string_view(" […cut]").size());
        QVERIFY(text.starts_with(body));
        QVERIFY(body.ends_with("\xE2\x82\xAC"));
        QCOMPARE(cutForRecord("short"), std::string("short"));
    }
};

QTEST_GUILESS_MAIN(TestTransform)
#include "tst_transform.moc"
