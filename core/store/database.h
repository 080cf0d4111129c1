// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <chrono>
#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <string_view>

#include "base/result.h"
#include "base/secure_bytes.h"
#include "store/statement.h"

struct sqlite3;

// The SQLCipher wrapper: one fixed open sequence that proves encryption before a byte is written, one writing
// connection, prepared statements, migrations. A connection belongs to one thread at a time. Errors carry SQLite's
// extended code in `native` and never SQL values: corrupt (damaged, or not our key), unavailable (disk full, I/O),
// conflict (busy), internal.
namespace gatehouse::store {

enum class Access {
    writer, // creates the file (0600) when it is missing; the only connection that writes and checkpoints
    reader, // query_only, never checkpoints; notFound when there is no database
};

struct OpenOptions {
    std::string path;
    Access access = Access::writer;
    std::chrono::milliseconds busyTimeOut{5000};
    std::string vfs{}; // empty: the system's; tests put a failing disk here
};

// How far a commit has gone when it returns: to the disk's platter (fdatasync), or to the system's page cache, which
// survives the death of this process but not of the machine.
enum class CommitDurability { synced, cached };

class Database final {
public:
    // The key must have 32 bytes. Runs the open sequence of docs/formats/database.md; refuses when any step of it does
    // not give the expected answer.
    [[nodiscard]] static Result<std::unique_ptr<Database>> open(const OpenOptions& options, const SecureBytes& key);
    Database(const Database&) = delete;
    Database& operator=(const Database&) = delete;
    ~Database();

    // Runs statements without parameters and results. For schema and pragmas that this project writes; never for input.
    [[nodiscard]] Result<> run(const char* sql);
    // The first column of the first row; notFound when there is no row.
    [[nodiscard]] Result<std::int64_t> queryNumber(const char* sql);
    [[nodiscard]] Result<Statement> prepare(const char* sql);

    [[nodiscard]] Result<> setDurability(CommitDurability durability);
    // Moves the write-ahead log into the database as far as readers allow, and syncs both. True when all of it was
    // moved: then everything committed is on the disk. The writer only.
    [[nodiscard]] Result<bool> checkpoint();
    // Whether the file was deleted, moved away or replaced since it was opened: what is written then is lost.
    [[nodiscard]] bool hasMoved() const;
    // Pages in the write-ahead log after the last commit.
    [[nodiscard]] int walPages() const { return m_walPages; }
    // The same and the log cut to nothing, where no reader is in the way.
    [[nodiscard]] Result<> checkpointAndTruncate();

private:
    explicit Database(sqlite3* handle) : m_handle(handle) {}
    static int noteWal(void* self, sqlite3* handle, const char* name, int pages);

    sqlite3* m_handle;
    int m_walPages = 0;
};

// BEGIN IMMEDIATE … COMMIT; rolls back when it goes out of scope uncommitted.
class Transaction final {
public:
    [[nodiscard]] static Result<Transaction> begin(Database& database);
    Transaction(Transaction&& other) noexcept;
    Transaction(const Transaction&) = delete;
    Transaction& operator=(const Transaction&) = delete;
    Transaction& operator=(Transaction&&) = delete;
    ~Transaction();
    // On failure nothing of the transaction is kept.
    [[nodiscard]] Result<> commit();

private:
    explicit Transaction(Database& database) : m_database(&database) {}
    Database* m_database;
};

} // namespace gatehouse::store
