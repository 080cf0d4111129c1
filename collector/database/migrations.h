// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <span>

#include "database/connection.h"

namespace gatehouse::collector {

// The steps of the schema, first to last: the files of collector/migrations.
std::span<const char* const> migrationSteps();

// Brings the database to the newest version, each step in its own transaction; instances that start together wait for
// each other. conflict when the database was written by a newer collector.
[[nodiscard]] Result<> migrate(Connection& connection);

} // namespace gatehouse::collector
