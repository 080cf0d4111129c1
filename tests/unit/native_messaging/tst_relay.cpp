// SPDX-License-Identifier: Apache-2.0
#include <QFile>
#include <QProcess>
#include <QTemporaryDir>
#include <QTest>

#include <csignal>

#include "caller.h"
#include "relay.h"
#include "support/bridge_fixture.h"

using namespace gatehouse;
using namespace gatehouse::test;

namespace {

// A relay on its own thread between a browser, which is the test, and whatever listens at the socket's path.
class RunningRelay final {
public:
    explicit RunningRelay(const std::string& socketPath) {
        int toHost[2];
        int fromHost[2];
        if (::pipe2(toHost, O_CLOEXEC) != 0 || ::pipe2(fromHost, O_CLOEXEC) != 0) {
            std::abort();
        }
        m_thread = std::thread([this, socketPath, input = toHost[0], output = fromHost[1]] {
            host::RelayOptions options;
            options.input = input;
            options.output = output;
            options.socketPath = socketPath;
            options.origin = std::string(ipc::kChromiumOrigin);
            options.retry = std::chrono::milliseconds(20);
            end = host::Relay(options).run();
            ::close(input);
            ::close(output);
        });
        browser = std::make_unique<FramedPeer>(fromHost[0], toHost[1]);
    }
    ~RunningRelay() { join(); }
    RunningRelay(const RunningRelay&) = delete;
    RunningRelay& operator=(const RunningRelay&) = delete;
    void join() {
        browser->close();
        if (m_thread.joinable()) {
            m_thread.join();
        }
    }
    std::unique_ptr<FramedPeer> browser;
    host::RelayEnd end = host::RelayEnd::outputLost;

private:
    std::thread m_thread;
};

} // namespace

class RelayTest final : public QObject {
    Q_OBJECT
private slots:
    void initTestCase() { std::signal(SIGPIPE, SIG_IGN); }

    void onlyOurExtensionIsServed() {
        const std::vector<std::string_view> chromium{ipc::kChromiumOrigin, "--parent-window=0"};
        QCOMPARE(host::callerOrigin(chromium).value(), ipc::kChromiumOrigin);
        const std::vector<std::string_view> firefox{"/usr/lib/mozilla/x.json", ipc::kFirefoxId};
        QCOMPARE(host::callerOrigin(firefox).value(), ipc::kFirefoxId);
        for (const auto& other :
             std::vector<std::vector<std::string_view>>{{},
                                                        {"chrome-extension://aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa/"},
                                                        {"chrome-extension://amlcmoamanbdbgmjdocllhaoeacjjleo/x"},
                                                        {"/x.json", "other@example"},
                                                        {ipc::kFirefoxId},
                                                        {"x", ipc::kChromiumOrigin}}) {
            QVERIFY(!host::callerOrigin(other));
        }
    }

    void theProgramRefusesToRunByHand() {
        QProcess process;
        process.start(GATEHOUSE_NATIVE_HOST, {"chrome-extension://someone-else/"});
        QVERIFY(process.waitForFinished());
        QCOMPARE(process.exitCode(), 2);
        QVERIFY(process.readAllStandardOutput().isEmpty());
        QVERIFY(!process.readAllStandardError().isEmpty());
    }

    void browsersAreKnownByTheirPrograms() {
        for (const auto* browser :
             {"/usr/lib/chromium/chromium", "/opt/google/chrome/chrome", "/opt/microsoft/msedge/msedge",
              "/opt/brave.com/brave/brave", "/usr/lib/firefox-esr/firefox-esr", "firefox",
              "/usr/lib/chromium/chromium (deleted)"}) {
            QVERIFY2(host::isBrowser(browser), browser);
        }
        for (const auto* other : {"", "/", "/usr/bin/bash", "/usr/bin/chromium/python3", "/usr/bin/chromium ", "CHROME",
                                  "/usr/bin/notchromium", " (deleted)"}) {
            QVERIFY2(!host::isBrowser(other), other);
        }
    }

    // This test is no browser.
    void theProgramServesNoOtherProgram() {
        QProcess process;
        process.start(GATEHOUSE_NATIVE_HOST, {QString::fromUtf8(ipc::kChromiumOrigin.data())});
        QVERIFY(process.waitForFinished());
        QCOMPARE(process.exitCode(), 2);
        QVERIFY(process.readAllStandardOutput().isEmpty());
    }

