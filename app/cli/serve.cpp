// SPDX-License-Identifier: Apache-2.0
#include <array>
#include <charconv>
#include <csignal>
#include <cstdio>

#include <unistd.h>

#include "agent.h"
#include "base/json.h"
#include "options.h"
#include "verbs.h"

namespace gatehouse::cli {
namespace {

constexpr const char* kHelp =
    "usage: gatehousectl serve [--data DIR] [--policy FILE] [--machine DIR] [--port N] [--socket PATH] "
    "[--print-client-token]\n\n"
    "Runs the agent without windows until SIGTERM or SIGINT. When it is ready it prints one JSON line:\n"
    "  {\"port\":4141,\"pid\":1234,\"base_url\":\"http://127.0.0.1:4141\",\"client_token\":\"ghc_…\"}\n"
    "(the token only with --print-client-token). --port 0 takes a free port.\n";

std::optional<std::uint16_t> portOf(const std::string& text) {
    std::uint16_t port = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), port);
    return error == std::errc{} && end == text.data() + text.size() ? std::optional(port) : std::nullopt;
}

bool printReady(app::Agent& agent, bool withToken) {
    const app::AgentStatus status = agent.status();
    Json ready = {{"port", status.port}, {"pid", getpid()}, {"base_url", status.baseUrl}};
    if (!status.problem.empty()) {
        ready["problem"] = status.problem;
        std::fprintf(stderr, "gatehousectl serve: %s\n", status.problem.c_str());
    }
    if (withToken) {
        const auto token = agent.issueToken("serve");
        if (!token) {
            std::fprintf(stderr, "gatehousectl serve: no client token could be made (%s)\n",
                         token.error().what.c_str());
            return false;
        }
        ready["client_token"] = token->text();
    }
    std::printf("%s\n", dumpJson(ready).c_str());
    std::fflush(stdout);
    return true;
}

} // namespace

int runServe(Arguments arguments) {
    constexpr std::array<std::string_view, 2> kFlags{"--print-client-token", "--help"};
    constexpr std::array<std::string_view, 5> kNamed{"--data", "--policy", "--machine", "--port", "--socket"};
    const auto options = parseOptions("serve", arguments, kFlags, kNamed);
    if (!options || !options->rest.empty()) {
        return 2;
    }
    if (options->has("--help")) {
        std::fputs(kHelp, stdout);
        return 0;
    }
    app::AgentOptions agentOptions;
    agentOptions.dataFolder = options->value("--data").value_or("");
    agentOptions.policyFile = options->value("--policy");
    agentOptions.machinePolicyFolder = options->value("--machine").value_or("");
    agentOptions.socketPath = options->value("--socket").value_or("");
    if (const auto port = options->value("--port")) {
        agentOptions.port = portOf(*port);
        if (!agentOptions.port) {
            std::fputs("gatehousectl serve: --port takes a number from 0 to 65535\n", stderr);
            return 2;
        }
    }

    // Blocked before any thread starts, so that only the sigwait below receives them.
    sigset_t stopSignals;
    sigemptyset(&stopSignals);
    sigaddset(&stopSignals, SIGTERM);
    sigaddset(&stopSignals, SIGINT);
    sigaddset(&stopSignals, SIGHUP);
    pthread_sigmask(SIG_BLOCK, &stopSignals, nullptr);

    auto agent = app::Agent::start(std::move(agentOptions), nullptr);
    if (!agent) {
        std::fprintf(stderr, "gatehousectl serve: %s\n", agent.error().what.c_str());
        return 2;
    }
    if (!printReady(**agent, options->has("--print-client-token"))) {
        return 2;
    }
    int received = 0;
    sigwait(&stopSignals, &received);
    (*agent)->stop();
    return 0;
}

} // namespace gatehouse::cli
