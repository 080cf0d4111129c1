// SPDX-License-Identifier: Apache-2.0
#include "store/database.h"

#include <cerrno>
#include <utility>

#include <fcntl.h>
#include <sqlite3.h>
#include <sys/stat.h>
#include <unistd.h>

#include "platform/secure_file.h"
#include "store/open_sequence.h"

namespace gatehouse::store {
namespace {

// SQLite gives the log and its index the mode of the database file, so the file is made first with ours.
Result<> makePrivateFile(const std::string& path) {
    const int file = ::open(path.c_str(), O_RDWR | O_CREAT | O_NOFOLLOW | O_CLOEXEC, 0600);
    if (file < 0) {
        return fail(ErrorKind::unavailable, "database: " + path + " cannot be made or opened", errno);
    }
    // Tightens a file that a restore from a backup may have left open to others.
    const bool isClosed = ::fchmod(file, 0600) == 0;
    ::close(file);
    if (!isClosed) {
        return fail(ErrorKind::denied, "database: " + path + " belongs to another user", errno);
    }
    return {};
}

} // namespace

Result<std::unique_ptr<Database>> Database::open(const OpenOptions& options, const SecureBytes& key) {
    if (options.access == Access::writer) {
        GH_CHECK(makePrivateFile(options.path));
    } else if (!platform::fileExists(options.path)) {
        return fail(ErrorKind::notFound, "database: " + options.path + " does not exist");
    }
    constexpr int kFlags =
        SQLITE_OPEN_READWRITE | SQLITE_OPEN_NOMUTEX | SQLITE_OPEN_PRIVATECACHE | SQLITE_OPEN_EXRESCODE;
    sqlite3* handle = nullptr;
    const int code = sqlite3_open_v2(options.path.c_str(), &handle, kFlags | SQLITE_OPEN_NOFOLLOW,
                                     options.vfs.empty() ? nullptr : options.vfs.c_str());
    std::unique_ptr<Database> database(new Database(handle)); // NOLINT: private constructor
    if (code != SQLITE_OK) {
        return std::unexpected(errorOf(nullptr, code, "opening"));
    }
    GH_CHECK(runOpenSequence(handle, key, options));
    GH_CHECK(refusePlainFile(options.path));
    if (options.access == Access::writer) {
        sqlite3_wal_hook(handle, &Database::noteWal, database.get());
    }
    return database;
}

Database::~Database() {
    // A statement that outlived us is a bug of the owner; _v2 keeps that from becoming a leak of the file lock.
    sqlite3_close_v2(m_handle);
}

int Database::noteWal(void* self, sqlite3* /*handle*/, const char* /*name*/, int pages) {
    static_cast<Database*>(self)->m_walPages = pages;
    return SQLITE_OK;
}

Result<> Database::run(const char* sql) {
    const int code = sqlite3_exec(m_handle, sql, nullptr, nullptr, nullptr);
    if (code != SQLITE_OK) {
        return std::unexpected(errorOf(m_handle, code, "running"));
    }
    return {};
}

Result<std::int64_t> Database::queryNumber(const char* sql) {
    GH_TRY(Statement statement, prepare(sql));
    GH_TRY(const bool hasRow, statement.step());
    if (!hasRow) {
        return fail(ErrorKind::notFound, "database: no row");
    }
    return statement.number(0);
}

Result<Statement> Database::prepare(const char* sql) {
    sqlite3_stmt* statement = nullptr;
    const int code = sqlite3_prepare_v3(m_handle, sql, -1, SQLITE_PREPARE_PERSISTENT, &statement, nullptr);
    if (code != SQLITE_OK) {
        return std::unexpected(errorOf(m_handle, code, "preparing a statement"));
    }
    return Statement(statement);
}

Result<> Database::setDurability(CommitDurability durability) {
    return run(durability == CommitDurability::synced ? "PRAGMA synchronous=FULL" : "PRAGMA synchronous=NORMAL");
}

bool Database::hasMoved() const {
    int moved = 0; // stays so where the file system cannot say
    sqlite3_file_control(m_handle, "main", SQLITE_FCNTL_HAS_MOVED, &moved);
    return moved != 0;
}

Result<bool> Database::checkpoint() {
    int pages = 0;
    int moved = 0;
    const int code = sqlite3_wal_checkpoint_v2(m_handle, nullptr, SQLITE_CHECKPOINT_PASSIVE, &pages, &moved);
    if (code != SQLITE_OK && code != SQLITE_BUSY) {
        return std::unexpected(errorOf(m_handle, code, "checkpoint"));
    }
    if (code == SQLITE_BUSY || pages != moved) {
        return false;
    }
    m_walPages = 0; // the log is used from its start again
    return true;
}

Result<> Database::checkpointAndTruncate() {
    const int code = sqlite3_wal_checkpoint_v2(m_handle, nullptr, SQLITE_CHECKPOINT_TRUNCATE, nullptr, nullptr);
    if (code != SQLITE_OK) {
        return std::unexpected(errorOf(m_handle, code, "checkpoint"));
    }
    m_walPages = 0;
    return {};
}

Result<Transaction> Transaction::begin(Database& database) {
    GH_CHECK(database.run("BEGIN IMMEDIATE"));
    return Transaction(database);
}

Transaction::Transaction(Transaction&& other) noexcept : m_database(std::exchange(other.m_database, nullptr)) {}

Transaction::~Transaction() {
    if (m_database != nullptr) {
        // SQLite has rolled back by itself after a full disk or an I/O error; then this says "no transaction".
        static_cast<void>(m_database->run("ROLLBACK")); // NOLINT(bugprone-unused-return-value)
    }
}

Result<> Transaction::commit() {
    GH_CHECK(m_database->run("COMMIT"));
    m_database = nullptr;
    return {};
}

} // namespace gatehouse::store
