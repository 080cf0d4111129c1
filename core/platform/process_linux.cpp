// SPDX-License-Identifier: Apache-2.0
#include "platform/process.h"

#include <array>
#include <charconv>
#include <fstream>
#include <iterator>
#include <memory>
#include <sstream>
#include <string_view>

#include <dirent.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>

namespace gatehouse::platform {
namespace {

constexpr int kStartTimeField = 22; // proc_pid_stat(5)

struct CloseFolder {
    void operator()(DIR* folder) const { closedir(folder); }
};
using Folder = std::unique_ptr<DIR, CloseFolder>;

std::string processFolder(std::int64_t pid) {
    return "/proc/" + std::to_string(pid);
}

std::string linkTarget(const std::string& path) {
    std::array<char, 4096> target{};
    const auto size = readlink(path.c_str(), target.data(), target.size());
    return size <= 0 ? std::string() : std::string(target.data(), static_cast<std::size_t>(size));
}

// The second field is the name in parentheses and may hold anything, so that fields are counted from its end.
bool readStat(std::int64_t pid, ProcessFacts& facts) {
    std::ifstream file(processFolder(pid) + "/stat");
    const std::string stat{std::istreambuf_iterator<char>(file), std::istreambuf_iterator<char>()};
    const auto open = stat.find('(');
    const auto close = stat.rfind(')');
    if (open == std::string::npos || close == std::string::npos || close < open) {
        return false;
    }
    facts.name = stat.substr(open + 1, close - open - 1);
    std::istringstream rest(stat.substr(close + 1));
    std::string word;
    for (int field = 3; field <= kStartTimeField; ++field) {
        rest >> word;
    }
    const auto parsed = std::from_chars(word.data(), word.data() + word.size(), facts.startTime);
    return static_cast<bool>(rest) && parsed.ec == std::errc{};
}

bool holdsSocket(std::int64_t pid, const std::string& wanted) {
    const auto path = processFolder(pid) + "/fd";
    const Folder folder(opendir(path.c_str()));
    if (!folder) {
        return false;
    }
    while (const auto* entry = readdir(folder.get())) {
        std::array<char, 64> target{};
        const auto size = readlinkat(dirfd(folder.get()), entry->d_name, target.data(), target.size());
        if (size > 0 && std::string_view(target.data(), static_cast<std::size_t>(size)) == wanted) {
            return true;
        }
    }
    return false;
}

// The start time is read before and after the search, so that a pid that was reused in between is not taken.
std::optional<ProcessFacts> holderFacts(std::int64_t pid, const std::string& wanted) {
    ProcessFacts before;
    if (!readStat(pid, before) || !holdsSocket(pid, wanted)) {
        return std::nullopt;
    }
    auto facts = processFacts(pid);
    if (!facts || facts->startTime != before.startTime) {
        return std::nullopt;
    }
    return facts;
}

} // namespace

std::optional<ProcessFacts> processFacts(std::int64_t pid) {
    ProcessFacts facts;
    facts.pid = pid;
    if (pid <= 0 || !readStat(pid, facts)) {
        return std::nullopt;
    }
    facts.executable = linkTarget(processFolder(pid) + "/exe");
    return facts;
}

std::optional<ProcessFacts> processOfSocket(std::uint64_t inode, std::int64_t first) {
    if (inode == 0) {
        return std::nullopt;
    }
    const auto wanted = "socket:[" + std::to_string(inode) + "]";
    if (first > 0) {
        if (auto facts = holderFacts(first, wanted)) {
            return facts;
        }
    }
    const Folder processes(opendir("/proc"));
    while (const auto* entry = processes ? readdir(processes.get()) : nullptr) {
        const std::string_view name(entry->d_name);
        std::int64_t pid = 0;
        const auto parsed = std::from_chars(name.data(), name.data() + name.size(), pid);
        if (parsed.ec != std::errc{} || parsed.ptr != name.data() + name.size() || pid == first) {
            continue;
        }
        if (holdsSocket(pid, wanted)) {
            return holderFacts(pid, wanted);
        }
    }
    return std::nullopt;
}

std::vector<std::string> hardenProcess() {
    std::vector<std::string> measures;
    if (prctl(PR_SET_DUMPABLE, 0, 0, 0, 0) == 0) {
        measures.emplace_back("not dumpable: no ptrace and no memory reads by the same user");
    }
    const rlimit none{0, 0};
    if (setrlimit(RLIMIT_CORE, &none) == 0) {
        measures.emplace_back("no core dumps");
    }
    umask(S_IRWXG | S_IRWXO);
    measures.emplace_back("new files are for their owner only");
    return measures;
}

} // namespace gatehouse::platform
