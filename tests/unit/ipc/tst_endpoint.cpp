// SPDX-License-Identifier: Apache-2.0
#include <QTemporaryDir>
#include <QTest>

#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

#include "ipc/endpoint.h"
#include "support/as_root.h"

using namespace gatehouse;
using namespace gatehouse::ipc;

namespace {

int listenAt(const std::string& path) {
    sockaddr_un address{};
    address.sun_family = AF_UNIX;
    path.copy(address.sun_path, sizeof(address.sun_path) - 1);
    const int descriptor = ::socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
    const bool isBound = ::bind(descriptor, reinterpret_cast<const sockaddr*>(&address), sizeof(address)) == 0;
    return isBound && ::listen(descriptor, 4) == 0 ? descriptor : -1;
}

} // namespace

class EndpointTest final : public QObject {
    Q_OBJECT
private slots:
    void init() {
        m_folder = std::make_unique<QTemporaryDir>();
        m_socket = m_folder->path().toStdString() + "/gatehouse/agent.sock";
    }

    void theFolderIsMadeForTheOwnerOnly() {
        QVERIFY(prepareSocketPath(m_socket));
        struct stat entry{};
        QCOMPARE(::stat(folder().c_str(), &entry), 0);
        QCOMPARE(entry.st_mode & 0777U, 0700U);
    }

    void aFolderThatIsOpenToOthersIsRefused() {
        QVERIFY(prepareSocketPath(m_socket));
        ::chmod(folder().c_str(), 0755);
        QCOMPARE(prepareSocketPath(m_socket).error().kind, ErrorKind::denied);
        QCOMPARE(connectToAgent(m_socket).error().kind, ErrorKind::denied);
    }

    void aFolderThatIsALinkIsRefused() {
        const std::string real = m_folder->path().toStdString() + "/real";
        ::mkdir(real.c_str(), 0700);
        QCOMPARE(::symlink(real.c_str(), folder().c_str()), 0);
        QCOMPARE(prepareSocketPath(m_socket).error().kind, ErrorKind::denied);
    }

    void aFileAtThePathIsRefusedAndKept() {
        QVERIFY(prepareSocketPath(m_socket));
        QFile file(QString::fromStdString(m_socket));
        QVERIFY(file.open(QIODevice::WriteOnly));
        QCOMPARE(prepareSocketPath(m_socket).error().kind, ErrorKind::denied);
        QCOMPARE(connectToAgent(m_socket).error().kind, ErrorKind::denied);
        QVERIFY(file.exists());
    }

    void aStaleSocketIsReplaced() {
        QVERIFY(prepareSocketPath(m_socket));
        ::close(listenAt(m_socket));
        QCOMPARE(connectToAgent(m_socket).error().kind, ErrorKind::unavailable);
        QVERIFY(prepareSocketPath(m_socket));
        QVERIFY(!QFile::exists(QString::fromStdString(m_socket)));
    }

    void aLiveAgentIsLeftAlone() {
        QVERIFY(prepareSocketPath(m_socket));
        const int server = listenAt(m_socket);
        QVERIFY(server >= 0);
        QCOMPARE(prepareSocketPath(m_socket).error().kind, ErrorKind::conflict);
        QVERIFY(QFile::exists(QString::fromStdString(m_socket)));
        const auto client = connectToAgent(m_socket);
        QVERIFY(client);
        const auto peer = peerOf(*client);
        QVERIFY(peer);
        QCOMPARE(peer->pid, static_cast<std::int64_t>(::getpid()));
        QVERIFY(requireSameUser(*client));
        ::close(*client);
        ::close(server);
    }

    void anotherUsersSocketIsRefused() {
        GATEHOUSE_AS_ROOT();
        QVERIFY(prepareSocketPath(m_socket));
        const int server = listenAt(m_socket);
        QCOMPARE(::chown(m_socket.c_str(), 65534, 65534), 0);
        QCOMPARE(connectToAgent(m_socket).error().kind, ErrorKind::denied);
        QCOMPARE(prepareSocketPath(m_socket).error().kind, ErrorKind::denied);
        QCOMPARE(::chown(folder().c_str(), 65534, 65534), 0);
        QCOMPARE(prepareSocketPath(m_socket).error().kind, ErrorKind::denied);
        ::close(server);
    }

    void aPathThatNoSocketAddressHoldsIsRefused() {
        QCOMPARE(prepareSocketPath("/" + std::string(107, 'a')).error().kind, ErrorKind::limit);
        QCOMPARE(prepareSocketPath("relative/agent.sock").error().kind, ErrorKind::invalidInput);
    }

    void theEnvironmentNamesTheSocket() {
        qputenv("XDG_RUNTIME_DIR", "/run/somewhere");
        qunsetenv("GATEHOUSE_SOCKET");
        QCOMPARE(defaultSocketPath(), std::string("/run/somewhere/gatehouse/agent.sock"));
        qputenv("GATEHOUSE_SOCKET", "/elsewhere/a.sock");
        QCOMPARE(defaultSocketPath(), std::string("/elsewhere/a.sock"));
        qunsetenv("GATEHOUSE_SOCKET");
        qunsetenv("XDG_RUNTIME_DIR");
        QVERIFY(defaultSocketPath().starts_with("/tmp/gatehouse-"));
    }

    void aProcessIsDescribed() {
        const auto self = describeProcess(::getpid());
        QVERIFY(self.isKnown);
        QVERIFY(self.executable.ends_with("tst_endpoint"));
        QVERIFY(self.startTime > 0);
        QCOMPARE(parentOf(::getpid()), static_cast<std::int64_t>(::getppid()));
        QVERIFY(!describeProcess(0).isKnown);
    }

private:
    std::string folder() const { return m_folder->path().toStdString() + "/gatehouse"; }
    std::unique_ptr<QTemporaryDir> m_folder;
    std::string m_socket;
};

QTEST_GUILESS_MAIN(EndpointTest)
#include "tst_endpoint.moc"
