// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <vector>

#include "base/json.h"
#include "dlp/engine.h"
#include "scan_run.h"

namespace gatehouse::cli {

// A run in the Static Analysis Results Interchange Format (OASIS SARIF 2.1.0), as code scanning services read it.
// Values are not in it. Files that could not be read are notifications of the invocation.
Json sarifOf(const std::vector<ScannedFile>& files, const dlp::Engine& engine, std::string_view version);

} // namespace gatehouse::cli
