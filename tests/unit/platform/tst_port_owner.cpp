// SPDX-License-Identifier: Apache-2.0
#include <QCoreApplication>
#include <QFileInfo>
#include <QtTest>

#include <netinet/in.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include "platform/port_owner.h"
#include "platform/process.h"

using namespace gatehouse::platform;

namespace {

struct Listener {
    Listener() : handle(socket(AF_INET, SOCK_STREAM, 0)) {
        sockaddr_in address{};
        address.sin_family = AF_INET;
        address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
        socklen_t size = sizeof(address);
        if (bind(handle, reinterpret_cast<const sockaddr*>(&address), size) == 0 && listen(handle, 1) == 0) {
            getsockname(handle, reinterpret_cast<sockaddr*>(&address), &size);
            port = ntohs(address.sin_port);
        }
    }
    ~Listener() { close(handle); }
    Listener(const Listener&) = delete;
    Listener& operator=(const Listener&) = delete;
    int handle;
    std::uint16_t port = 0;
};

} // namespace

class TestPortOwner : public QObject {
    Q_OBJECT
private slots:
    void aListenerIsFound();
    void aFreePortHasNoOwner();
    void theOwnersNameIsSaid();
    void ourOwnFactsAreRight();
    void nobodyHasNoFacts();
    void namesWithParenthesesAreRead();
    void hardeningTakesEffect();
};

void TestPortOwner::aListenerIsFound() {
    const Listener listener;
    QVERIFY(listener.port != 0);
    const auto owner = findPortOwner(listener.port);
    QVERIFY(owner.has_value());
    QCOMPARE(owner->pid, QCoreApplication::applicationPid());
}

void TestPortOwner::aFreePortHasNoOwner() {
    std::uint16_t port = 0;
    {
        const Listener listener;
        port = listener.port;
    }
    QVERIFY(!findPortOwner(port));
    QVERIFY(!findPortOwner(0));
}

void TestPortOwner::theOwnersNameIsSaid() {
    const Listener listener;
    const auto expected = "port " + std::to_string(listener.port) + " is taken by tst_port_owner (pid " +
                          std::to_string(QCoreApplication::applicationPid()) + ")";
    QCOMPARE(describePortOwner(listener.port), expected);
}

void TestPortOwner::ourOwnFactsAreRight() {
    const auto facts = processFacts(getpid());
    QVERIFY(facts.has_value());
    QCOMPARE(QString::fromStdString(facts->executable), QFileInfo("/proc/self/exe").symLinkTarget());
    QVERIFY(facts->startTime > 0);
    QCOMPARE(processFacts(getpid())->startTime, facts->startTime);
}

void TestPortOwner::nobodyHasNoFacts() {
    QVERIFY(!processFacts(0));
    QVERIFY(!processFacts(-1));
    QVERIFY(!processFacts(0x7fffffff));
    QVERIFY(!processOfSocket(0));
    QVERIFY(!processOfSocket(0xffffffffffffULL));
}

// A program chooses its short name; one that looks like the rest of the line must not shift the fields.
void TestPortOwner::namesWithParenthesesAreRead() {
    const auto before = processFacts(getpid());
    prctl(PR_SET_NAME, "a) S 1 1 (b", 0, 0, 0);
    const auto facts = processFacts(getpid());
    prctl(PR_SET_NAME, "tst_port_owner", 0, 0, 0);
    QVERIFY(facts.has_value());
    QCOMPARE(facts->startTime, before->startTime);
    QCOMPARE(facts->name, std::string("a) S 1 1 (b"));
}

void TestPortOwner::hardeningTakesEffect() {
    const pid_t child = fork();
    if (child == 0) {
        const auto measures = hardenProcess();
        rlimit core{1, 1};
        getrlimit(RLIMIT_CORE, &core);
        _exit(measures.size() == 3 && prctl(PR_GET_DUMPABLE, 0, 0, 0, 0) == 0 && core.rlim_max == 0 ? 0 : 1);
    }
    int status = 1;
    waitpid(child, &status, 0);
    QCOMPARE(status, 0);
}

QTEST_GUILESS_MAIN(TestPortOwner)
#include "tst_port_owner.moc"
