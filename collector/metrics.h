// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <atomic>
#include <cstdint>
#include <string>

namespace gatehouse::collector {

enum class Count {
    connections,
    requests,
    stored,
    duplicates,
    gaps,
    forks,
    rollbacks,
    denied,
    malformed,
    unavailable,
    newAlarms,
    storedBytes,
    storedRecords,
    enrolments,
    renewals,
    logLeaves,
    heartbeats,
    policies,
    objects,
    objectsFailed,
};
inline constexpr std::size_t kCounts = 20;

// What this instance has seen since it started. Any thread.
class Metrics final {
public:
    void add(Count count, std::uint64_t by = 1) { m_values.at(static_cast<std::size_t>(count)) += by; }
    // The text form of Prometheus (exposition format 0.0.4).
    [[nodiscard]] std::string text() const;

private:
    std::array<std::atomic<std::uint64_t>, kCounts> m_values{};
};

} // namespace gatehouse::collector
