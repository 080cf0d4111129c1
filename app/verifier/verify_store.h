// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>

#include "audit/verify.h"
#include "base/result.h"

namespace gatehouse::verifier {

// Verifies a data folder, or an auditor's copy of one. The key is where the folder's secrets.json says, or, with
// `keyFile`, in a file of 32 bytes or of their base64 text. notFound, unavailable and invalidInput when it cannot be
// done; faults of the audit are in the report.
[[nodiscard]] Result<audit::VerifyReport> verifyStore(const std::string& folder, const std::string& keyFile);

// Prints the report on stdout, for people or as one JSON object, and gives the exit code: 0 intact, 1 not.
int printStoreReport(const audit::VerifyReport& report, bool isJson);

} // namespace gatehouse::verifier
