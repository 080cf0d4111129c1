// SPDX-License-Identifier: Apache-2.0
#include "status_file.h"

#include <array>
#include <csignal>

#include <unistd.h>

#include "platform/secure_file.h"

namespace gatehouse::app {
namespace {

constexpr std::array<std::string_view, 6> kStates{"ready",        "policy broken", "store locked",
                                                  "store broken", "port taken",    "stopped"};
constexpr std::size_t kMaxBytes = 64UL * 1024UL;

std::string pathIn(const std::string& dataFolder) {
    return dataFolder + "/agent.json";
}

} // namespace

std::string_view agentStateWord(AgentState state) {
    return kStates.at(static_cast<std::size_t>(state));
}

Json statusJson(const AgentStatus& status) {
    return {{"state", agentStateWord(status.state)},
            {"problem", status.problem},
            {"port", status.port},
            {"base_url", status.baseUrl},
            {"policy",
             {{"id", status.policyId},
              {"serial", status.policySerial},
              {"monitor", status.isMonitorMode},
              {"problem", status.policyProblem}}},
            {"key_protection", status.keyProtection},
            {"bridge", {{"up", status.isBridgeUp}, {"socket", status.socketPath}}},
            {"sync",
             {{"state", status.sync.state},
              {"problem", status.sync.problem},
              {"delivered", status.sync.delivered},
              {"waiting", status.sync.waiting},
              {"log_size", status.sync.logSize},
              {"unproven", status.sync.unproven}}},
            {"data", status.dataFolder}};
}

Result<> writeStatusFile(const AgentStatus& status) {
    Json value = statusJson(status);
    value["pid"] = getpid();
    return platform::writePrivateFile(pathIn(status.dataFolder), bytesOf(dumpJson(value)));
}

void removeStatusFile(const std::string& dataFolder) {
    unlink(pathIn(dataFolder).c_str());
}

Result<RunningAgent> findRunningAgent(const std::string& dataFolder) {
    GH_TRY(const Bytes text, platform::readFile(pathIn(dataFolder), kMaxBytes));
    GH_TRY(const Json value, parseJson(textOf(text)));
    if (!value.is_object() || !value.contains("pid") || !value["pid"].is_number_integer() ||
        !value.contains("base_url") || !value["base_url"].is_string()) {
        return fail(ErrorKind::corrupt, "agent.json has not the form that the agent writes");
    }
    RunningAgent running{value["pid"].get<std::int64_t>(), value["base_url"].get<std::string>(), value};
    if (running.pid <= 1 || kill(static_cast<pid_t>(running.pid), 0) != 0) {
        return fail(ErrorKind::notFound, "no agent runs on this data folder");
    }
    return running;
}

} // namespace gatehouse::app
