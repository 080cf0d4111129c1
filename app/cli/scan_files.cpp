// SPDX-License-Identifier: Apache-2.0
#include "scan_files.h"

#include <algorithm>
#include <array>
#include <filesystem>
#include <optional>
#include <set>
#include <system_error>
#include <utility>

#include <fcntl.h>
#include <spawn.h>
#include <sys/wait.h>
#include <unistd.h>

extern char** environ; // NOLINT: POSIX names it so

namespace gatehouse::cli {
namespace {

namespace fs = std::filesystem;

void walk(const std::string& folder, ScanInputs& out) {
    std::vector<std::string> found;
    std::error_code error;
    fs::recursive_directory_iterator at(folder, fs::directory_options::none, error);
    if (error) {
        out.problems.push_back(folder + ": " + error.message());
        return;
    }
    for (; at != fs::recursive_directory_iterator(); at.increment(error)) {
        std::error_code unknown;
        const fs::file_status status = at->symlink_status(unknown);
        if (fs::is_directory(status)) {
            if (at->path().filename() == ".git") {
                at.disable_recursion_pending();
            } else if (::access(at->path().c_str(), R_OK | X_OK) != 0) {
                out.problems.push_back(at->path().string() + ": this folder cannot be read");
                at.disable_recursion_pending();
            }
        } else if (fs::is_regular_file(status)) {
            found.push_back(at->path().string());
        }
    }
    if (error) {
        out.problems.push_back(folder + ": " + error.message());
    }
    std::sort(found.begin(), found.end());
    for (std::string& path : found) {
        out.files.push_back({std::move(path), false});
    }
}

// What a program prints, or nothing when it cannot be run or fails.
std::optional<std::string> outputOf(std::vector<std::string> command) {
    std::array<int, 2> ends{};
    if (::pipe2(ends.data(), O_CLOEXEC) != 0) {
        return std::nullopt;
    }
    posix_spawn_file_actions_t actions;
    posix_spawn_file_actions_init(&actions);
    posix_spawn_file_actions_adddup2(&actions, ends[1], STDOUT_FILENO);
    posix_spawn_file_actions_addopen(&actions, STDERR_FILENO, "/dev/null", O_WRONLY, 0);
    std::vector<char*> words;
    for (std::string& word : command) {
        words.push_back(word.data());
    }
    words.push_back(nullptr);
    pid_t child = -1;
    const int spawned = ::posix_spawnp(&child, words[0], &actions, nullptr, words.data(), environ);
    posix_spawn_file_actions_destroy(&actions);
    ::close(ends[1]);
    std::string out;
    std::array<char, 65536> piece{};
    for (ssize_t size = 0; (size = ::read(ends[0], piece.data(), piece.size())) > 0;) {
        out.append(piece.data(), static_cast<std::size_t>(size));
    }
    ::close(ends[0]);
    int status = 1;
    if (spawned != 0 || ::waitpid(child, &status, 0) != child || status != 0) {
        return std::nullopt;
    }
    return out;
}

void listByGit(const std::string& folder, ScanInputs& out) {
    // A repository's own configuration can name programs for git to run; a scan must not start any of them.
    const auto listed = outputOf({"git", "-c", "core.fsmonitor=false", "-c", "core.hooksPath=/dev/null", "-C", folder,
                                  "ls-files", "-z", "--cached", "--others", "--exclude-standard"});
    if (!listed) {
        out.problems.push_back(folder +
                               ": git lists no files here; --gitignore needs git and a work tree of its own owner");
        return;
    }
    std::set<std::string> found; // a file in conflict is listed once for each side
    for (std::size_t at = 0; at < listed->size();) {
        const std::size_t end = std::min(listed->find('\0', at), listed->size());
        const fs::path path = fs::path(folder) / listed->substr(at, end - at);
        std::error_code unknown;
        if (fs::is_regular_file(fs::symlink_status(path, unknown))) {
            found.insert(path.string());
        }
        at = end + 1;
    }
    for (const std::string& path : found) {
        out.files.push_back({path, false});
    }
}

} // namespace

ScanInputs listInputs(const std::vector<std::string>& paths, bool isGitignore) {
    ScanInputs all;
    for (const std::string& path : paths) {
        std::error_code unknown;
        if (path == "-" || !fs::is_directory(path, unknown)) {
            all.files.push_back({path, true});
        } else if (isGitignore) {
            listByGit(path, all);
        } else {
            walk(path, all);
        }
    }
    std::set<std::string> seen;
    std::erase_if(all.files, [&seen](const ScanInput& input) { return !seen.insert(input.path).second; });
    return all;
}

} // namespace gatehouse::cli
