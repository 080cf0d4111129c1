// SPDX-License-Identifier: Apache-2.0
#include <QTest>

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/use_future.hpp>

#include "bridge/judge.h"
#include "support/scripted_governor.h"

using namespace gatehouse;
using namespace gatehouse::bridge;

namespace {

template <class T>
T waitFor(Task<T> task) {
    asio::io_context context;
    auto future = asio::co_spawn(context, std::move(task), asio::use_future);
    context.run();
    return future.get();
}

} // namespace

class JudgeTest final : public QObject {
    Q_OBJECT
private slots:
    void init() {
        m_judge.reset();
        m_governor = std::make_unique<test::ScriptedGovernor>();
        m_clock = std::make_unique<test::ManualClock>();
        m_judge = std::make_unique<Judge>(*m_governor, *m_clock);
    }

    void aHarmlessTextMayGoAfterItsIntentIsWritten() {
        const auto reply = ask("hello");
        QVERIFY(reply.action == Action::allow);
        QVERIFY(reply.reason.empty());
        QCOMPARE(m_governor->intents.size(), 1U);
        QVERIFY(m_governor->intents[0].kind == RecordKind::intent);
        QCOMPARE(m_governor->outcomes.size(), 1U);
        QCOMPARE(m_governor->outcomes[0].outcome, std::string("completed"));
        QCOMPARE(m_governor->outcomes[0].interaction, reply.interaction);
    }

    void theInteractionSaysWhoWhereAndWhat() {
        ask("hello");
        const auto& interaction = m_governor->seen.at(0);
        QVERIFY(interaction.channel == Channel::paste);
        QCOMPARE(interaction.site, std::string("chatgpt.com"));
        QCOMPARE(interaction.person.name, std::string("ada"));
        QCOMPARE(interaction.process.executable, std::string("/usr/lib/chromium/chromium"));
        QCOMPARE(interaction.client, std::string("browser-p1"));
        QVERIFY(m_governor->intents[0].destination.trust == Trust::external);
    }

    void aFindingIsRedactedInJavaScriptsOffsets() {
        m_governor->action = Action::redact;
        const auto reply = ask("\U0001F600 SECRET end");
        QVERIFY(reply.action == Action::redact);
        QCOMPARE(reply.spans.size(), 1U);
        QCOMPARE(reply.spans[0].begin, 3U);
        QCOMPARE(reply.findings.at(0).count, 1U);
        QCOMPARE(m_governor->intents.size(), 1U);
    }

    void aBlockedTextLeavesNoIntentButAnOutcome() {
        m_governor->action = Action::block;
        const auto reply = ask("SECRET");
        QVERIFY(reply.action == Action::block);
        QCOMPARE(reply.reason, std::string("dlp_blocked"));
        QVERIFY(m_governor->intents.empty());
        QCOMPARE(m_governor->outcomes.at(0).outcome, std::string("refused"));
    }

    void aTextForLocalModelsOnlyIsHeld() {
        m_governor->action = Action::routeLocal;
        const auto reply = ask("SECRET");
        QVERIFY(reply.action == Action::routeLocal);
        QCOMPARE(reply.reason, std::string("local_only"));
        QVERIFY(m_governor->intents.empty());
    }

    void everyFailureRefuses_data() {
        QTest::addColumn<int>("which");
        QTest::addColumn<QString>("reason");
        QTest::newRow("inspect") << 0 << "internal_error";
        QTest::newRow("transform") << 1 << "internal_error";
        QTest::newRow("intent") << 2 << "audit_failed";
    }
    void everyFailureRefuses() {
        QFETCH(int, which);
        QFETCH(QString, reason);
        m_governor->action = Action::redact;
        m_governor->failsInspect = which == 0;
        m_governor->failsTransform = which == 1;
        m_governor->failsIntent = which == 2;
        const auto reply = ask("SECRET");
        QVERIFY(reply.action == Action::block);
        QCOMPARE(QString::fromStdString(reply.reason), reason);
        QVERIFY(reply.spans.empty());
        QVERIFY(m_governor->intents.empty());
        QCOMPARE(m_governor->outcomes.size(), 1U);
    }

    void aWarningWaitsForThePersonAndThenGoes() {
        m_governor->action = Action::warn;
        const auto question = ask("SECRET");
        QVERIFY(question.action == Action::warn);
        QVERIFY(m_governor->intents.empty());
        const auto reply = settle(question.interaction, true, "");
        QVERIFY(reply.action == Action::allow);
        QCOMPARE(m_governor->intents.size(), 1U);
        QVERIFY(settle(question.interaction, true, "").action == Action::block);
        QCOMPARE(m_governor->intents.size(), 1U);
    }

    void aDeclinedWarningIsRecordedAndRefused() {
        m_governor->action = Action::warn;
        const auto reply = settle(ask("SECRET").interaction, false, "");
        QVERIFY(reply.action == Action::block);
        QCOMPARE(reply.reason, std::string("confirmation_required"));
        QVERIFY(m_governor->intents.empty());
        QCOMPARE(m_governor->outcomes.size(), 1U);
    }

    void aJustificationMustSaySomethingAndIsRecorded() {
        m_governor->action = Action::justify;
        const auto question = ask("SECRET");
        QVERIFY(question.action == Action::justify);
        QVERIFY(settle(question.interaction, true, " \n").action == Action::justify);
        QVERIFY(m_governor->intents.empty());
        QVERIFY(settle(question.interaction, true, "the customer asked").action == Action::allow);
        QCOMPARE(m_governor->intents.at(0).justification, std::string("the customer asked"));
    }

