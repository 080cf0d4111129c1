// SPDX-License-Identifier: Apache-2.0
#include <QTest>

#include <set>

#include <sys/stat.h>

#include "../policy/policy_support.h"
#include "base/bytes.h"
#include "support/bridge_fixture.h"

using namespace gatehouse;
using namespace gatehouse::test;

class BridgeTest final : public QObject {
    Q_OBJECT
private slots:
    void init() {
        m_fixture = std::make_unique<BridgeFixture>();
        const auto started = m_fixture->start(&m_clipboard);
        QVERIFY2(started, started ? "" : started.error().what.c_str());
    }
    void cleanup() { m_fixture.reset(); }

    void theSocketIsForTheOwnerOnlyAndGoesWithTheBridge() {
        struct stat entry{};
        QCOMPARE(::stat(m_fixture->socketPath().c_str(), &entry), 0);
        QCOMPARE(entry.st_mode & 0777U, 0600U);
        m_fixture->stop();
        QVERIFY(::stat(m_fixture->socketPath().c_str(), &entry) != 0);
    }

    void aSecondBridgeAtTheSamePathIsAConflict() {
        BridgeFixture other;
        const auto again = bridge::Bridge::start({.socketPath = m_fixture->socketPath(),
                                                  .person = {},
                                                  .agentVersion = {},
                                                  .openChat = {},
                                                  .clipboard = nullptr},
                                                 other.governor, other.clock, asio::system_executor());
        QVERIFY(!again);
        QCOMPARE(again.error().kind, ErrorKind::conflict);
    }

    void aVerdictNeedsAttachAndHelloFirst() {
        auto peer = connect();
        QCOMPARE(word(peer->ask(pasteText("1", "hi")), "error"), std::string("out_of_order"));
        QCOMPARE(word(peer->ask(helloText()), "error"), std::string("out_of_order"));
        peer->send(attachText());
        const Json hello = peer->ask(helloText());
        QCOMPARE(word(hello, "type"), std::string("hello_ok"));
        QCOMPARE(word(hello, "id"), std::string("h"));
        QCOMPARE(word(hello["policy"], "failMode"), std::string("closed"));
        const Json verdict = peer->ask(pasteText("1", "hi"));
        QCOMPARE(word(verdict, "action"), std::string("allow"));
        QCOMPARE(word(verdict, "id"), std::string("1"));
    }

    void aForeignExtensionIsClosed() {
        auto peer = connect();
        peer->send(attachText("chrome-extension://aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa/"));
        QVERIFY(peer->next().is_null());
    }

    void oddMessagesAreAnsweredAndTheSessionGoesOn_data() {
        QTest::addColumn<QByteArray>("text");
        QTest::addColumn<QByteArray>("error");
        QTest::newRow("not json") << QByteArray("{{{{") << QByteArray("invalid");
        QTest::newRow("unknown type") << QByteArray::fromStdString(quoted("{'v':1,'type':'reboot','id':'9'}"))
                                      << QByteArray("unknown_type");
        QTest::newRow("other version") << QByteArray::fromStdString(quoted("{'v':2,'type':'ping','id':'9'}"))
                                       << QByteArray("invalid");
        QTest::newRow("bad verdict") << QByteArray::fromStdString(
                                            quoted("{'v':1,'type':'verdict','id':'9','kind':'paste'}"))
                                     << QByteArray("invalid");
        QTest::newRow("bad answer") << QByteArray::fromStdString(quoted("{'v':1,'type':'answer','id':'9'}"))
                                    << QByteArray("invalid");
        QTest::newRow("bad event") << QByteArray::fromStdString(quoted("{'v':1,'type':'event','id':'9','what':'x'}"))
                                   << QByteArray("invalid");
        QTest::newRow("bad hello") << QByteArray::fromStdString(quoted("{'v':1,'type':'hello','id':'9'}"))
                                   << QByteArray("invalid");
        QTest::newRow("text above its cap")
            << QByteArray::fromStdString(pasteText("9", std::string(ipc::kTextLimit + 1, 'a')))
            << QByteArray("too_large");
    }
    void oddMessagesAreAnsweredAndTheSessionGoesOn() {
        QFETCH(QByteArray, text);
        QFETCH(QByteArray, error);
        auto peer = greeted();
        const Json reply = peer->ask(text.toStdString());
        QCOMPARE(word(reply, "type"), std::string("error"));
        QCOMPARE(word(reply, "error"), std::string(error.toStdString()));
        QCOMPARE(word(peer->ask(pasteText("2", "hi")), "action"), std::string("allow"));
        QVERIFY(m_fixture->governor.seen.size() == 1);
    }

