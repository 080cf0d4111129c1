// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "base/result.h"
#include "store/database.h"

namespace gatehouse::audit {

// Creates the tables of the audit, or brings them up to date. Their description: docs/formats/database.md.
[[nodiscard]] Result<> prepareSchema(store::Database& database);

} // namespace gatehouse::audit
