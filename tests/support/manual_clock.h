// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "base/clock.h"

namespace gatehouse::test {

// A clock that only the test moves.
class ManualClock final : public Clock {
public:
    [[nodiscard]] WallTime wall() const override { return now; }
    [[nodiscard]] MonotonicTime monotonic() const override { return steady; }
    // Both, as time does.
    void advance(std::chrono::milliseconds by) {
        now += by;
        steady += by;
    }

    WallTime now{std::chrono::milliseconds(1'800'000'000'000)};
    MonotonicTime steady{std::chrono::hours(1)};
};

} // namespace gatehouse::test
