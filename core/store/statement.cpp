// SPDX-License-Identifier: Apache-2.0
#include "store/statement.h"

#include <bit>
#include <utility>

#include <sqlite3.h>

namespace gatehouse::store {
namespace {

// An empty view may hold a null pointer, which SQLite would take for NULL.
const void* solid(const void* data) {
    return data == nullptr ? "" : data;
}

} // namespace

Error errorOf(sqlite3* handle, int code, std::string_view act) {
    ErrorKind kind = ErrorKind::internal;
    switch (code & 0xFF) {
    case SQLITE_CORRUPT:
    case SQLITE_NOTADB:
        kind = ErrorKind::corrupt;
        break;
    case SQLITE_FULL:
    case SQLITE_IOERR:
    case SQLITE_CANTOPEN:
    case SQLITE_READONLY:
    case SQLITE_NOMEM:
        kind = ErrorKind::unavailable;
        break;
    case SQLITE_BUSY:
    case SQLITE_LOCKED:
        kind = ErrorKind::conflict;
        break;
    case SQLITE_PERM:
    case SQLITE_AUTH:
        kind = ErrorKind::denied;
        break;
    case SQLITE_TOOBIG:
        kind = ErrorKind::limit;
        break;
    default:
        break;
    }
    const int extended =
        handle != nullptr && sqlite3_errcode(handle) == (code & 0xFF) ? sqlite3_extended_errcode(handle) : code;
    // The code's own text: the connection's message may quote identifiers and, in constraint errors, more.
    return Error{kind, "database: " + std::string(act) + ": " + sqlite3_errstr(extended), extended};
}

Statement::Statement(Statement&& other) noexcept
    : m_handle(std::exchange(other.m_handle, nullptr))
    , m_bindError(other.m_bindError) {}

Statement& Statement::operator=(Statement&& other) noexcept {
    std::swap(m_handle, other.m_handle);
    std::swap(m_bindError, other.m_bindError);
    return *this;
}

Statement::~Statement() {
    sqlite3_finalize(m_handle);
}

Statement& Statement::bind(int index, std::int64_t value) {
    const int code = sqlite3_bind_int64(m_handle, index, value);
    m_bindError = m_bindError == 0 ? code : m_bindError;
    return *this;
}

Statement& Statement::bind(int index, std::uint64_t value) {
    return bind(index, std::bit_cast<std::int64_t>(value));
}

Statement& Statement::bind(int index, std::string_view text) {
    const int code = sqlite3_bind_text64(m_handle, index, static_cast<const char*>(solid(text.data())), text.size(),
                                         SQLITE_TRANSIENT, SQLITE_UTF8);
    m_bindError = m_bindError == 0 ? code : m_bindError;
    return *this;
}

Statement& Statement::bind(int index, ByteView bytes) {
    const int code = sqlite3_bind_blob64(m_handle, index, solid(bytes.data()), bytes.size(), SQLITE_TRANSIENT);
    m_bindError = m_bindError == 0 ? code : m_bindError;
    return *this;
}

Result<bool> Statement::step() {
    sqlite3* const database = sqlite3_db_handle(m_handle);
    if (m_bindError != 0) {
        return std::unexpected(errorOf(database, m_bindError, "binding"));
    }
    const int code = sqlite3_step(m_handle);
    if (code == SQLITE_ROW) {
        return true;
    }
    if (code == SQLITE_DONE) {
        return false;
    }
    return std::unexpected(errorOf(database, code, "running a statement"));
}

Result<> Statement::execute() {
    const auto stepped = step();
    reset();
    if (!stepped) {
        return std::unexpected(stepped.error());
    }
    return {};
}

void Statement::reset() {
    // Its result repeats the error of the last step, which was reported there.
    static_cast<void>(sqlite3_reset(m_handle));
    static_cast<void>(sqlite3_clear_bindings(m_handle));
    m_bindError = 0;
}

bool Statement::isNull(int column) const {
    return sqlite3_column_type(m_handle, column) == SQLITE_NULL;
}

std::int64_t Statement::number(int column) const {
    return sqlite3_column_int64(m_handle, column);
}

std::string_view Statement::text(int column) const {
    const ByteView view = bytes(column);
    return textOf(view);
}

ByteView Statement::bytes(int column) const {
    const void* const data = sqlite3_column_blob(m_handle, column);
    const int size = sqlite3_column_bytes(m_handle, column);
    if (data == nullptr || size <= 0) {
        return {};
    }
    return {static_cast<const std::uint8_t*>(data), static_cast<std::size_t>(size)};
}

} // namespace gatehouse::store
