// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <memory>

#include "base/clock.h"
#include "providers/registry.h"
#include "routing/router.h"

namespace gatehouse::routing {

// Both must outlive the router.
std::unique_ptr<Router> makeRouter(const providers::Registry& registry, const Clock& clock);

} // namespace gatehouse::routing
