// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>

#include "base/result.h"

namespace gatehouse::audit {

// Somebody who waits for a record. done() is called exactly once, on a thread of the store: hand over and return.
class CommitWaiter {
public:
    virtual ~CommitWaiter() = default;
    virtual void done(Result<std::uint64_t> sequence) = 0;
};

} // namespace gatehouse::audit
