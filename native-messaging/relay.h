// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <chrono>
#include <cstddef>
#include <optional>
#include <string>
#include <string_view>

#include "ipc/framing.h"

// Carries whole frames between the browser's pipes and the agent's local socket. Decides nothing and keeps nothing but
// the extension's `hello`, which it says again to an agent that starts later. While the agent is missing it answers for
// it: status "down". Never logs content. One thread, poll(2).
namespace gatehouse::host {

struct RelayOptions {
    int input = 0;  // from the browser
    int output = 1; // to the browser
    std::string socketPath;
    std::string origin; // which extension started us
    std::string version;
    std::chrono::milliseconds retry{1000}; // how often a missing agent is looked for
};

enum class RelayEnd { browserLeft, brokenFrames, outputLost };

class Relay final {
public:
    explicit Relay(RelayOptions options);
    ~Relay();
    Relay(const Relay&) = delete;
    Relay& operator=(const Relay&) = delete;

    // Runs until the browser closes its end, or sends what is not frames.
    RelayEnd run();

private:
    std::optional<RelayEnd> step();
    std::optional<RelayEnd> readBrowser();
    void readAgent();
    bool takeFromBrowser(const std::string& payload);
    void connectAgent();
    void loseAgent();
    void queueToBrowser(std::string_view payload);
    void queueToAgent(std::string_view payload);
    [[nodiscard]] int waitMilliseconds() const;

    RelayOptions m_options;
    ipc::FrameDecoder m_fromBrowser;
    ipc::FrameDecoder m_fromAgent;
    std::string m_toBrowser;
    std::string m_toAgent;
    std::string m_hello;
    int m_agent = -1;
    std::chrono::steady_clock::time_point m_nextTry;
};

} // namespace gatehouse::host
