// SPDX-License-Identifier: Apache-2.0
#include "database/connection.h"

#include <array>
#include <utility>

#include <libpq-fe.h>

namespace gatehouse::collector {
namespace {

// Of pg_type.dat; they never change.
constexpr Oid kBytea = 17;
constexpr Oid kBigint = 20;
constexpr Oid kText = 25;

Error errorOf(pg_conn* handle, const pg_result* result) {
    const char* const field = result != nullptr ? PQresultErrorField(result, PG_DIAG_SQLSTATE) : nullptr;
    const std::string_view state = field != nullptr ? field : "";
    // Serialisation failure, deadlock, and a unique key that another transaction took in between.
    if (state == "40001" || state == "40P01" || state == "23505") {
        return {ErrorKind::conflict, "the transaction lost against another one", 0};
    }
    const bool isDown = PQstatus(handle) != CONNECTION_OK || state.starts_with("08") || state.starts_with("57") ||
                        state.starts_with("53") || state.starts_with("55");
    return {isDown ? ErrorKind::unavailable : ErrorKind::internal,
            isDown ? "the database does not answer"
                   : "the database refuses a statement, SQLSTATE " + std::string(state),
            0};
}

struct Bound {
    std::vector<Oid> types;
    std::vector<std::string> numbers;
    std::vector<const char*> values;
    std::vector<int> sizes;
    std::vector<int> formats;
};

Bound bind(const std::vector<Parameter>& parameters) {
    Bound bound;
    bound.numbers.reserve(parameters.size()); // the values point into it
    for (const Parameter& parameter : parameters) {
        if (const auto* const number = std::get_if<std::int64_t>(&parameter)) {
            bound.numbers.push_back(std::to_string(*number));
            bound.types.push_back(kBigint);
            bound.values.push_back(bound.numbers.back().c_str());
            bound.sizes.push_back(0);
            bound.formats.push_back(0);
            continue;
        }
        const auto* const text = std::get_if<std::string_view>(&parameter);
        const std::string_view view = text != nullptr ? *text : textOf(std::get<ByteView>(parameter));
        bound.types.push_back(text != nullptr ? kText : kBytea);
        bound.values.push_back(view.empty() ? "" : view.data()); // null would be SQL's NULL
        bound.sizes.push_back(static_cast<int>(view.size()));
        bound.formats.push_back(1);
    }
    return bound;
}

} // namespace

Rows::Rows(pg_result* result) : m_result(result) {}

void Rows::Clear::operator()(pg_result* result) const {
    PQclear(result);
}

std::size_t Rows::size() const {
    return static_cast<std::size_t>(PQntuples(m_result.get()));
}

ByteView Rows::bytes(std::size_t row, int column) const {
    const int at = static_cast<int>(row);
    const auto size = static_cast<std::size_t>(PQgetlength(m_result.get(), at, column));
    return bytesOf(std::string_view(PQgetvalue(m_result.get(), at, column), size));
}

std::int64_t Rows::number(std::size_t row, int column) const {
    std::uint64_t value = 0;
    for (const std::uint8_t byte : bytes(row, column)) {
        value = (value << 8U) | byte;
    }
    return static_cast<std::int64_t>(value);
}

Result<std::unique_ptr<Connection>> Connection::open(const std::string& address) {
    std::unique_ptr<Connection> connection(new Connection(PQconnectdb(address.c_str())));
    if (PQstatus(connection->m_handle) != CONNECTION_OK) {
        return fail(ErrorKind::unavailable, "the database cannot be reached");
    }
    // Notices would go to stderr past our log.
    PQsetNoticeProcessor(connection->m_handle, [](void*, const char*) {}, nullptr);
    GH_CHECK(connection->run("SET statement_timeout = '20s'"));
    GH_CHECK(connection->run("SET idle_in_transaction_session_timeout = '30s'"));
    // An answer of 200 says that the batch is durable, whatever the server's default is.
    GH_CHECK(connection->run("SET synchronous_commit = on"));
    return connection;
}

Connection::~Connection() {
    PQfinish(m_handle);
}

Result<Rows> Connection::query(const char* sql, const std::vector<Parameter>& parameters) {
    const Bound bound = bind(parameters);
    constexpr int kBinary = 1;
    pg_result* const result = PQexecParams(m_handle, sql, static_cast<int>(parameters.size()), bound.types.data(),
                                           bound.values.data(), bound.sizes.data(), bound.formats.data(), kBinary);
    Rows rows(result);
    const ExecStatusType status = PQresultStatus(result);
    if (status != PGRES_TUPLES_OK && status != PGRES_COMMAND_OK) {
        return std::unexpected(errorOf(m_handle, result));
    }
    return rows;
}

Result<> Connection::run(const char* sql) {
    pg_result* const result = PQexec(m_handle, sql);
    const Rows rows(result);
    const ExecStatusType status = PQresultStatus(result);
    if (status != PGRES_TUPLES_OK && status != PGRES_COMMAND_OK) {
        return std::unexpected(errorOf(m_handle, result));
    }
    return {};
}

bool Connection::isUsable() const {
    return PQstatus(m_handle) == CONNECTION_OK && PQtransactionStatus(m_handle) == PQTRANS_IDLE;
}

Result<Transaction> Transaction::begin(Connection& connection) {
    GH_CHECK(connection.run("BEGIN ISOLATION LEVEL SERIALIZABLE"));
    return Transaction(connection);
}

Result<Transaction> Transaction::beginLocking(Connection& connection) {
    GH_CHECK(connection.run("BEGIN ISOLATION LEVEL READ COMMITTED"));
    return Transaction(connection);
}

Transaction::Transaction(Transaction&& other) noexcept : m_connection(std::exchange(other.m_connection, nullptr)) {}

Transaction::~Transaction() {
    if (m_connection != nullptr) {
        // A failed one leaves the connection unusable, and the pool throws it away.
        static_cast<void>(m_connection->run("ROLLBACK"));
    }
}

Result<> Transaction::commit() {
    auto* const connection = std::exchange(m_connection, nullptr);
    auto committed = connection->run("COMMIT");
    if (!committed && !connection->isUsable()) {
        static_cast<void>(connection->run("ROLLBACK"));
    }
    return committed;
}

} // namespace gatehouse::collector
