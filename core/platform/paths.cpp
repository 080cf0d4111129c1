// SPDX-License-Identifier: Apache-2.0
#include "platform/paths.h"

#include <cstdlib>
#include <string_view>

#ifndef _WIN32
#include <pwd.h>
#include <sys/stat.h>
#include <unistd.h>
#endif

namespace gatehouse::platform {
namespace {

// The specification says that a relative path in these variables is invalid and must be ignored.
std::string absoluteFromEnvironment(const char* name) {
    const char* const value = std::getenv(name);
    std::string path = value == nullptr ? std::string() : std::string(value);
    if (path.empty() || path.front() != '/') {
        return {};
    }
    while (path.size() > 1 && path.back() == '/') {
        path.pop_back();
    }
    return path;
}

Result<std::string> homeFolder() {
    if (std::string home = absoluteFromEnvironment("HOME"); !home.empty()) {
        return home;
    }
#ifndef _WIN32
    if (const passwd* const entry = getpwuid(getuid()); entry != nullptr && entry->pw_dir != nullptr) {
        return std::string(entry->pw_dir);
    }
#endif
    return fail(ErrorKind::unavailable, "there is no home folder: set HOME");
}

Result<std::string> underHome(const char* variable, std::string_view fallback) {
    if (const std::string base = absoluteFromEnvironment(variable); !base.empty()) {
        return base + "/gatehouse";
    }
    GH_TRY(const std::string home, homeFolder());
    return home + "/" + std::string(fallback) + "/gatehouse";
}

bool isOwnFolder([[maybe_unused]] const std::string& path) {
#ifndef _WIN32
    struct stat info{};
    return ::lstat(path.c_str(), &info) == 0 && S_ISDIR(info.st_mode) && info.st_uid == ::getuid();
#else
    return false;
#endif
}

} // namespace

Result<std::string> configFolder() {
    return underHome("XDG_CONFIG_HOME", ".config");
}

Result<std::string> dataFolder() {
    const char* const chosen = std::getenv("GATEHOUSE_DATA");
    if (chosen != nullptr && *chosen != '\0') {
        if (std::string path = absoluteFromEnvironment("GATEHOUSE_DATA"); !path.empty()) {
            return path;
        }
        return fail(ErrorKind::invalidInput, "GATEHOUSE_DATA must be an absolute path");
    }
    return underHome("XDG_DATA_HOME", ".local/share");
}

Result<std::string> runtimeFolder() {
    if (const std::string base = absoluteFromEnvironment("XDG_RUNTIME_DIR"); !base.empty()) {
        return base + "/gatehouse";
    }
#ifndef _WIN32
    if (const std::string base = "/run/user/" + std::to_string(::getuid()); isOwnFolder(base)) {
        return base + "/gatehouse";
    }
#endif
    GH_TRY(const std::string data, dataFolder());
    return data + "/run";
}

Result<std::string> agentSocketPath() {
    if (std::string path = absoluteFromEnvironment("GATEHOUSE_SOCKET"); !path.empty()) {
        return path;
    }
    GH_TRY(const std::string folder, runtimeFolder());
    return folder + "/agent.sock";
}

} // namespace gatehouse::platform
