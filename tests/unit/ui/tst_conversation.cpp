// SPDX-License-Identifier: Apache-2.0
#include <QJsonArray>
#include <QJsonDocument>
#include <QJsonObject>
#include <QTest>

#include "chat/conversation.h"

using namespace gatehouse;
using namespace gatehouse::ui;
using namespace Qt::StringLiterals;

namespace {

Turn turn(const QString& asked, const QString& answered, TurnState state) {
    Turn made;
    made.asked = asked;
    made.answered = answered;
    made.state = state;
    return made;
}

} // namespace

class TestConversation final : public QObject {
    Q_OBJECT
private slots:
    void theBodyHoldsWhatWasSaidAndNothingThatFailed();
    void equalContentGivesEqualBytes();
    void onlyFindingsThatATurnBroughtAreNew();
    void everyConversationHasAnIdOfItsOwn();
};

void TestConversation::theBodyHoldsWhatWasSaidAndNothingThatFailed() {
    Conversation conversation = Conversation::make();
    conversation.turns = {turn(u"one"_s, u"eins"_s, TurnState::done), turn(u"secret"_s, {}, TurnState::failed),
                          turn(u"two"_s, u"zw"_s, TurnState::stopped), turn(u"three"_s, {}, TurnState::stopped)};
    const QJsonObject body =
        QJsonDocument::fromJson(conversation.requestBody(u"four \"quoted\""_s, u"tiny"_s)).object();
    QCOMPARE(body.value("model"_L1).toString(), u"tiny"_s);
    QVERIFY(body.value("stream"_L1).toBool());
    QStringList contents;
    for (const QJsonValue& message : body.value("messages"_L1).toArray()) {
        contents.append(message.toObject().value("content"_L1).toString());
    }
    QCOMPARE(contents, (QStringList{u"one"_s, u"eins"_s, u"two"_s, u"zw"_s, u"four \"quoted\""_s}));
}

void TestConversation::equalContentGivesEqualBytes() {
    const Conversation conversation = Conversation::make();
    QCOMPARE(conversation.requestBody(u"a"_s, u"m"_s), conversation.requestBody(u"a"_s, u"m"_s));
}

void TestConversation::onlyFindingsThatATurnBroughtAreNew() {
    const FindingCount card{u"pci.any.card"_s, FindingClass::pci, 1};
    Conversation conversation = Conversation::make();
    conversation.turns = {turn(u"a"_s, u"b"_s, TurnState::done), turn(u"c"_s, {}, TurnState::answering)};
    conversation.turns[0].found = {card};
    QVERIFY(conversation.newFindings(1, {card}).empty());
    const auto fresh = conversation.newFindings(1, {{card.detector, FindingClass::pci, 3}});
    QCOMPARE(fresh.size(), 1U);
    QCOMPARE(fresh.at(0).count, 2U);
    conversation.turns[0].state = TurnState::failed; // it is not sent again, so its finding is no longer there
    QCOMPARE(conversation.newFindings(1, {card}).size(), 1U);
}

void TestConversation::everyConversationHasAnIdOfItsOwn() {
    QVERIFY(Conversation::make().id != Conversation::make().id);
}

QTEST_GUILESS_MAIN(TestConversation)
#include "tst_conversation.moc"
