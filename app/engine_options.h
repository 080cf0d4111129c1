// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "dlp/engine.h"
#include "policy/policy.h"

namespace gatehouse::app {

// What the engine is compiled for under these settings.
dlp::EngineOptions engineOptionsOf(const policy::DetectorSettings& settings);

} // namespace gatehouse::app
