// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <chrono>
#include <list>
#include <optional>
#include <utility>

#include "base/async.h"

namespace gatehouse::governance {

// One at a time, in the order of asking. gw-io; must outlive its turns.
class Turns final {
    struct Waiter;

public:
    // Whoever holds it is the one; given back when it goes.
    class Turn final {
    public:
        explicit Turn(Turns& turns) : m_turns(&turns) {}
        Turn(Turn&& other) noexcept : m_turns(std::exchange(other.m_turns, nullptr)) {}
        Turn& operator=(Turn&&) = delete;
        Turn(const Turn&) = delete;
        Turn& operator=(const Turn&) = delete;
        ~Turn();

    private:
        Turns* m_turns;
    };
    // nullopt when it does not come in time.
    [[nodiscard]] Task<std::optional<Turn>> take(std::chrono::milliseconds within);

private:
    void release();

    bool m_isTaken = false;
    std::list<Waiter*> m_waiting;
};

} // namespace gatehouse::governance