    void brokenFramesEndTheSession() {
        auto peer = greeted();
        peer->sendBytes(std::string(4, '\xff'));
        QVERIFY(peer->next().is_null());
        QVERIFY(greeted());
    }

    void manyQuestionsAtOnceAreAllAnswered() {
        auto peer = greeted();
        std::string bytes;
        for (int i = 0; i < 50; ++i) {
            bytes += ipc::encodeFrame(pasteText(std::to_string(i), "hello")).value();
        }
        for (std::size_t at = 0; at < bytes.size(); at += 17) {
            peer->sendBytes(std::string_view(bytes).substr(at, 17));
        }
        std::set<std::string> ids;
        for (int i = 0; i < 50; ++i) {
            ids.insert(peer->next()["id"].get<std::string>());
        }
        QCOMPARE(ids.size(), 50U);
    }

    void aWarningIsAnsweredThroughTheSocket() {
        m_fixture->governor.action = Action::justify;
        auto peer = greeted();
        const Json question = peer->ask(pasteText("1", "SECRET"));
        QCOMPARE(word(question, "action"), std::string("justify"));
        const Json reply = peer->ask(dumpJson({{"v", 1},
                                               {"type", "answer"},
                                               {"id", "2"},
                                               {"interaction", question["interaction"]},
                                               {"proceed", true},
                                               {"justification", "because"}}));
        QCOMPARE(word(reply, "action"), std::string("allow"));
        QCOMPARE(word(reply, "id"), std::string("2"));
    }

    void aFileIsJudgedByItsTextOnceAllOfItIsThere() {
        m_fixture->governor.action = Action::block;
        auto peer = greeted();
        const auto begin = [&](const char* name, std::size_t size) {
            return peer->ask(dumpJson({{"v", 1},
                                       {"type", "file_begin"},
                                       {"id", "b"},
                                       {"file", name},
                                       {"origin", "https://chatgpt.com"},
                                       {"name", "a.txt"},
                                       {"size", size}}));
        };
        const auto chunk = [&](const char* name, int sequence, std::string_view bytes) {
            const ByteView view{reinterpret_cast<const std::uint8_t*>(bytes.data()), bytes.size()};
            return peer->ask(dumpJson({{"v", 1},
                                       {"type", "file_chunk"},
                                       {"id", "c"},
                                       {"file", name},
                                       {"seq", sequence},
                                       {"data", base64Encode(view)}}));
        };
        const auto end = [&](const char* name) {
            return peer->ask(dumpJson({{"v", 1}, {"type", "file_end"}, {"id", "e"}, {"file", name}}));
        };
        QCOMPARE(word(begin("f", 8), "type"), std::string("file_ok"));
        QCOMPARE(word(begin("f", 8), "error"), std::string("invalid"));
        QCOMPARE(chunk("f", 0, "a SEC")["enough"].get<bool>(), false);
        QCOMPARE(word(chunk("f", 1, "RET"), "type"), std::string("file_ok"));
        QCOMPARE(word(end("f"), "action"), std::string("block"));
        QVERIFY(m_fixture->governor.seen.at(0).channel == Channel::upload);
        QCOMPARE(m_fixture->governor.seen.at(0).parts.at(0).text, std::string("a SECRET"));
        QCOMPARE(m_fixture->governor.seen.at(0).parts.at(1).text, std::string("a.txt"));
        QCOMPARE(word(end("f"), "error"), std::string("invalid"));

        QCOMPARE(word(begin("g", 9000), "type"), std::string("file_ok"));
        QCOMPARE(chunk("g", 0, std::string_view("PK\0\0", 4))["enough"].get<bool>(), true);
        QCOMPARE(word(end("g"), "action"), std::string("allow"));
        QVERIFY(m_fixture->governor.seen.at(1).parts.at(0).kind == PartKind::opaque);
        QVERIFY(!m_fixture->governor.seen.at(1).parts.at(0).text.empty());
    }

    void anotherSessionCannotAnswerForThis() {
        m_fixture->governor.action = Action::warn;
        auto peer = greeted();
        auto other = greeted();
        const Json question = peer->ask(pasteText("1", "SECRET"));
        const Json reply = other->ask(dumpJson(
            {{"v", 1}, {"type", "answer"}, {"id", "2"}, {"interaction", question["interaction"]}, {"proceed", true}}));
        QCOMPARE(word(reply, "action"), std::string("block"));
        QVERIFY(m_fixture->governor.intents.empty());
    }

    void policyIsPushedToThoseWhoSaidHello() {
        auto peer = greeted();
        auto silent = connect();
        m_fixture->onThread([this] { m_fixture->bridge().policyChanged(); });
        const Json push = peer->next();
        QCOMPARE(word(push, "type"), std::string("push"));
        QCOMPARE(word(push, "what"), std::string("policy"));
        silent->send(attachText());
        QCOMPARE(word(silent->ask(helloText()), "type"), std::string("hello_ok"));
    }