    void theProgramEndsWhenTheBrowserLeaves() {
        const QTemporaryDir folder;
        const QString browser = folder.filePath("chromium"); // a shell that is called like one
        QVERIFY(QFile::copy("/bin/sh", browser));
        QProcess process;
        process.start(browser, {"-c", "\"$0\" \"$@\"; exit $?", GATEHOUSE_NATIVE_HOST,
                                QString::fromUtf8(ipc::kChromiumOrigin.data())});
        QVERIFY(process.waitForStarted());
        process.closeWriteChannel();
        QVERIFY(process.waitForFinished());
        QCOMPARE(process.exitCode(), 0);
    }

    void messagesReachTheAgentAndComeBack() {
        BridgeFixture agent;
        QVERIFY(agent.start());
        RunningRelay relay(agent.socketPath());
        QCOMPARE(word(relay.browser->ask(helloText()), "agent"), std::string("up"));
        agent.governor.action = Action::redact;
        const Json reply = relay.browser->ask(pasteText("7", "a SECRET"));
        QCOMPARE(reply["spans"].dump(), std::string("[[2,8,\"[[WORD_1_A1]]\"]]"));
        relay.join();
        QVERIFY(relay.end == host::RelayEnd::browserLeft);
    }

    void frameAfterFrameInOddPiecesPasses() {
        BridgeFixture agent;
        QVERIFY(agent.start());
        RunningRelay relay(agent.socketPath());
        const std::string large(700'000, 'x');
        const std::string bytes =
            ipc::encodeFrame(helloText()).value() + ipc::encodeFrame(pasteText("1", "a")).value() +
            ipc::encodeFrame(pasteText("2", large)).value() + ipc::encodeFrame(pasteText("3", "c")).value();
        for (std::size_t at = 0; at < bytes.size(); at += 9973) {
            relay.browser->sendBytes(std::string_view(bytes).substr(at, 9973));
        }
        QCOMPARE(word(relay.browser->next(), "type"), std::string("hello_ok"));
        for (int i = 0; i < 3; ++i) {
            QCOMPARE(word(relay.browser->next(), "action"), std::string("allow"));
        }
        QCOMPARE(agent.governor.seen.at(1).parts[0].text, large);
    }

    void aMissingAgentIsSaidAndAnAgentThatStartsLaterIsGreeted() {
        BridgeFixture agent;
        RunningRelay relay(agent.socketPath());
        const Json down = relay.browser->ask(helloText());
        QCOMPARE(word(down, "error"), std::string("agent_down"));
        QCOMPARE(word(down, "id"), std::string("h"));
        QCOMPARE(word(relay.browser->ask(pasteText("1", "x")), "error"), std::string("agent_down"));
        QVERIFY(agent.start());
        QCOMPARE(word(relay.browser->next(), "type"),
                 std::string("hello_ok")); // its hello was said again, without being asked
        QCOMPARE(word(relay.browser->ask(pasteText("2", "x")), "action"), std::string("allow"));
    }

    void anAgentThatGoesIsSaidAndComesBack() {
        BridgeFixture agent;
        QVERIFY(agent.start());
        RunningRelay relay(agent.socketPath());
        QCOMPARE(word(relay.browser->ask(helloText()), "type"), std::string("hello_ok"));
        agent.stop();
        const Json status = relay.browser->next();
        QCOMPARE(word(status, "type"), std::string("status"));
        QCOMPARE(word(status, "agent"), std::string("down"));
        QVERIFY(agent.start());
        QCOMPARE(word(relay.browser->next(), "type"), std::string("hello_ok"));
    }

    void brokenFramesOfTheBrowserEndTheRelay_data() {
        QTest::addColumn<QByteArray>("bytes");
        QTest::newRow("too long") << QByteArray("\x01\x00\x10\x00", 4);
        QTest::newRow("empty") << QByteArray(4, '\0');
    }
    void brokenFramesOfTheBrowserEndTheRelay() {
        QFETCH(QByteArray, bytes);
        BridgeFixture agent;
        QVERIFY(agent.start());
        RunningRelay relay(agent.socketPath());
        relay.browser->sendBytes({bytes.data(), static_cast<std::size_t>(bytes.size())});
        QVERIFY(relay.browser->next().is_null());
        relay.join();
        QVERIFY(relay.end == host::RelayEnd::brokenFrames);
    }
};

QTEST_GUILESS_MAIN(RelayTest)
#include "tst_relay.moc"
