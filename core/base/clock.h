// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <chrono>

namespace gatehouse {

using WallTime = std::chrono::sys_time<std::chrono::milliseconds>;
using MonotonicTime = std::chrono::steady_clock::time_point;

// The only source of time in core, so that tests can move it. Safe on any thread.
class Clock {
public:
    virtual ~Clock() = default;
    // UTC; may jump when the machine's clock is set.
    [[nodiscard]] virtual WallTime wall() const = 0;
    // Never goes back.
    [[nodiscard]] virtual MonotonicTime monotonic() const = 0;
};

class SystemClock final : public Clock {
public:
    [[nodiscard]] WallTime wall() const override {
        return std::chrono::time_point_cast<std::chrono::milliseconds>(std::chrono::system_clock::now());
    }
    [[nodiscard]] MonotonicTime monotonic() const override { return std::chrono::steady_clock::now(); }
};

} // namespace gatehouse
