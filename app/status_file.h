// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "agent.h"
#include "base/json.h"
#include "base/result.h"

// <data>/agent.json (0600): what the running agent says of itself, for `gatehousectl status|models|doctor`. Written on
// each change, removed at a clean stop; a file whose process is gone is stale and read as "not running".
namespace gatehouse::app {

std::string_view agentStateWord(AgentState state);
Json statusJson(const AgentStatus& status);

[[nodiscard]] Result<> writeStatusFile(const AgentStatus& status);
void removeStatusFile(const std::string& dataFolder);

struct RunningAgent {
    std::int64_t pid = 0;
    std::string baseUrl;
    Json status; // as statusJson gave it, with "pid"
};
// The agent that runs on this data folder; notFound when none does.
[[nodiscard]] Result<RunningAgent> findRunningAgent(const std::string& dataFolder);

} // namespace gatehouse::app
