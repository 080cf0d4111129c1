// SPDX-License-Identifier: Apache-2.0
#include <QTemporaryDir>
#include <QtTest>

#include <filesystem>
#include <fstream>

#include <sqlite3.h>

#include "base/crypto.h"
#include "store/database.h"
#include "store/migrations.h"
#include "store/open_sequence.h"

using namespace gatehouse;
using namespace gatehouse::store;

namespace {

// What a library that lacks a feature does with a pragma: nothing, silently. Set by a test, used by each new
// connection.
const char* g_deafTo = nullptr;
bool g_isDeafToQuestions = false;

int ignorePragma(void* /*data*/, int action, const char* name, const char* value, const char* /*db*/,
                 const char* /*trigger*/) {
    const bool isMeant = action == SQLITE_PRAGMA && g_deafTo != nullptr && std::string_view(name) == g_deafTo &&
                         (value != nullptr || g_isDeafToQuestions);
    return isMeant ? SQLITE_IGNORE : SQLITE_OK;
}
int installDeafness(sqlite3* handle, char** /*message*/, const void* /*api*/) {
    return sqlite3_set_authorizer(handle, &ignorePragma, nullptr);
}

std::string fileContent(const std::string& path) {
    std::ifstream file(path, std::ios::binary);
    return {std::istreambuf_iterator<char>(file), std::istreambuf_iterator<char>()};
}

} // namespace

class TestDatabase final : public QObject {
    Q_OBJECT
private:
    QTemporaryDir m_folder;
    SecureBytes m_key{ByteView(randomBytes(32))};
    int m_files = 0;

    std::string newPath() { return m_folder.path().toStdString() + "/" + std::to_string(++m_files) + ".db"; }
    std::unique_ptr<Database> openWriter(const std::string& path) {
        auto database = Database::open({.path = path}, m_key);
        return database ? std::move(*database) : nullptr;
    }

private slots:
    void rowsComeBackFromASecondConnection() {
        const std::string path = newPath();
        const auto writer = openWriter(path);
        QVERIFY(writer->run("CREATE TABLE t(a INTEGER, b TEXT, c BLOB)").has_value());
        Statement insert = *writer->prepare("INSERT INTO t VALUES(?, ?, ?)");
        const Bytes blob{0, 1, 255};
        insert.bind(1, std::int64_t{-5}).bind(2, std::string_view("a\0b", 3)).bind(3, ByteView(blob));
        QVERIFY(insert.execute().has_value());
        const auto reader = *Database::open({.path = path, .access = Access::reader}, m_key);
        Statement select = *reader->prepare("SELECT a, b, c FROM t");
        QCOMPARE(select.step().value(), true);
        QCOMPARE(select.number(0), std::int64_t{-5});
        QCOMPARE(select.text(1), std::string_view("a\0b", 3));
        QVERIFY(std::ranges::equal(select.bytes(2), blob));
        QCOMPARE(select.step().value(), false);
    }

    void nothingReadableIsWritten() {
        const std::string path = newPath();
        {
            const auto writer = openWriter(path);
            QVERIFY(writer->run("CREATE TABLE canarytable(a TEXT); INSERT INTO canarytable VALUES('CANARYVALUE')"));
            QVERIFY(fileContent(path + "-wal").find("CANARY") == std::string::npos);
            QVERIFY(fileContent(path + "-wal").find("canary") == std::string::npos);
        }
        const std::string bytes = fileContent(path);
        QVERIFY(bytes.size() > 1000);
        QVERIFY(bytes.find("CANARY") == std::string::npos && bytes.find("canary") == std::string::npos);
        QVERIFY(!bytes.starts_with("SQLite format 3"));
    }

    void filesAreForTheirOwnerOnly() {
        const std::string path = newPath();
        const auto writer = openWriter(path);
        QVERIFY(writer->run("CREATE TABLE t(a)").has_value());
        for (const char* suffix : {"", "-wal", "-shm"}) {
            const auto modes = std::filesystem::status(path + suffix).permissions();
            QCOMPARE(modes, std::filesystem::perms(0600));
        }
    }

    void aWrongKeyIsCorruptAndChangesNothing() {
        const std::string path = newPath();
        QVERIFY(openWriter(path)->run("CREATE TABLE t(a)").has_value());
        const std::string before = fileContent(path);
        const auto opened = Database::open({.path = path}, SecureBytes(randomBytes(32)));
        QCOMPARE(opened.error().kind, ErrorKind::corrupt);
        QCOMPARE(fileContent(path), before);
        QCOMPARE(Database::open({.path = path}, SecureBytes(std::string_view("short"))).error().kind,
                 ErrorKind::invalidInput);
    }

    void aPlainDatabaseIsRefused() {
        const std::string path = newPath();
        sqlite3* plain = nullptr;
        QCOMPARE(sqlite3_open(path.c_str(), &plain), SQLITE_OK);
        QCOMPARE(sqlite3_exec(plain, "CREATE TABLE t(a)", nullptr, nullptr, nullptr), SQLITE_OK);
        sqlite3_close(plain);
        QVERIFY(!Database::open({.path = path}, m_key).has_value());
        QCOMPARE(refusePlainFile(path).error().kind, ErrorKind::denied);
    }

