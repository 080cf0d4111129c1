// SPDX-License-Identifier: Apache-2.0
#include <QTest>

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/use_future.hpp>

#include "../policy/policy_support.h"
#include "base/bytes.h"
#include "base/crypto.h"
#include "bridge/preview.h"
#include "bridge/readings.h"
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

std::string quoted(std::string text) {
    std::ranges::replace(text, '\'', '"');
    return text;
}

governance::Rules rulesOf(const std::string& browser) {
    const auto policy = policy::test::compiled(quoted("{'meta': {'id': 'm'}, 'browser': " + browser + "}"));
    return {std::make_shared<policy::PolicySet>(std::vector<std::shared_ptr<const policy::Policy>>{policy}), nullptr};
}

const Sender kSender{.person = {.name = "ada", .uid = 0, .groups = {}}, .browser = {}, .profile = "p1"};
const ipc::Focus kFocus{.isFocused = true, .host = "chatgpt.com", .key = "0123456789abcdef0123456789abcdef"};

} // namespace

class ReadingsTest final : public QObject {
    Q_OBJECT
private slots:
    void init() { m_governor = std::make_unique<test::ScriptedGovernor>(); }

    void whatPolicyDoesNotAskForIsNotDone_data() {
        QTest::addColumn<QByteArray>("browser");
        QTest::addColumn<int>("values");
        QTest::addColumn<int>("marks");
        QTest::newRow("nothing said") << QByteArray("{}") << 0 << 0;
        QTest::newRow("leave") << QByteArray("{'answers': 'leave'}") << 0 << 0;
        QTest::newRow("flag") << QByteArray("{'answers': 'flag'}") << 0 << 1;
        QTest::newRow("restore") << QByteArray("{'answers': 'restore'}") << 1 << 1;
    }
    void whatPolicyDoesNotAskForIsNotDone() {
        QFETCH(QByteArray, browser);
        QFETCH(int, values);
        QFETCH(int, marks);
        m_governor->action = Action::redact;
        m_governor->current = rulesOf(browser.toStdString());
        const auto reply = read("SECRET", {"[[WORD_1_A1]]"});
        QCOMPARE(reply.values.size(), static_cast<std::size_t>(values));
        QCOMPARE(reply.marks.size(), static_cast<std::size_t>(marks));
        QVERIFY(m_governor->intents.empty());
        QCOMPARE(m_governor->outcomes.size(), static_cast<std::size_t>(values + marks));
    }

    void withoutAPolicyNothingIsTold() {
        const auto reply = read("SECRET", {"[[WORD_1_A1]]"});
        QVERIFY(reply.values.empty());
        QVERIFY(reply.marks.empty());
    }

    void onlyWhatTheConversationKnowsIsRestored() {
        m_governor->current = rulesOf("{'answers': 'restore'}");
        const auto reply = read("", {"[[WORD_1_A1]]", "[[WORD_2_B2]]"});
        QCOMPARE(reply.values.size(), 1U);
        QCOMPARE(reply.values[0].first, std::string("[[WORD_1_A1]]"));
        QCOMPARE(reply.values[0].second, std::string("the value"));
        QCOMPARE(m_governor->outcomes.at(0).outcome, std::string("answer_restored"));
        QCOMPARE(m_governor->outcomes.at(0).reason, std::string("site=chatgpt.com"));
    }

    void marksCountAsJavaScriptDoes() {
        m_governor->action = Action::block;
        m_governor->current = rulesOf("{'answers': 'flag'}");
        const auto reply = read("\U0001F600 SECRET and SECRET", {});
        QCOMPARE(reply.marks.size(), 2U);
        QCOMPARE(reply.marks[0].begin, 3U);
        QCOMPARE(reply.marks[0].end, 9U);
        QCOMPARE(reply.marks[1].begin, 14U);
        QVERIFY(m_governor->seen.at(0).direction == Direction::answer);
        QCOMPARE(m_governor->outcomes.at(0).outcome, std::string("answer_flagged"));
    }

    void whatPolicyLetsPassIsNotMarked() {
        m_governor->action = Action::log;
        m_governor->current = rulesOf("{'answers': 'flag'}");
        QVERIFY(read("SECRET", {}).marks.empty());
        QVERIFY(m_governor->outcomes.empty());
    }

    void aCleanClipboardIsAllowedByDigestsAndLeavesNoTrace() {
        m_governor->current = rulesOf("{}");
        const auto notice = look({.text = "hello", .html = "<b>hello</b>"});
        QVERIFY(notice.isAllowed);
        QCOMPARE(notice.text, hexEncode(hmacSha256(bytesOf(kFocus.key), bytesOf("hello"))));
        QCOMPARE(notice.html, hexEncode(hmacSha256(bytesOf(kFocus.key), bytesOf("<b>hello</b>"))));
        QVERIFY(m_governor->intents.empty());
        QVERIFY(m_governor->outcomes.empty());
    }

    void aClipboardIsNotAllowed_data() {
        QTest::addColumn<QByteArray>("text");
        QTest::addColumn<QByteArray>("html");
        QTest::addColumn<bool>("isWhole");
        QTest::addColumn<QByteArray>("browser");
        QTest::newRow("finding") << QByteArray("SECRET") << QByteArray() << true << QByteArray("{}");
        QTest::newRow("finding in html") << QByteArray("a") << QByteArray("<i>SECRET</i>") << true << QByteArray("{}");
        QTest::newRow("more than text") << QByteArray("a") << QByteArray() << false << QByteArray("{}");
        QTest::newRow("nothing") << QByteArray() << QByteArray("<img>") << true << QByteArray("{}");
        QTest::newRow("too much") << QByteArray(static_cast<qsizetype>(ipc::kTextLimit) + 1, 'a') << QByteArray()
                                  << true << QByteArray("{}");
        QTest::newRow("policy says no") << QByteArray("a") << QByteArray() << true
                                        << QByteArray("{'fast_path': false}");
    }
    void aClipboardIsNotAllowed() {
        QFETCH(QByteArray, text);
        QFETCH(QByteArray, html);
        QFETCH(bool, isWhole);
        QFETCH(QByteArray, browser);
        m_governor->action = Action::log;
        m_governor->current = rulesOf(browser.toStdString());
        QVERIFY(!look({.text = text.toStdString(), .html = html.toStdString(), .isWhole = isWhole}).isAllowed);
    }

    void aClipboardThatCannotBeLookedAtIsNotAllowed() {
        m_governor->current = rulesOf("{}");
        m_governor->failsInspect = true;
        QVERIFY(!look({.text = "hello", .html = {}}).isAllowed);
    }

private:
    ipc::ReadingReply read(const std::string& text, std::vector<std::string> placeholders) {
        Readings readings(*m_governor);
        return waitFor(readings.read(
            kSender, {.host = "chatgpt.com", .topHost = {}, .text = text, .placeholders = std::move(placeholders)}));
    }
    ipc::ClipNotice look(Clip clip) { return waitFor(preview(*m_governor, kSender, kFocus, std::move(clip))); }

    std::unique_ptr<test::ScriptedGovernor> m_governor;
};

QTEST_GUILESS_MAIN(ReadingsTest)
#include "tst_readings.moc"
