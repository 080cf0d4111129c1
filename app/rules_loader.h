// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "base/result.h"
#include "governance/governor.h"
#include "policy/policy.h"

namespace gatehouse::app {

// The rules of `policies`, with the engine of `previous` where its settings are the same; registered data is looked for
// in `folders`. Blocks while an engine compiles.
[[nodiscard]] Result<std::shared_ptr<const governance::Rules>>
makeRules(std::shared_ptr<const policy::PolicySet> policies, const governance::Rules* previous,
          const std::vector<std::string>& folders);

} // namespace gatehouse::app
