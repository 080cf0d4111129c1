// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <string>

#include "base/result.h"
#include "ledger/export_file.h"

namespace gatehouse::verifier {

// Verifies the export in a file, or on standard input for "-". notFound or unavailable when it cannot be read,
// invalidInput when it is no export; faults of an export are in the report. `head` is a SHA-256 in hex, or empty.
[[nodiscard]] Result<ledger::ExportVerifier::Report> verifyExport(const std::string& path, const std::string& head);

// Prints the report on stdout, for people or as one JSON object, and gives the exit code: 0 intact, 1 not.
int printExportReport(const ledger::ExportVerifier::Report& report, bool isJson);

} // namespace gatehouse::verifier
