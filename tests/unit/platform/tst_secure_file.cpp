// SPDX-License-Identifier: Apache-2.0
#include <QTemporaryDir>
#include <QtTest>

#include <filesystem>

#include <sys/stat.h>
#include <unistd.h>

#include "platform/secure_file.h"

using namespace gatehouse;
using namespace gatehouse::platform;

class TestSecureFile final : public QObject {
    Q_OBJECT
private:
    QTemporaryDir m_folder;
    [[nodiscard]] std::string path(const std::string& name) const { return m_folder.path().toStdString() + "/" + name; }
    static unsigned modeOf(const std::string& file) {
        struct stat info{};
        return ::stat(file.c_str(), &info) == 0 ? info.st_mode & 0777U : 0U;
    }

private slots:
    void aFolderIsMadeForItsOwnerOnly() {
        QVERIFY(ensurePrivateFolder(path("a/b/c")).has_value());
        QCOMPARE(modeOf(path("a/b/c")), 0700U);
        ::chmod(path("a/b/c").c_str(), 0755);
        QVERIFY(ensurePrivateFolder(path("a/b/c")).has_value());
        QCOMPARE(modeOf(path("a/b/c")), 0700U);
    }

    void aFileOrLinkInTheFoldersPlaceIsRefused() {
        QVERIFY(writePrivateFile(path("file"), bytesOf("x")).has_value());
        QVERIFY(!ensurePrivateFolder(path("file")).has_value());
        std::filesystem::create_directory(path("real"));
        std::filesystem::create_directory_symlink(path("real"), path("linked"));
        QVERIFY(!ensurePrivateFolder(path("linked")).has_value());
    }

    void aPrivateFileIsReplacedAsAWhole() {
        QVERIFY(writePrivateFile(path("key"), bytesOf("first")).has_value());
        QVERIFY(writePrivateFile(path("key"), bytesOf("second")).has_value());
        QCOMPARE(modeOf(path("key")), 0600U);
        QCOMPARE(readPrivateFile(path("key"), 100)->text(), std::string_view("second"));
        for (const auto& entry : std::filesystem::directory_iterator(m_folder.path().toStdString())) {
            QVERIFY(!entry.path().string().ends_with(".tmp"));
        }
    }

    void aPrivateFileThatIsOpenToOthersIsRefused() {
        QVERIFY(writePrivateFile(path("open"), bytesOf("x")).has_value());
        ::chmod(path("open").c_str(), 0640);
        QCOMPARE(readPrivateFile(path("open"), 100).error().kind, ErrorKind::denied);
        QVERIFY(readFile(path("open"), 100).has_value());
    }

    void linksAreNotFollowed() {
        QVERIFY(writePrivateFile(path("target"), bytesOf("x")).has_value());
        std::filesystem::create_symlink(path("target"), path("link"));
        QCOMPARE(readFile(path("link"), 100).error().kind, ErrorKind::denied);
        QVERIFY(!LockFile::acquire(path("link")).has_value());
        // Writing replaces the link and leaves alone what it pointed to.
        QVERIFY(writePrivateFile(path("link"), bytesOf("y")).has_value());
        QCOMPARE(textOf(*readFile(path("target"), 100)), std::string_view("x"));
    }

    void theCapBites() {
        QVERIFY(writePrivateFile(path("size"), Bytes(10)).has_value());
        QCOMPARE(readFile(path("size"), 9).error().kind, ErrorKind::limit);
        QCOMPARE(readFile(path("size"), 10)->size(), std::size_t{10});
        QCOMPARE(readFile(path("size"), 11)->size(), std::size_t{10});
        QCOMPARE(readFile("/proc/self/status", 10).error().kind, ErrorKind::limit); // says size 0, holds more
    }

    void whatIsNotAFileIsRefused() {
        QCOMPARE(readFile(path("nothing"), 10).error().kind, ErrorKind::notFound);
        QCOMPARE(readFile(m_folder.path().toStdString(), 10).error().kind, ErrorKind::conflict);
        QCOMPARE(::mkfifo(path("pipe").c_str(), 0600), 0);
        QCOMPARE(readFile(path("pipe"), 10).error().kind, ErrorKind::conflict); // and does not wait for a writer
    }

    void aLockHasOneHolder() {
        {
            const auto lock = LockFile::acquire(path("lock"));
            QVERIFY(lock.has_value());
            QCOMPARE(LockFile::acquire(path("lock")).error().kind, ErrorKind::conflict);
        }
        QVERIFY(LockFile::acquire(path("lock")).has_value());
    }

    void aMovedLockIsStillHeld() {
        auto lock = LockFile::acquire(path("moved"));
        const LockFile other(std::move(*lock));
        QCOMPARE(LockFile::acquire(path("moved")).error().kind, ErrorKind::conflict);
    }
};

QTEST_GUILESS_MAIN(TestSecureFile)
#include "tst_secure_file.moc"
