// SPDX-License-Identifier: Apache-2.0
#include "providers/discovery.h"

#include <algorithm>
#include <array>
#include <utility>

namespace gatehouse::providers {
namespace {

struct Kind {
    std::string_view name;
    std::uint16_t DiscoveryPorts::* port;
    std::string_view listPath;
    Result<std::vector<ListedModel>> (*read)(std::string_view);
    std::array<std::string_view, 6> programs; // file names, lower-case, without ".exe"
};

constexpr std::array kKinds{
    Kind{"ollama", &DiscoveryPorts::ollama, "/api/tags", &readOllamaTags, {"ollama", "ollama app"}},
    Kind{"lmstudio",
         &DiscoveryPorts::lmStudio,
         "/v1/models",
         &readOpenAiModels,
         {"lm-studio", "lm studio", "lmstudio", "lms", "llmster"}},
    Kind{"llama-server", &DiscoveryPorts::llamaServer, "/v1/models", &readOpenAiModels, {"llama-server", "llamafile"}},
};

std::string programName(std::string_view executable) {
    const auto slash = executable.find_last_of("/\\");
    std::string name(slash == std::string_view::npos ? executable : executable.substr(slash + 1));
    std::transform(name.begin(), name.end(), name.begin(),
                   [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c; });
    if (name.ends_with(".exe")) {
        name.resize(name.size() - 4);
    }
    return name;
}

} // namespace

bool isModelServer(std::string_view kind, std::string_view executable) {
    const auto name = programName(executable);
    const auto* const found =
        std::find_if(kKinds.begin(), kKinds.end(), [kind](const Kind& row) { return row.name == kind; });
    return !name.empty() && found != kKinds.end() &&
           std::find(found->programs.begin(), found->programs.end(), name) != found->programs.end();
}

Task<std::vector<FoundServer>> discover(HttpPort& http, PortOwners& owners, DiscoveryPorts ports) {
    std::vector<FoundServer> found;
    for (const auto& kind : kKinds) {
        const auto port = ports.*kind.port;
        if (port == 0) {
            continue;
        }
        // Asking for the owner first keeps the answer and the owner together: a server that took the port over in
        // between is seen as what it is in the next round.
        const auto executable = owners.executableOn(port);
        const auto address = "http://127.0.0.1:" + std::to_string(port);
        const auto answer = co_await http.get(address + std::string(kind.listPath));
        if (!answer) {
            continue;
        }
        auto models = kind.read(*answer);
        if (!models) {
            continue; // something else than a model server of that kind listens there
        }
        found.push_back(
            {std::string(kind.name), address + "/v1", isModelServer(kind.name, executable), std::move(*models)});
    }
    co_return found;
}

} // namespace gatehouse::providers
