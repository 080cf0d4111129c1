// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <vector>

#include "audit/audit.h"
#include "base/result.h"
#include "ledger/record_codec.h"
#include "store/database.h"

namespace gatehouse::audit {

// The newest records that match, newest first, at most query.limit. Reads one snapshot; what the index does not have
// yet is looked through record by record, so that nothing committed is missed. Errors: invalidInput (the text).
[[nodiscard]] Result<std::vector<ledger::Entry>> search(store::Database& database, const Query& query);

// The same inside a transaction of the caller.
[[nodiscard]] Result<std::vector<ledger::Entry>> searchInside(store::Database& database, const Query& query);

} // namespace gatehouse::audit
