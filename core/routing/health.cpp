// SPDX-License-Identifier: Apache-2.0
#include "routing/health.h"

#include <algorithm>

namespace gatehouse::routing {
namespace {

constexpr unsigned kFailuresUntilRest = 3;
constexpr std::chrono::milliseconds kFirstRest{5'000};
constexpr std::chrono::milliseconds kLongestRest{60'000};

} // namespace

bool Health::isResting(const std::string& provider, MonotonicTime now) const {
    const auto found = m_states.find(provider);
    return found != m_states.end() && found->second.failures >= kFailuresUntilRest && now < found->second.until;
}

void Health::begin(const std::string& provider, MonotonicTime now) {
    const auto found = m_states.find(provider);
    if (found != m_states.end() && found->second.failures >= kFailuresUntilRest) {
        found->second.until = now + found->second.rest;
    }
}

void Health::report(const std::string& provider, bool isOk, MonotonicTime now) {
    if (isOk) {
        m_states.erase(provider);
        return;
    }
    auto& state = m_states[provider];
    if (++state.failures < kFailuresUntilRest) {
        return;
    }
    state.rest = std::clamp(state.rest * 2, kFirstRest, kLongestRest);
    state.until = now + state.rest;
}

} // namespace gatehouse::routing
