// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "base/bytes.h"
#include "base/result.h"

struct sqlite3;
struct sqlite3_stmt;

namespace gatehouse::store {

// The error that a SQLite result code stands for: the kinds that store/database.h lists.
[[nodiscard]] Error errorOf(sqlite3* handle, int code, std::string_view act);

// A prepared statement. Parameters count from 1, columns from 0. Bound bytes are copied. Use it from its connection's
// thread and destroy it before the connection.
class Statement final {
public:
    explicit Statement(sqlite3_stmt* handle) : m_handle(handle) {}
    Statement(Statement&& other) noexcept;
    Statement& operator=(Statement&& other) noexcept;
    Statement(const Statement&) = delete;
    Statement& operator=(const Statement&) = delete;
    ~Statement();

    Statement& bind(int index, std::int64_t value);
    Statement& bind(int index, std::uint64_t value);
    Statement& bind(int index, std::string_view text);
    Statement& bind(int index, ByteView bytes);

    // True: a row is there. False: done.
    [[nodiscard]] Result<bool> step();
    // Runs a statement that gives no rows, and makes it ready for the next use.
    [[nodiscard]] Result<> execute();
    // Ready for new parameters.
    void reset();

    [[nodiscard]] bool isNull(int column) const;
    [[nodiscard]] std::int64_t number(int column) const;
    // Valid until the next step or reset.
    [[nodiscard]] std::string_view text(int column) const;
    [[nodiscard]] ByteView bytes(int column) const;

private:
    sqlite3_stmt* m_handle;
    int m_bindError = 0; // the first bind that failed; step reports it
};

} // namespace gatehouse::store
