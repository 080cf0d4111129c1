// SPDX-License-Identifier: Apache-2.0
#include "store/migrations.h"

#include <string>

namespace gatehouse::store {
namespace {

Result<> runStep(Database& database, std::int64_t applicationId, const Migration& step) {
    GH_TRY(Transaction transaction, Transaction::begin(database));
    GH_CHECK(database.run(step.sql));
    GH_CHECK(database.run(("PRAGMA application_id=" + std::to_string(applicationId)).c_str()));
    GH_CHECK(database.run(("PRAGMA user_version=" + std::to_string(step.to)).c_str()));
    return transaction.commit();
}

} // namespace

Result<> migrate(Database& database, std::int64_t applicationId, std::span<const Migration> steps) {
    GH_TRY(const std::int64_t owner, database.queryNumber("PRAGMA application_id"));
    GH_TRY(const std::int64_t version, database.queryNumber("PRAGMA user_version"));
    if (owner != applicationId && (owner != 0 || version != 0)) {
        return fail(ErrorKind::corrupt, "database: it belongs to another application");
    }
    if (!steps.empty() && version > steps.back().to) {
        return fail(ErrorKind::conflict, "database: it was written by a newer version of Gatehouse: update this one");
    }
    for (const Migration& step : steps) {
        if (step.to > version) {
            GH_CHECK(runStep(database, applicationId, step));
        }
    }
    return {};
}

} // namespace gatehouse::store
