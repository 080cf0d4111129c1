// SPDX-License-Identifier: Apache-2.0
#include "database/migrations.h"

#include "base/log.h"

namespace gatehouse::collector {
namespace {

constexpr std::int64_t kLock = 0x4741544548; // "GATEH": of PostgreSQL's advisory locks

Result<> runStep(Connection& connection, std::int64_t number, const char* sql) {
    GH_TRY(Transaction transaction, Transaction::begin(connection));
    GH_CHECK(connection.run(sql));
    GH_CHECK(connection.query("INSERT INTO schema_version (version) VALUES ($1)", {number}));
    GH_CHECK(transaction.commit());
    logInfo("collector", "the database has schema {} now", number);
    return {};
}

Result<> runSteps(Connection& connection) {
    GH_CHECK(connection.run("CREATE TABLE IF NOT EXISTS schema_version (version bigint PRIMARY KEY, "
                            "applied_at timestamptz NOT NULL DEFAULT now())"));
    GH_TRY(const Rows rows, connection.query("SELECT coalesce(max(version), 0) FROM schema_version"));
    const std::int64_t version = rows.number(0, 0);
    const auto steps = migrationSteps();
    if (version > static_cast<std::int64_t>(steps.size())) {
        return fail(ErrorKind::conflict, "the database was written by a newer collector");
    }
    for (auto i = static_cast<std::size_t>(version); i < steps.size(); ++i) {
        GH_CHECK(runStep(connection, static_cast<std::int64_t>(i + 1), steps[i]));
    }
    return {};
}

} // namespace

Result<> migrate(Connection& connection) {
    GH_CHECK(connection.query("SELECT pg_advisory_lock($1)", {kLock}));
    auto done = runSteps(connection);
    GH_CHECK(connection.query("SELECT pg_advisory_unlock($1)", {kLock}));
    return done;
}

} // namespace gatehouse::collector
