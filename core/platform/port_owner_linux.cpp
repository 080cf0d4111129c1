// SPDX-License-Identifier: Apache-2.0
#include "platform/port_owner.h"

#include <array>
#include <charconv>
#include <cstdlib>
#include <fstream>
#include <sstream>

namespace gatehouse::platform {
namespace {

constexpr const char* kListenState = "0A"; // proc_net(5), tcp_states.h

// Finds the listening socket of a port in one table of /proc/net; 0 when it has none. Columns: sl local_address
// rem_address st tx:rx tr:when retrnsmt uid timeout inode.
std::uint64_t listeningInode(const char* table, std::uint16_t port) {
    std::ifstream file(table);
    std::string line;
    std::getline(file, line); // the headings
    while (std::getline(file, line)) {
        std::istringstream columns(line);
        std::array<std::string, 10> words;
        for (auto& word : words) {
            columns >> word;
        }
        const auto colon = words[1].rfind(':');
        if (words[3] != kListenState || colon == std::string::npos) {
            continue;
        }
        unsigned found = 0;
        std::from_chars(words[1].data() + colon + 1, words[1].data() + words[1].size(), found, 16);
        if (found == port) {
            return std::strtoull(words[9].c_str(), nullptr, 10);
        }
    }
    return 0;
}

} // namespace

std::optional<ProcessFacts> findPortOwner(std::uint16_t port) {
    for (const auto* table : {"/proc/net/tcp", "/proc/net/tcp6"}) {
        if (auto facts = processOfSocket(listeningInode(table, port))) {
            return facts;
        }
    }
    return std::nullopt;
}

std::string describePortOwner(std::uint16_t port) {
    const auto owner = findPortOwner(port);
    const auto start = "port " + std::to_string(port) + " is taken by ";
    if (!owner) {
        return start + "a program that cannot be seen from here (another user's, or a container's)";
    }
    const auto slash = owner->executable.rfind('/');
    const auto name = owner->executable.empty() ? owner->name : owner->executable.substr(slash + 1);
    return start + name + " (pid " + std::to_string(owner->pid) + ")";
}

} // namespace gatehouse::platform