    void thePersonMayHaveItRedactedInstead() {
        for (const Action action : {Action::warn, Action::justify}) {
            m_governor->action = action;
            const auto question = ask("SECRET and more");
            ipc::AnswerRequest answer{.interaction = question.interaction, .isProceeding = true, .justification = {}};
            answer.isRedacting = true;
            const auto reply = waitFor(m_judge->settle(answer));
            QVERIFY(reply.action == Action::redact);
            QCOMPARE(reply.spans.at(0).text, std::string("[[WORD_1_A1]]"));
            QVERIFY(m_governor->intents.back().action == Action::redact);
            QCOMPARE(m_judge->waitingCount(), 0U);
        }
    }

    void aRefusedQuestionIsNotRedacted() {
        m_governor->action = Action::warn;
        ipc::AnswerRequest answer{.interaction = ask("SECRET").interaction, .isProceeding = false, .justification = {}};
        answer.isRedacting = true;
        QVERIFY(waitFor(m_judge->settle(answer)).action == Action::block);
        QVERIFY(m_governor->intents.empty());
    }

    void aRedactionBehindAWarningIsStillARedaction() {
        m_governor->action = Action::redact;
        m_governor->asksFirst = true;
        const auto question = ask("SECRET");
        QVERIFY(question.action == Action::warn);
        const auto reply = settle(question.interaction, true, "");
        QVERIFY(reply.action == Action::redact);
        QCOMPARE(reply.spans.at(0).text, std::string("[[WORD_1_A1]]"));
    }

    void nothingIsReplacedInAFile() {
        m_governor->action = Action::redact;
        const auto reply = waitFor(m_judge->judgeFile(
            sender(), {.file = "f", .host = "chatgpt.com", .topHost = {}, .name = "a.txt", .mime = {}, .size = 8},
            "a SECRET"));
        QVERIFY(reply.action == Action::block);
        QCOMPARE(reply.reason, std::string("dlp_blocked"));
        QVERIFY(m_governor->intents.empty());
    }

    void aDocumentIsGivenToTheGovernorAsTheFileThatItIs() {
        m_governor->action = Action::block;
        const auto reply = waitFor(m_judge->judgeFile(
            sender(), {.file = "f", .host = "chatgpt.com", .topHost = {}, .name = "a.pdf", .mime = {}, .size = 6},
            std::nullopt, "%PDF-1"));
        QVERIFY(reply.action == Action::allow); // nothing was found in it
        const std::vector<Part>& parts = m_governor->seen.at(0).parts;
        QCOMPARE(parts.size(), 2U);
        QVERIFY(parts[0].kind == PartKind::opaque);
        QCOMPARE(parts[0].text, std::string("JVBERi0x"));
        QCOMPARE(parts[1].text, std::string("a.pdf"));
    }

    void theNameOfAFileIsLookedAtToo() {
        m_governor->action = Action::block;
        const auto reply = waitFor(m_judge->judgeFile(
            sender(), {.file = "f", .host = "chatgpt.com", .topHost = {}, .name = "SECRET.txt", .mime = {}, .size = 1},
            "a"));
        QVERIFY(reply.action == Action::block);
    }

    void aQuestionExpires() {
        m_governor->action = Action::warn;
        const auto question = ask("SECRET");
        m_clock->steady += std::chrono::minutes(5);
        QVERIFY(settle(question.interaction, true, "").action == Action::block);
        QCOMPARE(m_judge->waitingCount(), 0U);
        QCOMPARE(m_governor->outcomes.size(), 1U);
    }

    void whatWaitsIsRecordedWhenTheBrowserLeaves() {
        m_governor->action = Action::warn;
        ask("SECRET");
        m_judge.reset();
        QCOMPARE(m_governor->outcomes.at(0).outcome, std::string("client_gone"));
    }

    void atMostSixtyFourQuestionsWait() {
        m_governor->action = Action::warn;
        for (int i = 0; i < 70; ++i) {
            ask("SECRET " + std::to_string(i));
        }
        QCOMPARE(m_judge->waitingCount(), 64U);
        QCOMPARE(m_governor->outcomes.size(), 6U);
    }

    void htmlTravelsOnlyWhenNothingWasFoundInIt() {
        QVERIFY(ask("hello", "<b>hello</b>").keepsHtml);
        QCOMPARE(m_governor->seen.back().parts.size(), 2U);
        m_governor->action = Action::block;
        const auto reply = ask("hello", "<b title=SECRET>hello</b>");
        QVERIFY(reply.action == Action::allow);
        QVERIFY(!reply.keepsHtml);
    }

private:
    static Sender sender() {
        Sender sender;
        sender.person.name = "ada";
        sender.browser.executable = "/usr/lib/chromium/chromium";
        sender.profile = "p1";
        return sender;
    }
    ipc::VerdictReply ask(std::string text, std::optional<std::string> html = {}) {
        ipc::VerdictRequest request;
        request.host = "chatgpt.com";
        request.text = std::move(text);
        request.html = std::move(html);
        return waitFor(m_judge->judge(sender(), request));
    }
    ipc::VerdictReply settle(std::string interaction, bool isProceeding, std::string justification) {
        return waitFor(m_judge->settle({std::move(interaction), isProceeding, std::move(justification)}));
    }

    std::unique_ptr<test::ScriptedGovernor> m_governor;
    std::unique_ptr<test::ManualClock> m_clock;
    std::unique_ptr<Judge> m_judge;
};

QTEST_GUILESS_MAIN(JudgeTest)
#include "tst_judge.moc"
