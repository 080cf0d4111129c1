// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <string_view>

#include "base/crypto.h"
#include "types/record.h"

// One record as a line of a foreign format, without its line break and without texts. Pure functions. What a client
// could choose (names, models, paths) is escaped as each format says, and for CSV so that no spreadsheet takes it for a
// formula.
namespace gatehouse::audit {

// RFC 4180, the columns of csvHeading().
std::string csvHeading();
std::string csvLine(const AuditRecord& record, const Sha256Digest& hash);
// ArcSight Common Event Format: CEF:0|Gatehouse|Gatehouse|1|id|name|severity|extensions.
std::string cefLine(const AuditRecord& record, const Sha256Digest& hash);
// OCSF 1.8.0, API Activity (6003), profile ai_operation; what the class has no place for is in `unmapped`.
std::string ocsfLine(const AuditRecord& record, const Sha256Digest& hash);

} // namespace gatehouse::audit
