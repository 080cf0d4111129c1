// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <memory>
#include <string>

#include "base/result.h"
#include "governance/governor.h"
#include "policy/policy.h"

namespace gatehouse::app {

// What the engine is compiled for under these policies. Words add up over all layers; what makes the engine see less
// (disabled detectors, allowed values) counts from the highest layer only, because a lower one may only be stricter.
dlp::EngineOptions engineOptionsOf(const policy::PolicySet& policies);

// The rules of `policies`, with the engine of `previous` where its options are the same. Blocks while an engine
// compiles.
[[nodiscard]] Result<std::shared_ptr<const governance::Rules>>
makeRules(std::shared_ptr<const policy::PolicySet> policies, const governance::Rules* previous);

} // namespace gatehouse::app
