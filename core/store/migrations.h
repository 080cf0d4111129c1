// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <span>

#include "base/result.h"
#include "store/database.h"

namespace gatehouse::store {

// One step of a schema, from version `to - 1` to `to` (kept in user_version). A step that was released never changes.
struct Migration {
    int to = 0;
    const char* sql = nullptr;
};

// Brings a writer's database to the newest version, each step in its own transaction: after a crash it goes on where it
// stopped. conflict when the database was written by a newer program, corrupt when it belongs to another application.
[[nodiscard]] Result<> migrate(Database& database, std::int64_t applicationId, std::span<const Migration> steps);

} // namespace gatehouse::store
