// SPDX-License-Identifier: Apache-2.0
#include <QFile>
#include <QLocalSocket>
#include <QSignalSpy>
#include <QTemporaryDir>
#include <QTest>
#include <QThread>

#include "single_instance.h"

using namespace Qt::StringLiterals;
using gatehouse::app::SingleInstance;
using Role = SingleInstance::Role;

namespace {

// A second start on a thread of its own, as a second process would be: the first one's event loop must answer it.
Role startSecond(const QString& folder) {
    Role role = Role::first;
    const std::unique_ptr<QThread> thread(QThread::create([&] { role = SingleInstance(folder).claim(); }));
    thread->start();
    while (!thread->wait(0)) {
        QTest::qWait(5);
    }
    return role;
}

} // namespace

class TestSingleInstance final : public QObject {
    Q_OBJECT
private slots:
    void aSecondStartRaisesTheFirst();
    void theNextStartAfterTheFirstLeftIsFirst();
    void aSocketThatACrashLeftBehindIsReplaced();
    void anotherDataFolderIsAnotherInstance();
    void theSocketIsForItsOwnerOnly();
    void nonsenseOnTheSocketRaisesNothing();
    void aHolderThatDoesNotAnswerIsReported();
};

void TestSingleInstance::aSecondStartRaisesTheFirst() {
    const QTemporaryDir folder;
    SingleInstance first(folder.path());
    QSignalSpy raised(&first, &SingleInstance::raiseRequested);
    QCOMPARE(first.claim(), Role::first);
    QCOMPARE(startSecond(folder.path()), Role::second);
    QCOMPARE(raised.size(), 1);
    QCOMPARE(startSecond(folder.path()), Role::second);
    QCOMPARE(raised.size(), 2);
}

void TestSingleInstance::theNextStartAfterTheFirstLeftIsFirst() {
    const QTemporaryDir folder;
    for (int i = 0; i < 3; ++i) {
        SingleInstance one(folder.path());
        QCOMPARE(one.claim(), Role::first);
    }
}

void TestSingleInstance::aSocketThatACrashLeftBehindIsReplaced() {
    const QTemporaryDir folder;
    QFile left(folder.filePath(u"window.sock"_s));
    QVERIFY(left.open(QIODevice::WriteOnly));
    left.close();
    SingleInstance one(folder.path());
    QCOMPARE(one.claim(), Role::first);
    QCOMPARE(startSecond(folder.path()), Role::second);
}

void TestSingleInstance::anotherDataFolderIsAnotherInstance() {
    QVERIFY(SingleInstance::folderFor(u"/a"_s) != SingleInstance::folderFor(u"/b"_s));
    const QByteArray runtime = qgetenv("XDG_RUNTIME_DIR");
    qputenv("XDG_RUNTIME_DIR", "/run/user/1");
    QCOMPARE(SingleInstance::folderFor(u"/a"_s), SingleInstance::folderFor(u"/a/../a/"_s));
    QVERIFY(SingleInstance::folderFor(u"/a"_s) != SingleInstance::folderFor(u"/b"_s));
    QVERIFY(SingleInstance::folderFor(u"/a"_s).startsWith(u"/run/user/1/gatehouse/"_s));
    qputenv("XDG_RUNTIME_DIR", runtime);
}

void TestSingleInstance::theSocketIsForItsOwnerOnly() {
    const QTemporaryDir parent;
    const QString folder = parent.filePath(u"run"_s);
    SingleInstance one(folder);
    QCOMPARE(one.claim(), Role::first);
    const auto others = QFileDevice::ReadGroup | QFileDevice::WriteGroup | QFileDevice::ExeGroup |
                        QFileDevice::ReadOther | QFileDevice::WriteOther | QFileDevice::ExeOther;
    QCOMPARE(QFile::permissions(folder) & others, QFileDevice::Permissions());
    QCOMPARE(QFile::permissions(folder + u"/window.sock"_s) & others, QFileDevice::Permissions());
}

void TestSingleInstance::nonsenseOnTheSocketRaisesNothing() {
    const QTemporaryDir folder;
    SingleInstance one(folder.path());
    QSignalSpy raised(&one, &SingleInstance::raiseRequested);
    QCOMPARE(one.claim(), Role::first);
    for (const QByteArray& bytes : {QByteArray("launch\n"), QByteArray(1000, 'x'), QByteArray("raise")}) {
        QLocalSocket socket;
        socket.connectToServer(folder.filePath(u"window.sock"_s));
        QVERIFY(socket.waitForConnected());
        socket.write(bytes);
        QVERIFY(socket.flush());
        QTest::qWait(30);
        QVERIFY(socket.readAll().isEmpty());
    }
    QCOMPARE(raised.size(), 0);
}

void TestSingleInstance::aHolderThatDoesNotAnswerIsReported() {
    const QTemporaryDir folder;
    QLockFile lock(folder.filePath(u"window.lock"_s));
    QVERIFY(lock.lock());
    SingleInstance one(folder.path());
    QCOMPARE(one.claim(), Role::unanswered);
}

QTEST_GUILESS_MAIN(TestSingleInstance)
#include "tst_single_instance.moc"
