// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "base/result.h"

namespace gatehouse::collector {

// Runs `transaction` again as long as it loses against other ones, ten times at most; then unavailable.
template <class Job>
auto untilItWins(Job transaction) -> decltype(transaction()) {
    constexpr int kAttempts = 10;
    for (int attempt = 1;; ++attempt) {
        auto done = transaction();
        if (done || done.error().kind != ErrorKind::conflict) {
            return done;
        }
        if (attempt == kAttempts) {
            return fail(ErrorKind::unavailable, "other transactions were quicker too often");
        }
    }
}

} // namespace gatehouse::collector
