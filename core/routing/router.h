// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <span>
#include <string_view>
#include <vector>

#include "policy/policy.h"
#include "providers/registry.h"

// Which of the models that a request may mean is called. gw-io thread; never blocks.
namespace gatehouse::routing {

class Router {
public:
    virtual ~Router() = default;
    // Policy's aliases first, then the registry: the targets that the asked name may mean, best first. Empty when
    // unknown.
    [[nodiscard]] virtual std::vector<providers::Target> candidates(const policy::PolicySet& policies,
                                                                    std::string_view askedModel) const = 0;
    // One of them: the first whose health allows a call; nullopt when each of them is resting after failures.
    [[nodiscard]] virtual std::optional<providers::Target> select(std::span<const providers::Target> candidates) = 0;
    // How a call went, for health: `isOk` is false for refused connections, resets, time-outs and 5xx. A client that
    // left is not reported.
    virtual void report(const providers::Target& target, bool isOk) = 0;
    // For GET /v1/models: Registry::list and the aliases of policy (their names in Target::model, providerId "alias").
    [[nodiscard]] virtual std::vector<providers::Target> list(const policy::PolicySet& policies) const = 0;
};

} // namespace gatehouse::routing
