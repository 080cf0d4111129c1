// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "base/bytes.h"
#include "base/result.h"

struct pg_conn;
struct pg_result;

// PostgreSQL through libpq. A connection belongs to one thread at a time. Errors never hold values: conflict (the
// transaction lost against another one; try it again), unavailable (no connection, or the server is stopping),
// internal.
namespace gatehouse::collector {

using Parameter = std::variant<std::int64_t, std::string_view, ByteView>;

class Rows final {
public:
    explicit Rows(pg_result* result);
    [[nodiscard]] std::size_t size() const;
    [[nodiscard]] bool empty() const { return size() == 0; }
    // Columns count from 0. bytes: bytea and text; number: bigint and boolean. Valid as long as the rows.
    [[nodiscard]] ByteView bytes(std::size_t row, int column) const;
    [[nodiscard]] std::int64_t number(std::size_t row, int column) const;

private:
    struct Clear {
        void operator()(pg_result* result) const;
    };
    std::unique_ptr<pg_result, Clear> m_result;
};

class Connection final {
public:
    // `address` is libpq's connection string (or URI).
    [[nodiscard]] static Result<std::unique_ptr<Connection>> open(const std::string& address);
    Connection(const Connection&) = delete;
    Connection& operator=(const Connection&) = delete;
    ~Connection();

    // One statement with parameters $1 …; numbers are bigint, views text, bytes bytea.
    [[nodiscard]] Result<Rows> query(const char* sql, const std::vector<Parameter>& parameters = {});
    // Statements without parameters and rows.
    [[nodiscard]] Result<> run(const char* sql);
    // False when the connection is lost: throw it away.
    [[nodiscard]] bool isUsable() const;

private:
    explicit Connection(pg_conn* handle) : m_handle(handle) {}
    pg_conn* m_handle;
};

// Rolls back when it goes out of scope uncommitted.
class Transaction final {
public:
    [[nodiscard]] static Result<Transaction> begin(Connection& connection);
    // READ COMMITTED, for those who lock the rows that they judge by: they wait instead of losing.
    [[nodiscard]] static Result<Transaction> beginLocking(Connection& connection);
    Transaction(Transaction&& other) noexcept;
    Transaction& operator=(Transaction&&) = delete;
    Transaction(const Transaction&) = delete;
    Transaction& operator=(const Transaction&) = delete;
    ~Transaction();
    [[nodiscard]] Result<> commit();

private:
    explicit Transaction(Connection& connection) : m_connection(&connection) {}
    Connection* m_connection;
};

} // namespace gatehouse::collector
