// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "base/json.h"
#include "types/record.h"

namespace gatehouse::ledger {

// One record for people and tools, as `audit list --json`, `audit show --json` and exports have it: snake_case, what is
// empty or unknown left out, apart from the fields that every record has. Texts appear only when the record holds them.
Json recordToJson(const AuditRecord& record);

} // namespace gatehouse::ledger
