// SPDX-License-Identifier: Apache-2.0
#include <QApplication>
#include <QComboBox>
#include <QDir>
#include <QTableView>
#include <QTest>

#include "activity/activity_window.h"
#include "chat/chat_window.h"
#include "dialogs/approval_dialog.h"
#include "dialogs/message_dialogs.h"
#include "dialogs/sent_dialog.h"
#include "gui/support/fake_agent.h"
#include "gui/support/sample_rows.h"
#include "gui/support/scripted_server.h"
#include "tray/tray.h"
#include "widgets/theme.h"

#include <QMessageBox>

using namespace gatehouse;
using namespace gatehouse::test;
using namespace Qt::StringLiterals;

namespace {

ui::Turn turn(const QString& asked, const QString& answered, Action action) {
    ui::Turn made;
    made.asked = asked;
    made.answered = answered;
    made.askedModel = u"openai/gpt-4o"_s;
    made.state = ui::TurnState::done;
    made.head.status = 200;
    made.head.decision = action;
    made.head.provider = u"openai"_s;
    made.head.model = u"gpt-4o"_s;
    made.head.costUsd = 0.0031;
    return made;
}

ui::Conversation sampleConversation() {
    ui::Conversation conversation = ui::Conversation::make();
    conversation.model = u"desk/qwen2.5-coder"_s;
    conversation.turns.push_back(turn(
        u"Please write a short, friendly reply to Ms Anders. Her card 4111 1111 1111 1111 was charged twice and she can be reached at anders@example.com."_s,
        u"Dear Ms Anders,\n\nthank you for your message. We have found the double charge on your card and returned the second payment today. It can take up to three working days until you see it.\n\nKind regards"_s,
        Action::redact));
    conversation.turns.back().replaced = {{u"pci.any.card"_s, FindingClass::pci, 1},
                                          {u"pii.any.email"_s, FindingClass::pii, 1}};
    conversation.turns.back().found = conversation.turns.back().replaced;
    conversation.turns.push_back(turn(u"Shorter, please."_s,
                                      u"Dear Ms Anders, the second payment is on its way back to you. Kind regards"_s,
                                      Action::allow));
    ui::Turn blocked = turn(u"And set our deploy key to AKIAIOSFODNN7EXAMPLE"_s, {}, Action::block);
    blocked.state = ui::TurnState::failed;
    blocked.head.status = 403;
    blocked.notice = ui::text::refusalNotice(u"dlp_blocked"_s, u"1 secret key was found (rule no-keys-outside)."_s);
    blocked.isTextBack = true;
    conversation.turns.push_back(blocked);
    conversation.draft = u"And set our deploy key"_s;
    return conversation;
}

void keep(QWidget& widget, const QString& name) {
    widget.show();
    QTest::qWait(60);
    const QPixmap picture = widget.grab();
    QVERIFY(!picture.isNull());
    const QString folder = qEnvironmentVariable("GATEHOUSE_PICTURES");
    if (!folder.isEmpty()) {
        QVERIFY(QDir().mkpath(folder));
        QVERIFY(picture.save(folder + u'/' + name + u".png"_s));
    }
    // A window in which a label stands cut off is narrower than what it needs.
    QVERIFY(widget.width() >= widget.minimumSizeHint().width());
}

} // namespace

class TestPictures final : public QObject {
    Q_OBJECT
private slots:
    void everyWindowDrawsInLightAndDark_data();
    void everyWindowDrawsInLightAndDark();
};

void TestPictures::everyWindowDrawsInLightAndDark_data() {
    QTest::addColumn<int>("choice");
    QTest::newRow("light") << static_cast<int>(ui::ThemeChoice::light);
    QTest::newRow("dark") << static_cast<int>(ui::ThemeChoice::dark);
}

void TestPictures::everyWindowDrawsInLightAndDark() {
    QFETCH(int, choice);
    ui::applyTheme(static_cast<ui::ThemeChoice>(choice));
    const QString suffix = u"-"_s + QString::fromLatin1(QTest::currentDataTag());
    ScriptedServer server;
    server.on("/v1/models", Reply::json(R"({"data":[{"id":"desk/qwen2.5-coder","gatehouse":{"trust":"local"}},
        {"id":"openai/gpt-4o"},{"id":"preview","owned_by":"preview"}]})"));
    FakeAgent agent(server.url());
    agent.rows = sampleRows();

    ui::Conversation full = sampleConversation();
    ui::ChatWindow chat(agent, full);
    chat.show();
    QTRY_VERIFY(chat.findChild<QComboBox*>(u"modelPicker"_s)->isEnabled());
    keep(chat, u"chat"_s + suffix);
    chat.resize(chat.minimumSize());
    keep(chat, u"chat-small"_s + suffix);

    ui::Conversation empty = ui::Conversation::make();
    empty.model = u"preview"_s;
    ui::ChatWindow first(agent, empty);
    first.show();
    QTRY_VERIFY(first.findChild<QComboBox*>(u"modelPicker"_s)->isEnabled());
    keep(first, u"chat-empty"_s + suffix);

    ui::ActivityWindow activity(agent);
    activity.show();
    auto* table = activity.findChild<QTableView*>(u"decisionTable"_s);
    QTRY_COMPARE(table->model()->rowCount(), 7);
    table->selectRow(1);
    keep(activity, u"decisions"_s + suffix);
    agent.rows.clear();
    ui::ActivityWindow none(agent);
    keep(none, u"decisions-empty"_s + suffix);

    ui::ApprovalDialog confirm({ui::PersonQuestion::Kind::confirm,
                                u"1 payment card and 2 e-mail addresses were found in your message."_s,
                                u"warn-cards"_s},
                               nullptr);
    confirm.setAttribute(Qt::WA_DeleteOnClose, false);
    keep(confirm, u"confirm"_s + suffix);
    ui::ApprovalDialog justify({ui::PersonQuestion::Kind::justify, {}, u"ask-why-customers"_s}, nullptr);
    justify.setAttribute(Qt::WA_DeleteOnClose, false);
    keep(justify, u"justify"_s + suffix);
    ui::SentDialog sent(u"Please write a reply. Her card [[CARD_1_K7]] was charged twice."_s, nullptr);
    sent.setAttribute(Qt::WA_DeleteOnClose, false);
    keep(sent, u"sent"_s + suffix);
    const std::unique_ptr<QMessageBox> quit(ui::makeQuitDialog(nullptr));
    quit->setAttribute(Qt::WA_DeleteOnClose, false);
    keep(*quit, u"quit"_s + suffix);
    const std::unique_ptr<QMessageBox> about(ui::makeAboutDialog(nullptr));
    about->setAttribute(Qt::WA_DeleteOnClose, false);
    keep(*about, u"about"_s + suffix);
    ui::Tray tray(agent);
    keep(tray.menu(), u"menu"_s + suffix);
}

QTEST_MAIN(TestPictures)
#include "tst_pictures.moc"
