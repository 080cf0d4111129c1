// SPDX-License-Identifier: Apache-2.0
#include <QLabel>

#include "gui/support/chat_driver.h"

using namespace gatehouse;
using namespace gatehouse::test;
using namespace Qt::StringLiterals;
using ui::TurnState;

// Whatever goes wrong: it is said in our words with what to do next, and the person's text is not lost.
class TestChatFailures final : public QObject {
    Q_OBJECT
private slots:
    void aFailureIsToldAndTheTextComesBack_data();
    void aFailureIsToldAndTheTextComesBack();
    void aPartOfAnAnswerStaysWhenTheRestDoesNotCome();
    void aPromptIsSentOnceHoweverTheConnectionEnds();
    void whatWasTypedMeanwhileIsKeptBelowTheReturnedText();
    void aFailedTurnIsNotSentAgainWithTheNext();
    void theAgentsTroubleIsShownAndNothingIsSent();
    void aBaseUrlThatIsNotLoopbackGetsNoToken_data();
    void aBaseUrlThatIsNotLoopbackGetsNoToken();
};

void TestChatFailures::aFailureIsToldAndTheTextComesBack_data() {
    QTest::addColumn<Reply>("reply");
    QTest::addColumn<QString>("title");
    QTest::addColumn<QString>("body");
    QTest::newRow("blocked") << Reply::refusal("dlp_blocked", "1 payment card was found; rule no-cards.")
                             << u"Blocked: nothing left this computer"_s << u"rule no-cards"_s;
    QTest::newRow("local only") << Reply::refusal("local_only", {}) << u"Kept local: nothing left this computer"_s
                                << u"Choose a model on this computer"_s;
    QTest::newRow("upstream") << Reply::json(R"({"error":{"message":"","code":"upstream_failed"}})", 502)
                              << u"The model did not answer"_s << u"choose another model"_s;
    QTest::newRow("limited") << Reply::json(R"({"error":{"message":"","code":"limited"}})", 429)
                             << u"Too many requests just now"_s << u"Wait a moment"_s;
    QTest::newRow("a word we do not know")
        << Reply::json(R"({"error":{"message":"Odd.","code":"odd"}})", 400) << u"That did not work"_s << u"Odd."_s;
    QTest::newRow("an error that is no JSON")
        << Reply::json("<html>Bad gateway</html>", 502) << u"That did not work"_s << u"refused"_s;
    Reply nonsense = Reply::answer({});
    nonsense.pieces = {"data: {\"choices\":[{\"del\n\n"};
    QTest::newRow("malformed event") << nonsense << u"The answer could not be read"_s << u"choose another model"_s;
    QTest::newRow("no answer in it") << Reply::json("[1,2]") << u"The answer could not be read"_s << u"Send it again"_s;
    Reply cut = Reply::answer({});
    cut.pieces = {": ping\n\n"};
    cut.isCutOff = true;
    QTest::newRow("reset") << cut << u"The answer broke off"_s << u"Send your message again"_s;
    Reply dropped;
    dropped.isDropped = true;
    QTest::newRow("no byte at all") << dropped << u"Gatehouse did not answer"_s << u"Send it again"_s;
    Reply ended = Reply::answer({});
    ended.pieces = {"data: {\"error\":{\"message\":\"The server stopped.\",\"code\":\"upstream_failed\"}}\n\n"};
    QTest::newRow("error event") << ended << u"The model did not answer"_s << u"The server stopped."_s;
}

void TestChatFailures::aFailureIsToldAndTheTextComesBack() {
    QFETCH(Reply, reply);
    QFETCH(QString, title);
    QFETCH(QString, body);
    ChatDriver chat;
    chat.server.on(kChatPath, reply);
    QTRY_VERIFY(chat.isReady());
    chat.type(u"my text"_s);

    chat.press(Qt::Key_Return);

    QTRY_COMPARE(chat.state(0), TurnState::failed);
    QCOMPARE(chat.seen<QLabel>(0, "noticeTitle"), title);
    const QString shown = chat.seen<QLabel>(0, "noticeBody");
    QVERIFY2(shown.contains(body), qPrintable(shown));
    QVERIFY(shown.endsWith(u"Your text is back in the box below."_s));
    QCOMPARE(chat.input().toPlainText(), u"my text"_s);
    QVERIFY(chat.find<QWidget>("sendButton")->isEnabled());
}

