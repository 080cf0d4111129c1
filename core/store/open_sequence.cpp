// SPDX-License-Identifier: Apache-2.0
#include "store/open_sequence.h"

#include <algorithm>
#include <array>
#include <cstdio>
#include <memory>
#include <string>

#include <sqlite3.h>

#include "platform/secure_file.h"

namespace gatehouse::store {
namespace {

struct CloseFile {
    void operator()(std::FILE* file) const { std::fclose(file); }
};

Result<> runPragma(sqlite3* handle, const char* sql) {
    const int code = sqlite3_exec(handle, sql, nullptr, nullptr, nullptr);
    if (code != SQLITE_OK) {
        return std::unexpected(errorOf(handle, code, "opening"));
    }
    return {};
}

// The single value that a pragma answers; empty when it answers nothing.
Result<std::string> askPragma(sqlite3* handle, const char* sql) {
    sqlite3_stmt* raw = nullptr;
    const int code = sqlite3_prepare_v2(handle, sql, -1, &raw, nullptr);
    if (code != SQLITE_OK) {
        return std::unexpected(errorOf(handle, code, "opening"));
    }
    if (raw == nullptr) {
        return std::string();
    }
    Statement statement(raw);
    GH_TRY(const bool hasRow, statement.step());
    return hasRow ? std::string(statement.text(0)) : std::string();
}

Result<> expectAnswer(sqlite3* handle, const char* sql, std::string_view expected) {
    GH_TRY(const std::string answer, askPragma(handle, sql));
    if (answer != expected) {
        return fail(ErrorKind::denied,
                    "database: refused: the database library does not do '" + std::string(sql) + "'");
    }
    return {};
}

// SQLCipher takes a raw key, without key derivation, in the form x'<64 hex digits>'.
Result<> giveKey(sqlite3* handle, const SecureBytes& key) {
    if (key.size() != 32) {
        return fail(ErrorKind::invalidInput, "database: the key must have 32 bytes");
    }
    constexpr std::string_view kDigits = "0123456789abcdef";
    SecureBytes text(std::size_t{67});
    std::uint8_t* out = text.data();
    *out++ = 'x';
    *out++ = '\'';
    for (const std::uint8_t byte : key.view()) {
        *out++ = static_cast<std::uint8_t>(kDigits[byte >> 4U]);
        *out++ = static_cast<std::uint8_t>(kDigits[byte & 15U]);
    }
    *out = '\'';
    const int code = sqlite3_key(handle, text.data(), static_cast<int>(text.size()));
    if (code != SQLITE_OK) {
        return std::unexpected(errorOf(handle, code, "keying"));
    }
    return {};
}

struct Setting {
    const char* set;
    const char* ask;
    std::string_view answer;
};

constexpr std::array kBeforeFirstRead{
    // Debian's build would else put sorts and temporary tables, in plain text, into files under /var/tmp.
    Setting{"PRAGMA temp_store=2", "PRAGMA temp_store", "2"},
    Setting{"PRAGMA mmap_size=0", nullptr, ""},
    Setting{"PRAGMA trusted_schema=OFF", "PRAGMA trusted_schema", "0"},
    Setting{"PRAGMA cell_size_check=ON", "PRAGMA cell_size_check", "1"},
};
constexpr std::array kWriter{
    Setting{"PRAGMA journal_mode=WAL", "PRAGMA journal_mode", "wal"},
    Setting{"PRAGMA synchronous=FULL", "PRAGMA synchronous", "2"},
    // SQLite 3.46 can lose committed pages when two connections checkpoint at once; one connection does it, on request.
    Setting{"PRAGMA wal_autocheckpoint=0", "PRAGMA wal_autocheckpoint", "0"},
    Setting{"PRAGMA secure_delete=ON", "PRAGMA secure_delete", "1"},
    Setting{"PRAGMA foreign_keys=ON", "PRAGMA foreign_keys", "1"},
    Setting{"PRAGMA journal_size_limit=16777216", nullptr, ""},
    Setting{"PRAGMA fullfsync=ON", nullptr, ""}, // macOS: fsync alone does not reach the platter there
};
constexpr std::array kReader{
    Setting{"PRAGMA wal_autocheckpoint=0", "PRAGMA wal_autocheckpoint", "0"},
    Setting{"PRAGMA query_only=ON", "PRAGMA query_only", "1"},
};

template <std::size_t count>
Result<> apply(sqlite3* handle, const std::array<Setting, count>& settings) {
    for (const Setting& setting : settings) {
        GH_CHECK(runPragma(handle, setting.set));
        if (setting.ask != nullptr) {
            GH_CHECK(expectAnswer(handle, setting.ask, setting.answer));
        }
    }
    return {};
}

} // namespace

Result<> runOpenSequence(sqlite3* handle, const SecureBytes& key, const OpenOptions& options) {
    sqlite3_busy_timeout(handle, static_cast<int>(options.busyTimeOut.count()));
    GH_CHECK(giveKey(handle, key));
    // SQLCipher prints failures on stderr by default; we report them ourselves.
    GH_CHECK(runPragma(handle, "PRAGMA cipher_log_level=NONE"));
    GH_CHECK(apply(handle, kBeforeFirstRead));
    GH_TRY(const std::string cipher, askPragma(handle, "PRAGMA cipher_version"));
    if (cipher.empty()) {
        return fail(ErrorKind::denied, "database: refused: this SQLite does not encrypt (no cipher_version)");
    }
    // The first real read: the place where a wrong key or a damaged file shows.
    GH_CHECK(askPragma(handle, "SELECT count(*) FROM sqlite_master"));
    if (options.access == Access::reader) {
        if (sqlite3_db_config(handle, SQLITE_DBCONFIG_NO_CKPT_ON_CLOSE, 1, nullptr) != SQLITE_OK) {
            return fail(ErrorKind::denied, "database: refused: readers must not checkpoint");
        }
        GH_TRY(const std::string mode, askPragma(handle, "PRAGMA journal_mode"));
        if (mode != "wal") {
            return fail(ErrorKind::corrupt, "database: it is not as the writer left it (no write-ahead log)");
        }
        return apply(handle, kReader);
    }
    return apply(handle, kWriter);
}

Result<> refusePlainFile(const std::string& path) {
    constexpr std::string_view kPlainMagic = "SQLite format 3";
    const std::unique_ptr<std::FILE, CloseFile> file(std::fopen(path.c_str(), "rbe"));
    if (file == nullptr) {
        return fail(ErrorKind::unavailable, "database: cannot be read back");
    }
    std::array<char, kPlainMagic.size()> head{};
    const std::size_t count = std::fread(head.data(), 1, head.size(), file.get());
    if (std::string_view(head.data(), count) == kPlainMagic) {
        return fail(ErrorKind::denied, "database: refused: the file is not encrypted");
    }
    return {};
}

} // namespace gatehouse::store
