// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

// Facts about processes, and what a process can do to keep its own memory to itself.
namespace gatehouse::platform {

struct ProcessFacts {
    std::int64_t pid = 0;
    std::uint64_t startTime = 0;
    std::string executable; // absolute path; empty when it may not be read
    std::string name;       // short name, which the program may choose itself: for messages only
};

// nullopt when there is no such process or the system does not say.
std::optional<ProcessFacts> processFacts(std::int64_t pid);

// The process that holds the socket with this inode, asking `first` before all others; nullopt when none that we may
// read does. Linux only.
std::optional<ProcessFacts> processOfSocket(std::uint64_t inode, std::int64_t first = 0);

// New files get no rights for group and others. No core dumps and, on Linux, no ptrace or /proc/PID/mem by other
// processes of the same user. Call it first in main. Gives the names of the measures that took effect, for `doctor`.
std::vector<std::string> hardenProcess();

} // namespace gatehouse::platform
