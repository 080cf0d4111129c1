// SPDX-License-Identifier: Apache-2.0
#include <QtTest>

#include "platform/boot.h"
#include "platform/paths.h"

using namespace gatehouse;
using namespace gatehouse::platform;

class TestPaths final : public QObject {
    Q_OBJECT
private slots:
    void init() {
        for (const char* name : {"XDG_CONFIG_HOME", "XDG_DATA_HOME", "GATEHOUSE_DATA", "GATEHOUSE_SOCKET"}) {
            qunsetenv(name);
        }
        qputenv("HOME", "/home/ada");
        qputenv("XDG_RUNTIME_DIR", "/run/user/1000");
    }

    void theDefaultsAreThoseOfXdg() {
        QCOMPARE(configFolder().value(), std::string("/home/ada/.config/gatehouse"));
        QCOMPARE(dataFolder().value(), std::string("/home/ada/.local/share/gatehouse"));
        QCOMPARE(runtimeFolder().value(), std::string("/run/user/1000/gatehouse"));
        QCOMPARE(agentSocketPath().value(), std::string("/run/user/1000/gatehouse/agent.sock"));
    }

    void theEnvironmentWins() {
        qputenv("XDG_CONFIG_HOME", "/c/");
        qputenv("XDG_DATA_HOME", "/d");
        QCOMPARE(configFolder().value(), std::string("/c/gatehouse"));
        QCOMPARE(dataFolder().value(), std::string("/d/gatehouse"));
        qputenv("GATEHOUSE_DATA", "/elsewhere/data/");
        QCOMPARE(dataFolder().value(), std::string("/elsewhere/data"));
        qputenv("GATEHOUSE_SOCKET", "/s/agent.sock");
        QCOMPARE(agentSocketPath().value(), std::string("/s/agent.sock"));
    }

    void relativePathsAreNotTaken() {
        qputenv("XDG_CONFIG_HOME", "relative");
        QCOMPARE(configFolder().value(), std::string("/home/ada/.config/gatehouse"));
        qputenv("GATEHOUSE_DATA", "relative");
        QCOMPARE(dataFolder().error().kind, ErrorKind::invalidInput); // asked for by name: never silently elsewhere
    }

    void theBootHasOneIdentifier() {
        QVERIFY(bootId() == bootId());
        QVERIFY(bootId() != BootId{});
    }
};

QTEST_GUILESS_MAIN(TestPaths)
#include "tst_paths.moc"
