// SPDX-License-Identifier: Apache-2.0
#include <QCoreApplication>
#include <QFileInfo>
#include <QtTest>

#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <netinet/in.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/async.h"
#include "identity/identity.h"
#include "support/as_root.h"

using namespace gatehouse;
using namespace gatehouse::identity;
using Tcp = asio::ip::tcp;

namespace {

// A connection over loopback, both ends in this process.
struct Connection {
    explicit Connection(const asio::ip::address& address) {
        boost::system::error_code error;
        acceptor.open(address.is_v4() ? Tcp::v4() : Tcp::v6(), error);
        acceptor.bind({address, 0}, error);
        acceptor.listen(4, error);
        client.connect(acceptor.local_endpoint(error), error);
        isOpen = !error;
        if (isOpen) {
            acceptor.accept(server, error);
            peer = {address.to_string(), client.local_endpoint().port(), acceptor.local_endpoint().port()};
        }
    }

    asio::io_context context;
    Tcp::acceptor acceptor{context};
    Tcp::socket client{context};
    Tcp::socket server{context};
    LoopbackPeer peer;
    bool isOpen = false;
};

} // namespace

class TestPeerLookup : public QObject {
    Q_OBJECT
private slots:
    void ourOwnConnectionLeadsToOurProcess_data();
    void ourOwnConnectionLeadsToOurProcess();
    void aClosedClientIsUnknown();
    void nobodyIsUnknown();
    void aHundredConnectionsNeverHaveAWrongOwner();
    void anotherUsersConnectionHasAnotherUser();
    void thePersonIsTheOsUser();
};

void TestPeerLookup::ourOwnConnectionLeadsToOurProcess_data() {
    QTest::addColumn<bool>("isV6");
    QTest::newRow("IPv4") << false;
    QTest::newRow("IPv6") << true;
}

void TestPeerLookup::ourOwnConnectionLeadsToOurProcess() {
    QFETCH(bool, isV6);
    const Connection connection(isV6 ? asio::ip::address(asio::ip::address_v6::loopback())
                                     : asio::ip::address(asio::ip::address_v4::loopback()));
    if (!connection.isOpen) {
        QSKIP("no such loopback here");
    }
    const auto lookup = PeerLookup::create();
    for (int i = 0; i < 2; ++i) { // the second answer comes from memory
        const auto owner = lookup->find(connection.peer);
        QVERIFY(owner.isUserKnown);
        QCOMPARE(owner.uid, getuid());
        QVERIFY(owner.process.isKnown);
        QCOMPARE(owner.process.pid, QCoreApplication::applicationPid());
        QCOMPARE(QString::fromStdString(owner.process.executable), QFileInfo("/proc/self/exe").symLinkTarget());
        QVERIFY(owner.process.startTime > 0);
    }
}

void TestPeerLookup::aClosedClientIsUnknown() {
    Connection connection(asio::ip::address_v4::loopback());
    QVERIFY(connection.isOpen);
    connection.client.close();
    const auto owner = PeerLookup::create()->find(connection.peer);
    QVERIFY(!owner.isUserKnown);
    QVERIFY(!owner.process.isKnown);
}

void TestPeerLookup::nobodyIsUnknown() {
    const auto lookup = PeerLookup::create();
    for (const auto& peer : {LoopbackPeer{"127.0.0.1", 1, 2}, LoopbackPeer{"::1", 1, 2}, LoopbackPeer{"nonsense", 1, 2},
                             LoopbackPeer{"", 0, 0}}) {
        QVERIFY(!lookup->find(peer).isUserKnown);
    }
}

void TestPeerLookup::aHundredConnectionsNeverHaveAWrongOwner() {
    const auto lookup = PeerLookup::create();
    for (int i = 0; i < 100; ++i) {
        const Connection connection(asio::ip::address_v4::loopback());
        QVERIFY(connection.isOpen);
        const auto owner = lookup->find(connection.peer);
        QVERIFY(!owner.process.isKnown || owner.process.pid == QCoreApplication::applicationPid());
        QVERIFY(owner.isUserKnown);
        QCOMPARE(owner.uid, getuid());
    }
}

void TestPeerLookup::anotherUsersConnectionHasAnotherUser() {
    GATEHOUSE_AS_ROOT();
    constexpr uid_t kNobody = 65534;
    const int listener = socket(AF_INET, SOCK_STREAM, 0);
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    socklen_t size = sizeof(address);
    QVERIFY(bind(listener, reinterpret_cast<const sockaddr*>(&address), size) == 0 && listen(listener, 1) == 0);
    getsockname(listener, reinterpret_cast<sockaddr*>(&address), &size);
    const pid_t child = fork();
    if (child == 0) {
        const bool isOther = setuid(kNobody) == 0;
        const int client = socket(AF_INET, SOCK_STREAM, 0);
        const bool isConnected = ::connect(client, reinterpret_cast<const sockaddr*>(&address), sizeof(address)) == 0;
        char byte = 0;
        const auto count = isOther && isConnected ? recv(client, &byte, 1, 0) : -1; // until the parent has looked
        _exit(count < 0 ? 1 : 0);
    }
    sockaddr_in remote{};
    size = sizeof(remote);
    const int server = accept(listener, reinterpret_cast<sockaddr*>(&remote), &size);
    const auto owner = PeerLookup::create()->find({"127.0.0.1", ntohs(remote.sin_port), ntohs(address.sin_port)});
    close(server);
    close(listener);
    int status = 0;
    waitpid(child, &status, 0);
    QCOMPARE(status, 0);
    QVERIFY(owner.isUserKnown);
    QCOMPARE(owner.uid, kNobody);
    QVERIFY(!owner.process.isKnown || owner.process.pid == child);
}

void TestPeerLookup::thePersonIsTheOsUser() {
    const auto person = currentPerson();
    QCOMPARE(person.uid, getuid());
    QVERIFY(!person.name.empty());
    if (getuid() == 0) {
        QCOMPARE(person.name, std::string("root"));
    }
}

QTEST_GUILESS_MAIN(TestPeerLookup)
#include "tst_peer_lookup.moc"
