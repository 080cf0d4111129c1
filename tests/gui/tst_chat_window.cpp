// SPDX-License-Identifier: Apache-2.0
#include <QClipboard>
#include <QComboBox>
#include <QGuiApplication>
#include <QJsonArray>
#include <QJsonDocument>
#include <QJsonObject>
#include <QLabel>
#include <QPushButton>
#include <QToolButton>

#include "gui/support/chat_driver.h"

using namespace gatehouse;
using namespace gatehouse::test;
using namespace Qt::StringLiterals;
using ui::TurnState;

class TestChatWindow final : public QObject {
    Q_OBJECT
private slots:
    void theModelListComesFromTheGatewayAndPreviewIsExplained();
    void enterSendsAndTheAnswerIsShownAsItComes();
    void shiftEnterStartsANewLineAndSendsNothing();
    void theRequestIsThatOfAnyClient();
    void everySplitOfTheStreamGivesTheSameAnswer();
    void theBubbleSaysWhatWasReplacedAndShowsWhatWasSent();
    void aLaterTurnSaysOnlyWhatItBrought();
    void theAnswerIsPlainTextOnly();
    void decisionOriginAndCostAreShown();
    void copyTakesTheAnswerAsItCame();
    void escStopsTheAnswerAndTheGatewaySeesIt();
    void aNewConversationHasANewIdAndNoOldTurns();
    void closingTheWindowKeepsConversationAndDraft();
    void everyControlHasANameForAssistiveTechnology();
};

void TestChatWindow::theModelListComesFromTheGatewayAndPreviewIsExplained() {
    ChatDriver chat;
    auto* picker = chat.find<QComboBox>("modelPicker");
    QVERIFY(!picker->isEnabled());
    QTRY_COMPARE(picker->count(), 2);
    QCOMPARE(chat.server.requests("/v1/models").first().headers.value("authorization"), QByteArray("Bearer ghc_test"));
    QCOMPARE(picker->currentText(), u"desk/tiny"_s); // a real model before preview
    auto* hint = chat.find<QLabel>("modelHint");
    QVERIFY(!hint->isVisible());

    picker->setCurrentIndex(1);

    QVERIFY(picker->currentText().contains(u"preview, asks no model"_s));
    QVERIFY(hint->isVisible());
    QVERIFY(hint->text().contains(u"exactly what would have left"_s));
}

void TestChatWindow::enterSendsAndTheAnswerIsShownAsItComes() {
    ChatDriver chat;
    Reply reply = Reply::answer({"Hel", "lo, ", "person."});
    reply.pieces.resize(2);
    reply.isHeldOpen = true;
    chat.server.on(kChatPath, reply);
    QTRY_VERIFY(chat.isReady());
    chat.type(u"Hi"_s);

    chat.press(Qt::Key_Return);

    QTRY_COMPARE(chat.answer(0), u"Hello, "_s); // shown although the stream has not ended
    QCOMPARE(chat.state(0), TurnState::answering);
    QVERIFY(chat.input().toPlainText().isEmpty());
}

void TestChatWindow::shiftEnterStartsANewLineAndSendsNothing() {
    ChatDriver chat;
    QTRY_VERIFY(chat.isReady());
    chat.type(u"one"_s);
    chat.input().moveCursor(QTextCursor::End);

    chat.press(Qt::Key_Return, Qt::ShiftModifier);

    QCOMPARE(chat.input().toPlainText(), u"one\n"_s);
    QTest::qWait(20);
    QCOMPARE(chat.sent(), 0);
    chat.type(u"  \n "_s); // nothing to say
    chat.press(Qt::Key_Return);
    QTest::qWait(20);
    QCOMPARE(chat.sent(), 0);
}

void TestChatWindow::theRequestIsThatOfAnyClient() {
    ChatDriver chat;
    chat.server.on(kChatPath, Reply::answer({"one"}));
    chat.server.on(kChatPath, Reply::answer({"two"}));
    QTRY_VERIFY(chat.isReady());
    for (const QString& text : {u"first"_s, u"second"_s}) {
        chat.type(text);
        chat.press(Qt::Key_Return);
        QTRY_COMPARE(chat.state(text == u"first"_s ? 0 : 1), TurnState::done);
    }

    const QList<Request> requests = chat.server.requests(kChatPath);
    QCOMPARE(requests.size(), 2);
    const Request& second = requests[1];
    QCOMPARE(second.method, QByteArray("POST"));
    QCOMPARE(second.headers.value("authorization"), QByteArray("Bearer ghc_test"));
    QCOMPARE(second.headers.value("content-type"), QByteArray("application/json"));
    QCOMPARE(second.headers.value("x-gatehouse-conversation"), chat.conversation.id.toLatin1());
    QCOMPARE(requests[0].headers.value("x-gatehouse-conversation"), chat.conversation.id.toLatin1());
    QVERIFY(!second.headers.contains("cookie"));
    const QJsonObject body = QJsonDocument::fromJson(second.body).object();
    QCOMPARE(body.value("model"_L1).toString(), u"desk/tiny"_s);
    QVERIFY(body.value("stream"_L1).toBool());
    const QJsonArray messages = body.value("messages"_L1).toArray();
    QCOMPARE(messages.size(), 3);
    QCOMPARE(messages[1].toObject().value("content"_L1).toString(), u"one"_s);
    QCOMPARE(messages[2].toObject().value("content"_L1).toString(), u"second"_s);
}

