// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <chrono>
#include <cstdint>
#include <map>
#include <string>

#include "base/clock.h"

namespace gatehouse::routing {

// Which providers rest after failures. Three failures in a row: 5 s of rest, then one trial call; each failed trial
// doubles the rest up to a minute. One success heals.
class Health final {
public:
    [[nodiscard]] bool isResting(const std::string& provider, MonotonicTime now) const;
    // A call is about to be made: after a rest only one may try, until it is reported or the rest is over again.
    void begin(const std::string& provider, MonotonicTime now);
    void report(const std::string& provider, bool isOk, MonotonicTime now);

private:
    struct State {
        unsigned failures = 0;
        std::chrono::milliseconds rest{0};
        MonotonicTime until{};
    };
    std::map<std::string, State> m_states;
};

} // namespace gatehouse::routing
