// SPDX-License-Identifier: Apache-2.0
#include <QDialog>
#include <QLabel>
#include <QPushButton>

#include "gui/support/chat_driver.h"

using namespace gatehouse;
using namespace gatehouse::test;
using namespace Qt::StringLiterals;
using ui::TurnState;

// `warn` and `justify`: the person is asked in our own dialog, and only a yes sends the very same bytes again.
class TestChatApprovals final : public QObject {
    Q_OBJECT
private slots:
    void aYesSendsTheSameBytesAgain();
    void aNoSendsNothingAndGivesTheTextBack();
    void closingTheDialogIsANo();
    void enterDoesNotApproveByAccident();
    void aReasonIsRequiredAndGoesToTheAgent();
    void aYesThatCameTooLateIsSaid();
    void aSecondQuestionIsAskedToo();
    void theDialogDoesNotBlockTheEventLoop();
    void closingTheWindowWhileAskedIsANo();
};

namespace {

QDialog* dialogOf(const ChatDriver& chat) {
    auto* dialog = chat.find<QDialog>("approvalDialog");
    return dialog != nullptr && dialog->isVisible() ? dialog : nullptr;
}

void askFor(ChatDriver& chat, const QByteArray& code) {
    chat.server.on(kChatPath, Reply::refusal(code, "1 payment card was found.", "ask-first"));
    chat.server.on(kChatPath, Reply::answer({"done"}, code == "confirmation_required" ? "warn" : "justify"));
    QTRY_VERIFY(chat.isReady());
    chat.type(u"pay 4111"_s);
    chat.press(Qt::Key_Return);
    QTRY_VERIFY(dialogOf(chat) != nullptr);
}

void click(const ChatDriver& chat, const char* name) {
    QTest::mouseClick(dialogOf(chat)->findChild<QPushButton*>(QString::fromLatin1(name)), Qt::LeftButton);
}

} // namespace

void TestChatApprovals::aYesSendsTheSameBytesAgain() {
    ChatDriver chat;
    askFor(chat, "confirmation_required");
    QCOMPARE(dialogOf(chat)->findChild<QLabel*>(u"noticeBody"_s)->text(),
             u"1 payment card was found. Rule: ask-first"_s);

    click(chat, "approveButton");

    QTRY_COMPARE(chat.state(0), TurnState::done);
    QCOMPARE(chat.agent.granted.size(), 1);
    QCOMPARE(chat.agent.granted[0].first, u"i-1"_s);
    const QList<Request> requests = chat.server.requests(kChatPath);
    QCOMPARE(requests.size(), 2);
    QCOMPARE(requests[0].body, requests[1].body);
    QCOMPARE(requests[0].headers.value("x-gatehouse-conversation"),
             requests[1].headers.value("x-gatehouse-conversation"));
    QCOMPARE(requests[0].headers.keys().size(), requests[1].headers.keys().size()); // no header that could be replayed
    QCOMPARE(chat.answer(0), u"done"_s);
    QCOMPARE(chat.inTurn<QWidget>(0, "decisionBadge")->accessibleName(), u"Warned"_s);
    QVERIFY(dialogOf(chat) == nullptr);
}

void TestChatApprovals::aNoSendsNothingAndGivesTheTextBack() {
    ChatDriver chat;
    askFor(chat, "confirmation_required");

    click(chat, "declineButton");

    QTRY_COMPARE(chat.state(0), TurnState::failed);
    QVERIFY(chat.agent.granted.isEmpty());
    QTest::qWait(30);
    QCOMPARE(chat.sent(), 1);
    QCOMPARE(chat.input().toPlainText(), u"pay 4111"_s);
    QCOMPARE(chat.seen<QLabel>(0, "noticeTitle"), u"Not sent"_s);
}

void TestChatApprovals::closingTheDialogIsANo() {
    ChatDriver chat;
    askFor(chat, "justification_required");

    QTest::keyClick(dialogOf(chat), Qt::Key_Escape);

    QTRY_COMPARE(chat.state(0), TurnState::failed);
    QCOMPARE(chat.sent(), 1);
}

