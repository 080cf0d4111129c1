// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <memory>
#include <string>

#include "base/result.h"
#include "governance/governor.h"
#include "policy/policy.h"

namespace gatehouse::app {

// The rules of `policies`, with the engine of `previous` where its options are the same. Blocks while an engine
// compiles.
[[nodiscard]] Result<std::shared_ptr<const governance::Rules>>
makeRules(std::shared_ptr<const policy::PolicySet> policies, const governance::Rules* previous);

} // namespace gatehouse::app
