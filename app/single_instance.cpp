// SPDX-License-Identifier: Apache-2.0
#include "single_instance.h"

#include <QCryptographicHash>
#include <QDir>
#include <QElapsedTimer>
#include <QFile>
#include <QLocalSocket>
#include <QThread>
#include <QTimer>

#ifdef Q_OS_LINUX
#include <sys/socket.h>
#include <unistd.h>
#endif

namespace gatehouse::app {
namespace {

constexpr int kPatienceMilliseconds = 5'000;
constexpr int kStepMilliseconds = 1'000;
constexpr int kMaxLine = 64;
constexpr QByteArrayView kRaise("raise\n");
constexpr QByteArrayView kDone("done\n");

// True when the process at the other end runs for the same OS user. Where the system cannot tell, the socket's
// owner-only permissions (Windows: the pipe's) are what guards it.
bool isSameUser([[maybe_unused]] const QLocalSocket& socket) {
#ifdef Q_OS_LINUX
    ucred peer{};
    socklen_t size = sizeof(peer);
    return ::getsockopt(static_cast<int>(socket.socketDescriptor()), SOL_SOCKET, SO_PEERCRED, &peer, &size) == 0 &&
           peer.uid == ::getuid();
#else
    return true;
#endif
}

QString socketPath(const QString& folder) {
#ifdef Q_OS_WIN
    return QStringLiteral("gatehouse-") + QFileInfo(folder).fileName();
#else
    return folder + QStringLiteral("/window.sock");
#endif
}

} // namespace

SingleInstance::SingleInstance(const QString& folder, QObject* parent) : QObject(parent), m_folder(folder) {
    QDir().mkpath(folder);
    QFile::setPermissions(folder, QFileDevice::ReadOwner | QFileDevice::WriteOwner | QFileDevice::ExeOwner);
    m_lock = std::make_unique<QLockFile>(folder + QStringLiteral("/window.lock"));
    m_lock->setStaleLockTime(0); // only a dead owner makes it stale, never its age
    m_server.setSocketOptions(QLocalServer::UserAccessOption);
    connect(&m_server, &QLocalServer::newConnection, this, &SingleInstance::answer);
}

SingleInstance::~SingleInstance() {
    m_server.close();
}

QString SingleInstance::folderFor(const QString& dataFolder) {
    const QString name = QString::fromLatin1(
        QCryptographicHash::hash(QDir::cleanPath(QDir(dataFolder).absolutePath()).toUtf8(), QCryptographicHash::Sha256)
            .toHex()
            .left(12));
    const QString runtime = qEnvironmentVariable("XDG_RUNTIME_DIR");
    return runtime.isEmpty() ? dataFolder + QStringLiteral("/run")
                             : runtime + QStringLiteral("/gatehouse/window-") + name;
}

SingleInstance::Role SingleInstance::claim() {
    QElapsedTimer patience;
    patience.start();
    // The first one may be starting (lock held, not yet listening) or leaving (listening no more): try both again.
    while (true) {
        if (m_lock->tryLock(0) && listen()) {
            return Role::first;
        }
        if (askFirst()) {
            return Role::second;
        }
        if (patience.hasExpired(kPatienceMilliseconds)) {
            return Role::unanswered;
        }
        QThread::msleep(50);
    }
}

bool SingleInstance::listen() {
    const QString path = socketPath(m_folder);
    QLocalServer::removeServer(path); // we hold the lock, so what lies there is left over
    return m_server.listen(path);
}

bool SingleInstance::askFirst() const {
    QLocalSocket socket;
    socket.connectToServer(socketPath(m_folder));
    if (!socket.waitForConnected(kStepMilliseconds) || !isSameUser(socket)) {
        return false;
    }
    socket.write(kRaise.data(), kRaise.size());
    while (!socket.canReadLine() && socket.bytesAvailable() < kMaxLine) {
        if (!socket.waitForReadyRead(kStepMilliseconds)) {
            return false;
        }
    }
    return socket.readLine(kMaxLine) == kDone;
}

void SingleInstance::answer() {
    while (QLocalSocket* socket = m_server.nextPendingConnection()) {
        connect(socket, &QLocalSocket::disconnected, socket, &QObject::deleteLater);
        if (!isSameUser(*socket)) {
            socket->abort();
            continue;
        }
        // Whoever connects and says nothing does not stay.
        QTimer::singleShot(kPatienceMilliseconds, socket, [socket] { socket->abort(); });
        connect(socket, &QLocalSocket::readyRead, this, [this, socket] {
            if (socket->canReadLine() && socket->readLine(kMaxLine) == kRaise) {
                socket->write(kDone.data(), kDone.size());
                emit raiseRequested();
                socket->disconnectFromServer();
            } else if (socket->bytesAvailable() >= kMaxLine) {
                socket->abort();
            }
        });
    }
}

} // namespace gatehouse::app