void TestChatWindow::everySplitOfTheStreamGivesTheSameAnswer() {
    const Reply whole = Reply::answer({"Grü", "ße \xF0\x9F\x98\x80 \\\"x\\\""});
    const QByteArray bytes = whole.pieces.join();
    ChatDriver chat;
    QTRY_VERIFY(chat.isReady());
    int turn = 0;
    for (qsizetype cut = 1; cut < bytes.size(); cut += 7) { // the parser's own test walks every position
        Reply reply = whole;
        reply.pieces = {bytes.left(cut), bytes.mid(cut, 3), bytes.mid(cut + 3)};
        chat.server.on(kChatPath, reply);
        chat.server.on(kChatPath, reply);
        chat.type(u"go"_s);
        chat.press(Qt::Key_Return);
        QTRY_COMPARE(chat.state(turn), TurnState::done);
        QCOMPARE(chat.answer(turn), u"Grüße 😀 \\\"x\\\""_s);
        ++turn;
    }
    QVERIFY(turn > 20);
}

void TestChatWindow::theBubbleSaysWhatWasReplacedAndShowsWhatWasSent() {
    ChatDriver chat;
    chat.server.on(kChatPath, Reply::answer({"Thanks."}, "redact"));
    chat.server.on("/gatehouse/v1/interactions/i-1",
                   Reply::json(R"({"action":"redact","sanitised_text":"pay [[CARD_1]]",
        "findings":[{"detector":"pci.any.card","class":"pci","count":1},
                    {"detector":"pii.any.email","class":"pii","count":1}]})"));
    QTRY_VERIFY(chat.isReady());
    chat.type(u"pay 4111 1111 1111 1111 a@example.com"_s);
    chat.press(Qt::Key_Return);

    QTRY_COMPARE(chat.seen<QLabel>(0, "replacedLabel"),
                 u"2 things were replaced before this left: 1 payment card, 1 e-mail address"_s);
    const auto* line = chat.inTurn<QLabel>(0, "replacedLabel");
    QVERIFY(line->height() < 3 * line->fontMetrics().lineSpacing());
    // What the person wrote stays as it was written, on their screen.
    QCOMPARE(chat.inTurn<QTextEdit>(0, "askedText")->toPlainText(), u"pay 4111 1111 1111 1111 a@example.com"_s);

    QTest::mouseClick(chat.inTurn<QPushButton>(0, "showSentButton"), Qt::LeftButton);

    auto* sent = chat.find<QPlainTextEdit>("sentText");
    QVERIFY(sent != nullptr);
    QCOMPARE(sent->toPlainText(), u"pay [[CARD_1]]"_s);
}

void TestChatWindow::aLaterTurnSaysOnlyWhatItBrought() {
    ChatDriver chat;
    chat.server.on(kChatPath, Reply::answer({"One."}, "redact"));
    Reply second = Reply::answer({"Two."}, "redact");
    second.headers[0].second = "i-2";
    chat.server.on(kChatPath, second);
    const QByteArray card = R"({"findings":[{"detector":"pci.any.card","class":"pci","count":1}]})";
    chat.server.on("/gatehouse/v1/interactions/i-1", Reply::json(card));
    chat.server.on("/gatehouse/v1/interactions/i-2", Reply::json(card));
    QTRY_VERIFY(chat.isReady());
    chat.type(u"card"_s);
    chat.press(Qt::Key_Return);
    QTRY_VERIFY(chat.seen<QLabel>(0, "replacedLabel").contains(u"1 payment card"_s));
    QTRY_COMPARE(chat.state(0), TurnState::done);
    chat.type(u"no card"_s);
    chat.press(Qt::Key_Return);

    QTRY_COMPARE(chat.seen<QLabel>(1, "replacedLabel"),
                 u"Still replaced from earlier in this conversation: 1 payment card"_s);
}