    // Each guard of the open sequence, met by a library that does not do what it is told.
    void aLibraryThatIgnoresAPragmaIsRefused_data() {
        QTest::addColumn<QByteArray>("pragma");
        QTest::addColumn<bool>("questionsToo");
        QTest::newRow("encryption") << QByteArray("cipher_version") << true;
        QTest::newRow("temporary files") << QByteArray("temp_store") << false;
        QTest::newRow("log") << QByteArray("journal_mode") << false;
        QTest::newRow("trusted schema") << QByteArray("trusted_schema") << false;
        QTest::newRow("cell sizes") << QByteArray("cell_size_check") << false;
        QTest::newRow("automatic checkpoints") << QByteArray("wal_autocheckpoint") << false;
        QTest::newRow("foreign keys") << QByteArray("foreign_keys") << false;
    }
    void aLibraryThatIgnoresAPragmaIsRefused() {
        QFETCH(QByteArray, pragma);
        QFETCH(bool, questionsToo);
        const auto install = reinterpret_cast<void (*)()>(&installDeafness);
        sqlite3_auto_extension(install);
        g_deafTo = pragma.constData();
        g_isDeafToQuestions = questionsToo;
        const auto opened = Database::open({.path = newPath()}, m_key);
        g_deafTo = nullptr;
        QVERIFY(Database::open({.path = newPath()}, m_key).has_value());
        sqlite3_cancel_auto_extension(install);
        QVERIFY(!opened.has_value());
        QCOMPARE(opened.error().kind, ErrorKind::denied);
    }

    void readersCannotWrite() {
        const std::string path = newPath();
        const auto writer = openWriter(path);
        QVERIFY(writer->run("CREATE TABLE t(a)").has_value());
        const auto reader = *Database::open({.path = path, .access = Access::reader}, m_key);
        QVERIFY(!reader->run("INSERT INTO t VALUES(1)").has_value());
        QCOMPARE(Database::open({.path = newPath(), .access = Access::reader}, m_key).error().kind,
                 ErrorKind::notFound);
    }

    void aReaderThatClosesLastDoesNotCheckpoint() {
        const std::string path = newPath();
        auto writer = openWriter(path);
        QVERIFY(writer->run("CREATE TABLE t(a)").has_value());
        std::filesystem::copy_file(path, path + ".copy"); // as after a crash: the log is still there
        std::filesystem::copy_file(path + "-wal", path + ".copy-wal");
        const auto size = std::filesystem::file_size(path + ".copy-wal");
        {
            const auto reader = *Database::open({.path = path + ".copy", .access = Access::reader}, m_key);
            QCOMPARE(reader->queryNumber("SELECT count(*) FROM t").value(), std::int64_t{0});
        }
        QCOMPARE(std::filesystem::file_size(path + ".copy-wal"), size);
    }

    void aSymbolicLinkIsRefused() {
        const std::string path = newPath();
        QVERIFY(openWriter(path) != nullptr);
        const std::string link = newPath();
        std::filesystem::create_symlink(path, link);
        QVERIFY(!Database::open({.path = link}, m_key).has_value());
        QVERIFY(!Database::open({.path = link, .access = Access::reader}, m_key).has_value());
    }

    void aTransactionThatIsNotCommittedLeavesNothing() {
        const auto writer = openWriter(newPath());
        QVERIFY(writer->run("CREATE TABLE t(a)").has_value());
        {
            const auto transaction = Transaction::begin(*writer);
            QVERIFY(transaction.has_value());
            QVERIFY(writer->run("INSERT INTO t VALUES(1)").has_value());
        }
        QCOMPARE(writer->queryNumber("SELECT count(*) FROM t").value(), std::int64_t{0});
        {
            auto transaction = Transaction::begin(*writer);
            QVERIFY(writer->run("INSERT INTO t VALUES(1)").has_value());
            QVERIFY(transaction->commit().has_value());
        }
        QCOMPARE(writer->queryNumber("SELECT count(*) FROM t").value(), std::int64_t{1});
    }

    void migrationsRunOnceAndInOrder() {
        const std::string path = newPath();
        const std::array first{Migration{1, "CREATE TABLE a(x)"}};
        const std::array both{Migration{1, "CREATE TABLE a(x)"}, Migration{2, "CREATE TABLE b(x)"}};
        {
            const auto writer = openWriter(path);
            QVERIFY(migrate(*writer, 77, first).has_value());
            QVERIFY(migrate(*writer, 77, both).has_value());
            QVERIFY(migrate(*writer, 77, both).has_value());
            QCOMPARE(writer->queryNumber("SELECT count(*) FROM sqlite_master").value(), std::int64_t{2});
        }
        const auto writer = openWriter(path);
        QCOMPARE(migrate(*writer, 77, first).error().kind, ErrorKind::conflict); // an older program
        QCOMPARE(migrate(*writer, 78, both).error().kind, ErrorKind::corrupt);   // another application
    }

    void aStepThatFailsLeavesTheVersionBefore() {
        const auto writer = openWriter(newPath());
        const std::array steps{Migration{1, "CREATE TABLE a(x)"}, Migration{2, "CREATE TABLE b(x); nonsense"}};
        QVERIFY(!migrate(*writer, 77, steps).has_value());
        QCOMPARE(writer->queryNumber("PRAGMA user_version").value(), std::int64_t{1});
        QCOMPARE(writer->queryNumber("SELECT count(*) FROM sqlite_master").value(), std::int64_t{1});
    }

    void errorsNeverHoldValues() {
        const auto writer = openWriter(newPath());
        QVERIFY(writer->run("CREATE TABLE t(a UNIQUE)").has_value());
        QVERIFY(writer->run("INSERT INTO t VALUES('CANARY')").has_value());
        const auto refused = writer->run("INSERT INTO t VALUES('CANARY')");
        QVERIFY(refused.error().what.find("CANARY") == std::string::npos);
        QVERIFY(refused.error().native != 0);
    }
};

QTEST_GUILESS_MAIN(TestDatabase)
#include "tst_database.moc"