void TestChatApprovals::enterDoesNotApproveByAccident() {
    ChatDriver chat;
    askFor(chat, "confirmation_required");

    QTest::keyClick(dialogOf(chat), Qt::Key_Return);

    QTRY_COMPARE(chat.state(0), TurnState::failed);
    QVERIFY(chat.agent.granted.isEmpty());
}

void TestChatApprovals::aReasonIsRequiredAndGoesToTheAgent() {
    ChatDriver chat;
    askFor(chat, "justification_required");
    auto* yes = dialogOf(chat)->findChild<QPushButton*>(u"approveButton"_s);
    auto* reason = dialogOf(chat)->findChild<QPlainTextEdit*>(u"reasonInput"_s);
    QVERIFY(!yes->isEnabled());
    reason->setPlainText(u"  \n"_s);
    QVERIFY(!yes->isEnabled());
    reason->setPlainText(u" the customer asked \n"_s);
    QVERIFY(yes->isEnabled());

    click(chat, "approveButton");

    QTRY_COMPARE(chat.state(0), TurnState::done);
    QCOMPARE(chat.agent.granted[0].second, u"the customer asked"_s);
    QCOMPARE(chat.sent(), 2);
}

void TestChatApprovals::aYesThatCameTooLateIsSaid() {
    ChatDriver chat;
    chat.agent.doesGrant = false;
    askFor(chat, "confirmation_required");

    click(chat, "approveButton");

    QTRY_COMPARE(chat.state(0), TurnState::failed);
    QCOMPARE(chat.seen<QLabel>(0, "noticeTitle"), u"Not sent: your answer came too late"_s);
    QCOMPARE(chat.sent(), 1);
    QCOMPARE(chat.input().toPlainText(), u"pay 4111"_s);
}

void TestChatApprovals::aSecondQuestionIsAskedToo() {
    ChatDriver chat;
    chat.server.on(kChatPath, Reply::refusal("justification_required", {}));
    Reply second = Reply::refusal("confirmation_required", {});
    second.headers[0].second = "i-2";
    chat.server.on(kChatPath, second);
    chat.server.on(kChatPath, Reply::answer({"done"}));
    QTRY_VERIFY(chat.isReady());
    chat.type(u"x"_s);
    chat.press(Qt::Key_Return);
    QTRY_VERIFY(dialogOf(chat) != nullptr);
    dialogOf(chat)->findChild<QPlainTextEdit*>(u"reasonInput"_s)->setPlainText(u"because"_s);
    click(chat, "approveButton");
    QTRY_COMPARE(chat.sent(), 2);
    QTRY_VERIFY(dialogOf(chat) != nullptr && dialogOf(chat)->findChild<QPlainTextEdit*>(u"reasonInput"_s) == nullptr);
    click(chat, "approveButton");

    QTRY_COMPARE(chat.state(0), TurnState::done);
    QCOMPARE(chat.agent.granted.size(), 2);
    QCOMPARE(chat.agent.granted[1].first, u"i-2"_s);
}

void TestChatApprovals::theDialogDoesNotBlockTheEventLoop() {
    ChatDriver chat;
    askFor(chat, "confirmation_required"); // returns although the dialog is open
    QVERIFY(dialogOf(chat) != nullptr);
    bool hasRun = false;
    QTimer::singleShot(0, &chat.agent, [&hasRun] { hasRun = true; });
    QTRY_VERIFY(hasRun);
}

void TestChatApprovals::closingTheWindowWhileAskedIsANo() {
    ChatDriver chat;
    askFor(chat, "confirmation_required");

    chat.window.reset();

    QVERIFY(chat.agent.granted.isEmpty());
    QCOMPARE(chat.state(0), TurnState::failed);
    QCOMPARE(chat.conversation.draft, u"pay 4111"_s);
}

QTEST_MAIN(TestChatApprovals)
#include "tst_chat_approvals.moc"
