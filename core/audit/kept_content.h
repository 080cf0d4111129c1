// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <vector>

#include "base/result.h"
#include "ledger/export_file.h"
#include "store/database.h"

namespace gatehouse::audit {

// What is still kept of one record's texts, with the salts; in the order original, sanitised, justification.
[[nodiscard]] Result<std::vector<ledger::ExportedContent>> readKeptContent(store::Database& database,
                                                                           std::uint64_t sequence);

} // namespace gatehouse::audit