void TestChatWindow::theAnswerIsPlainTextOnly() {
    ChatDriver chat;
    chat.server.on(kChatPath, Reply::answer({"<img src='" + chat.server.url().toEncoded() + "/pixel'><b>x</b> ![](" +
                                             chat.server.url().toEncoded() + "/pixel) \x1b[31m\xE2\x80\xAE"}));
    QTRY_VERIFY(chat.isReady());
    chat.type(u"go"_s);
    chat.press(Qt::Key_Return);

    QTRY_COMPARE(chat.state(0), TurnState::done);
    QVERIFY(chat.answer(0).startsWith(u"<img src="_s));
    QVERIFY(chat.answer(0).endsWith(u"\u241b[31m\u27e8U+202E\u27e9"_s));
    QTest::qWait(50);
    QVERIFY(chat.server.requests("/pixel").isEmpty());
}

void TestChatWindow::decisionOriginAndCostAreShown() {
    ChatDriver chat;
    chat.server.on(kChatPath, Reply::answer({"ok"}, "log").with("x-gatehouse-cost-usd", "0.0021"));
    chat.server.on("/gatehouse/v1/interactions/i-1",
                   Reply::json(R"({"findings":[{"detector":"pii.any.email","class":"pii","count":1}]})"));
    QTRY_VERIFY(chat.isReady());
    chat.type(u"go"_s);
    chat.press(Qt::Key_Return);

    QTRY_COMPARE(chat.seen<QLabel>(0, "originLabel"), u"desk · tiny  ·  $0.0021"_s);
    QCOMPARE(chat.inTurn<QWidget>(0, "decisionBadge")->accessibleName(), u"Logged"_s);
    QTRY_COMPARE(chat.seen<QLabel>(0, "replacedLabel"), u"Found and noted, sent as it is: 1 e-mail address"_s);
}

void TestChatWindow::copyTakesTheAnswerAsItCame() {
    ChatDriver chat;
    chat.server.on(kChatPath, Reply::answer({"line\n", "two"}));
    QTRY_VERIFY(chat.isReady());
    chat.type(u"go"_s);
    chat.press(Qt::Key_Return);
    QTRY_COMPARE(chat.state(0), TurnState::done);

    QTest::mouseClick(chat.inTurn<QToolButton>(0, "copyButton"), Qt::LeftButton);

    QCOMPARE(QGuiApplication::clipboard()->text(), u"line\ntwo"_s);
}

void TestChatWindow::escStopsTheAnswerAndTheGatewaySeesIt() {
    ChatDriver chat;
    Reply reply = Reply::answer({"begin"});
    reply.pieces.resize(1);
    reply.isHeldOpen = true;
    chat.server.on(kChatPath, reply);
    QTRY_VERIFY(chat.isReady());
    chat.type(u"go"_s);
    chat.press(Qt::Key_Return);
    QTRY_COMPARE(chat.answer(0), u"begin"_s);
    auto* button = chat.find<QToolButton>("sendButton");
    QCOMPARE(button->accessibleName(), u"Stop"_s);
    const int before = chat.server.clientsThatLeft();

    chat.press(Qt::Key_Escape);

    QCOMPARE(chat.state(0), TurnState::stopped);
    QTRY_VERIFY(chat.server.clientsThatLeft() > before);
    QVERIFY(chat.seen<QLabel>(0, "originLabel").contains(u"You stopped"_s));
    QCOMPARE(button->accessibleName(), u"Send"_s);
    QCOMPARE(chat.answer(0), u"begin"_s);
}

void TestChatWindow::aNewConversationHasANewIdAndNoOldTurns() {
    ChatDriver chat;
    chat.server.on(kChatPath, Reply::answer({"ok"}));
    QTRY_VERIFY(chat.isReady());
    chat.type(u"go"_s);
    chat.press(Qt::Key_Return);
    QTRY_COMPARE(chat.state(0), TurnState::done);
    const QString old = chat.conversation.id;

    QTest::mouseClick(chat.find<QToolButton>("newButton"), Qt::LeftButton);

    QVERIFY(chat.conversation.id != old);
    QVERIFY(chat.conversation.turns.empty());
    QVERIFY(chat.find<QWidget>("emptyChat")->isVisible());
}

void TestChatWindow::closingTheWindowKeepsConversationAndDraft() {
    ChatDriver chat;
    chat.server.on(kChatPath, Reply::answer({"kept"}));
    QTRY_VERIFY(chat.isReady());
    chat.type(u"go"_s);
    chat.press(Qt::Key_Return);
    QTRY_COMPARE(chat.state(0), TurnState::done);
    chat.type(u"half a thought"_s);

    chat.window.reset();
    chat.open();

    QCOMPARE(chat.answer(0), u"kept"_s);
    QCOMPARE(chat.input().toPlainText(), u"half a thought"_s);
}

void TestChatWindow::everyControlHasANameForAssistiveTechnology() {
    ChatDriver chat;
    for (const char* name : {"modelPicker", "chatInput", "sendButton", "newButton", "menuButton"}) {
        QVERIFY2(!chat.find<QWidget>(name)->accessibleName().isEmpty(), name);
    }
}

QTEST_MAIN(TestChatWindow)
#include "tst_chat_window.moc"