    void reportsOfTheBrowserReachTheAudit() {
        auto peer = greeted();
        peer->send(quoted("{'v':1,'type':'event','what':'passed_down','origin':'https://chatgpt.com','count':3}"));
        QCOMPARE(word(peer->ask(quoted("{'v':1,'type':'ping','id':'5'}")), "type"), std::string("pong"));
        const auto& record = m_fixture->governor.outcomes.at(0);
        QVERIFY(record.kind == RecordKind::event);
        QCOMPARE(record.outcome, std::string("passed_down"));
        QCOMPARE(record.reason, std::string("site=chatgpt.com, times=3"));
    }

    void theClipboardIsWatchedWhileAPageHasTheFocusAndToldAsDigests() {
        const auto policy = policy::test::compiled("{\"meta\": {\"id\": \"m\"}}");
        m_fixture->onThread([&] {
            m_fixture->governor.current.policy =
                std::make_shared<policy::PolicySet>(std::vector<std::shared_ptr<const policy::Policy>>{policy});
        });
        auto peer = greeted();
        auto other = greeted();
        QVERIFY(!m_clipboard.isWatched());
        peer->send(focusText(true));
        QCOMPARE(word(peer->ask(quoted("{'v':1,'type':'ping','id':'5'}")), "type"), std::string("pong"));
        QVERIFY(m_clipboard.isWatched());
        m_clipboard.hold({.text = "hello", .html = {}});
        const Json push = peer->next();
        QCOMPARE(word(push, "what"), std::string("clip"));
        QCOMPARE(word(push, "key"), std::string(32, 'k'));
        QCOMPARE(word(push, "text").size(), 64U);
        QCOMPARE(word(push, "html"), std::string());
        QVERIFY(!dumpJson(push).contains("hello"));
        QCOMPARE(word(other->ask(quoted("{'v':1,'type':'ping','id':'6'}")), "type"), std::string("pong"));
        peer->send(focusText(false));
        QCOMPARE(word(peer->ask(quoted("{'v':1,'type':'ping','id':'7'}")), "type"), std::string("pong"));
        QVERIFY(!m_clipboard.isWatched());
    }

    void aBrowserThatGoesEndsTheWatch() {
        auto peer = greeted();
        peer->send(focusText(true));
        peer->ask(quoted("{'v':1,'type':'ping','id':'5'}"));
        QVERIFY(m_clipboard.isWatched());
        peer.reset();
        QTRY_VERIFY(!m_clipboard.isWatched());
    }

    void aTextForALocalModelIsTakenToTheChatWhereThereIsOne() {
        auto peer = greeted();
        const std::string question =
            quoted("{'v':1,'type':'chat','id':'5','origin':'https://chatgpt.com','text':'keep it here'}");
        QCOMPARE(peer->ask(question)["opened"].get<bool>(), true);
        QCOMPARE(m_fixture->chats, std::vector<std::string>{"keep it here"});
        QCOMPARE(m_fixture->governor.outcomes.at(0).outcome, std::string("local_chat"));
    }

    void aReadingIsAnswered() {
        auto peer = greeted();
        const Json reply = peer->ask(
            quoted("{'v':1,'type':'reading','id':'5','origin':'https://chatgpt.com','placeholders':['[[A_1_BC]]']}"));
        QCOMPARE(word(reply, "type"), std::string("reading_ok"));
        QVERIFY(reply["values"].empty());
        QVERIFY(reply["marks"].empty());
    }

    void stoppingEndsEverySession() {
        auto peer = greeted();
        m_fixture->stop();
        QVERIFY(peer->next().is_null());
    }

private:
    std::unique_ptr<FramedPeer> connect() {
        const int descriptor = ipc::connectToAgent(m_fixture->socketPath()).value();
        return std::make_unique<FramedPeer>(descriptor, descriptor);
    }
    std::unique_ptr<FramedPeer> greeted() {
        auto peer = connect();
        peer->send(attachText());
        return peer->ask(helloText())["type"] == "hello_ok" ? std::move(peer) : nullptr;
    }
    static std::string focusText(bool isFocused) {
        return dumpJson({{"v", 1},
                         {"type", "focus"},
                         {"origin", "https://chatgpt.com"},
                         {"focused", isFocused},
                         {"key", std::string(32, 'k')}});
    }
    ScriptedClipboard m_clipboard; // outlives the bridge
    std::unique_ptr<BridgeFixture> m_fixture;
};

QTEST_GUILESS_MAIN(BridgeTest)
#include "tst_bridge.moc"
