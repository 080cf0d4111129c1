// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <vector>

#include "base/result.h"
#include "sync/outbox.h"

namespace gatehouse::sync {

// The batches that wait, as files in a folder for somebody to carry: the same bytes that the collector would get. A
// file that is there already with the same bytes stays as it is. Gives the paths, oldest first; conflict when a file of
// the same name holds something else.
[[nodiscard]] Result<std::vector<std::string>> copyWaiting(const Outbox& outbox, const ledger::DeviceId& device,
                                                           const std::string& folder);

} // namespace gatehouse::sync
