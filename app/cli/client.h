// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>

#include "base/result.h"
#include "options.h"

namespace gatehouse::cli {

// The data folder that a verb works on: --data, else GATEHOUSE_DATA, else the platform's.
[[nodiscard]] Result<std::string> dataFolderOf(const Options& options);

// GET on a loopback URL with an optional client token; the body of a 200 answer. For the verbs that ask a running
// agent.
[[nodiscard]] Result<std::string> httpGet(const std::string& url, const std::string& token);

} // namespace gatehouse::cli