void TestChatFailures::aPartOfAnAnswerStaysWhenTheRestDoesNotCome() {
    ChatDriver chat;
    Reply reply = Reply::answer({"half an ans"});
    reply.pieces.resize(1);
    chat.server.on(kChatPath, reply); // a clean end of the body, but no end of the answer
    QTRY_VERIFY(chat.isReady());
    chat.type(u"go"_s);
    chat.press(Qt::Key_Return);

    QTRY_COMPARE(chat.state(0), TurnState::failed);
    QCOMPARE(chat.answer(0), u"half an ans"_s);
    QCOMPARE(chat.seen<QLabel>(0, "noticeTitle"), u"The answer broke off"_s);
}

void TestChatFailures::aPromptIsSentOnceHoweverTheConnectionEnds() {
    ChatDriver chat;
    Reply dropped;
    dropped.isDropped = true;
    chat.server.on(kChatPath, dropped);
    QTRY_VERIFY(chat.isReady());
    chat.type(u"once"_s);
    chat.press(Qt::Key_Return);
    QTRY_COMPARE(chat.state(0), TurnState::failed);
    QTest::qWait(300); // time for a client that tries again by itself

    QCOMPARE(chat.sent(), 1);
}

void TestChatFailures::whatWasTypedMeanwhileIsKeptBelowTheReturnedText() {
    ChatDriver chat;
    chat.server.on(kChatPath, Reply::refusal("dlp_blocked", {}));
    QTRY_VERIFY(chat.isReady());
    chat.type(u"first"_s);
    chat.press(Qt::Key_Return);
    chat.type(u"next"_s);

    QTRY_COMPARE(chat.input().toPlainText(), u"first\nnext"_s);
}

void TestChatFailures::aFailedTurnIsNotSentAgainWithTheNext() {
    ChatDriver chat;
    chat.server.on(kChatPath, Reply::refusal("dlp_blocked", {}));
    chat.server.on(kChatPath, Reply::answer({"ok"}));
    QTRY_VERIFY(chat.isReady());
    chat.type(u"SECRET"_s);
    chat.press(Qt::Key_Return);
    QTRY_COMPARE(chat.state(0), TurnState::failed);
    chat.type(u"harmless"_s);
    chat.press(Qt::Key_Return);
    QTRY_COMPARE(chat.state(1), TurnState::done);

    QVERIFY(!chat.server.requests(kChatPath)[1].body.contains("SECRET"));
}

void TestChatFailures::theAgentsTroubleIsShownAndNothingIsSent() {
    ChatDriver chat;
    QTRY_VERIFY(chat.isReady());
    ui::AgentView view = chat.agent.view();
    view.phase = ui::AgentPhase::portTaken;
    view.problem = u"Port 4141 is used by nginx (pid 7)."_s;
    view.baseUrl = QUrl();
    chat.agent.setView(view);

    auto* title = chat.find<QLabel>("noticeTitle");
    QTRY_COMPARE(title->text(), u"Port taken"_s);
    QVERIFY(chat.find<QLabel>("noticeBody")->text().contains(u"nginx"_s));
    QVERIFY(!chat.find<QWidget>("modelPicker")->isEnabled());
    chat.type(u"kept"_s);
    chat.press(Qt::Key_Return);
    QCOMPARE(chat.sent(), 0);
    QCOMPARE(chat.input().toPlainText(), u"kept"_s);
}

void TestChatFailures::aBaseUrlThatIsNotLoopbackGetsNoToken_data() {
    QTest::addColumn<QUrl>("url");
    QTest::newRow("other host") << QUrl(u"http://192.0.2.1:4141"_s);
    QTest::newRow("name") << QUrl(u"http://gateway.example:4141"_s);
    QTest::newRow("looks like it") << QUrl(u"http://127.0.0.1.example:4141"_s);
    QTest::newRow("scheme") << QUrl(u"file:///etc/passwd"_s);
    QTest::newRow("none") << QUrl();
}

void TestChatFailures::aBaseUrlThatIsNotLoopbackGetsNoToken() {
    QFETCH(QUrl, url);
    const FakeAgent agent(url);
    const ui::GatewayClient client(agent);
    QVERIFY(!client.isUp());
    const FakeAgent good(QUrl(u"http://127.0.0.1:4141"_s));
    QVERIFY(ui::GatewayClient(good).isUp());
}

QTEST_MAIN(TestChatFailures)
#include "tst_chat_failures.moc"
