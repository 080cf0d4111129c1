// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <vector>

#include "base/result.h"
#include "dlp/engine.h"
#include "policy/policy.h"

namespace gatehouse::app {

// Where files of registered data are looked for when policy names them without a folder, in this order: beside the
// policy file `policyFile` (where one was named), <data>/registered, /etc/gatehouse/registered.
std::vector<std::string> registeredFolders(const std::string& policyFile, const std::string& dataFolder);

// What the engine is compiled for under these settings. notFound, denied or corrupt, with the file's name, when
// registered data cannot be used. Blocks while files are read.
[[nodiscard]] Result<dlp::EngineOptions> engineOptionsOf(const policy::DetectorSettings& settings,
                                                         const std::vector<std::string>& folders);

} // namespace gatehouse::app
