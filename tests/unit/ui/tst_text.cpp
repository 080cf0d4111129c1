// SPDX-License-Identifier: Apache-2.0
#include <QTest>

#include "text/agent_words.h"
#include "text/chat_words.h"
#include "text/decision_words.h"
#include "text/finding_words.h"
#include "text/problem_words.h"
#include "text/shown_text.h"
#include "types/refusal.h"

using namespace gatehouse;
using namespace gatehouse::ui;
using namespace Qt::StringLiterals;

class TestText final : public QObject {
    Q_OBJECT
private slots:
    void whatCouldMisleadIsMadeVisible_data();
    void whatCouldMisleadIsMadeVisible();
    void findingsAreCountedAndEqualWordsSummed();
    void everyDecisionPhaseAndClassHasWords();
    void everyRefusalThatAPersonCanMeetHasWordsOfItsOwn();
    void theGatewaysOwnSentenceIsKept();
    void aKnownZeroCostIsShownAndAnUnknownIsNot();
    void aBlockedNoteNamesKindAndPlace();
};

void TestText::whatCouldMisleadIsMadeVisible_data() {
    QTest::addColumn<QString>("text");
    QTest::addColumn<QString>("shown");
    QTest::newRow("plain") << u"Größe 日本 👩‍👩‍👧 a\tb\nc"_s
                           << u"Größe 日本 👩‍👩‍👧 a\tb\nc"_s;
    QTest::newRow("escape") << u"a\u001b[31mb"_s << u"a\u241b[31mb"_s;
    QTest::newRow("nul") << QString::fromUtf8("a\0b", 3) << u"a\u2400b"_s;
    QTest::newRow("delete") << u"a\u007fb"_s << u"a\u2421b"_s;
    QTest::newRow("override") << u"a\u202eb"_s << u"a\u27e8U+202E\u27e9b"_s;
    QTest::newRow("isolate") << u"\u2066"_s << u"\u27e8U+2066\u27e9"_s;
    QTest::newRow("zero width space") << u"\u200b"_s << u"\u27e8U+200B\u27e9"_s;
    QTest::newRow("tag") << QString::fromUcs4(U"\U000E0041", 1) << u"\u27e8U+E0041\u27e9"_s;
    QTest::newRow("C1") << u"\u0085"_s << u"\u27e8U+0085\u27e9"_s;
    QTest::newRow("CRLF") << u"a\r\nb"_s << u"a\nb"_s;
    QTest::newRow("lone surrogate") << QString(QChar(u'\xd800')) << QString(QChar::ReplacementCharacter);
}

void TestText::whatCouldMisleadIsMadeVisible() {
    QFETCH(QString, text);
    QFETCH(QString, shown);
    QCOMPARE(text::shownText(text), shown);
}

void TestText::findingsAreCountedAndEqualWordsSummed() {
    const std::vector<FindingCount> findings{{u"pci.any.card"_s, FindingClass::pci, 1},
                                             {u"pii.any.ipv4"_s, FindingClass::pii, 1},
                                             {u"pii.any.ipv6"_s, FindingClass::pii, 2},
                                             {u"secret.any.no_such"_s, FindingClass::secret, 1}};
    QCOMPARE(text::listedFindings(findings), u"1 payment card, 3 IP addresses, 1 secret key"_s);
    QCOMPARE(text::totalCount(findings), 5U);
    QCOMPARE(text::replacedBeforeLeaving({findings[0]}), u"1 thing was replaced before this left: 1 payment card"_s);
    QVERIFY(text::listedFindings({}).isEmpty());
}

void TestText::everyDecisionPhaseAndClassHasWords() {
    QSet<QString> titles;
    for (int i = 0; i <= static_cast<int>(Action::block); ++i) {
        titles.insert(text::decisionTitle(static_cast<Action>(i)));
        QVERIFY(!text::decisionMeaning(static_cast<Action>(i)).isEmpty());
    }
    QCOMPARE(titles.size(), 7);
    for (int i = 0; i <= static_cast<int>(AgentPhase::stopped); ++i) {
        QVERIFY(!text::phaseTitle(static_cast<AgentPhase>(i)).isEmpty());
        QVERIFY(!text::phaseMeaning(static_cast<AgentPhase>(i)).isEmpty());
    }
    for (int i = 0; i <= static_cast<int>(FindingClass::custom); ++i) {
        QVERIFY(!text::countedFinding({u"a.b.c"_s, static_cast<FindingClass>(i), 1}).isEmpty());
    }
    for (int i = 0; i <= static_cast<int>(Channel::clipboard); ++i) {
        QVERIFY(!text::channelTitle(static_cast<Channel>(i)).isEmpty());
    }
}

void TestText::everyRefusalThatAPersonCanMeetHasWordsOfItsOwn() {
    const QString fallback = text::refusalNotice(u"no such word"_s, {}).title;
    for (const RefusalReason reason :
         {RefusalReason::unauthenticated, RefusalReason::tooLarge, RefusalReason::unknownModel,
          RefusalReason::dlpBlocked, RefusalReason::policyDenied, RefusalReason::needsJustification,
          RefusalReason::needsConfirmation, RefusalReason::localOnly, RefusalReason::referenceDenied,
          RefusalReason::limited, RefusalReason::storeLocked, RefusalReason::auditFailed, RefusalReason::upstreamFailed,
          RefusalReason::upstreamTimedOut, RefusalReason::shuttingDown}) {
        const std::string_view word = refusalWord(reason);
        const text::Notice notice =
            text::refusalNotice(QString::fromUtf8(word.data(), static_cast<int>(word.size())), {});
        QVERIFY2(notice.title != fallback, word.data());
        QVERIFY(!notice.sentence.isEmpty());
        QVERIFY(!notice.nextStep.isEmpty());
    }
}

void TestText::theGatewaysOwnSentenceIsKept() {
    QCOMPARE(text::refusalNotice(u"dlp_blocked"_s, u"1 payment card found; rule no-cards."_s).sentence,
             u"1 payment card found; rule no-cards."_s);
}

void TestText::aKnownZeroCostIsShownAndAnUnknownIsNot() {
    QCOMPARE(text::cost(0.0), u"$0.00"_s);
    QCOMPARE(text::cost(0.0031), u"$0.0031"_s);
    QCOMPARE(text::cost(2.5), u"$2.50"_s);
    QVERIFY(text::cost(std::nullopt).isEmpty());
}

void TestText::aBlockedNoteNamesKindAndPlace() {
    DecisionRow row;
    row.site = u"chatgpt.com"_s;
    row.findings = {{u"pci.any.card"_s, FindingClass::pci, 2}};
    const QString note = text::blockedNotice(row);
    QVERIFY(note.contains(u"2 payment cards"_s));
    QVERIFY(note.contains(u"chatgpt.com"_s));
}

QTEST_GUILESS_MAIN(TestText)
#include "tst_text.moc"
