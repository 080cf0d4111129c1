// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <vector>

#include "dlp/catalogue.h"
#include "dlp/engine.h"

namespace gatehouse::dlp {

// The rows that a policy's words and patterns become.
void addCustomRows(const EngineOptions& options, std::vector<Row>& rows);

} // namespace gatehouse::dlp
