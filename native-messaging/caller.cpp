// SPDX-License-Identifier: Apache-2.0
#include "caller.h"

#include <algorithm>
#include <array>

#include "ipc/extension_id.h"

namespace gatehouse::host {

namespace {

// As the vendors' packages call the program that runs, and the portals that start hosts for browsers in a sandbox.
constexpr std::array<std::string_view, 17> kBrowsers{
    "brave",
    "brave-browser",
    "chrome",
    "chromium",
    "chromium-browser",
    "chromium-freeworld",
    "firefox",
    "firefox-bin",
    "firefox-esr",
    "librewolf",
    "microsoft-edge",
    "msedge",
    "opera",
    "vivaldi",
    "vivaldi-bin",
    "xdg-desktop-portal",
    "xdg-native-messaging-proxy",
};

} // namespace

bool isBrowser(std::string_view executable) {
    constexpr std::string_view kReplaced = " (deleted)";
    if (executable.ends_with(kReplaced)) {
        executable.remove_suffix(kReplaced.size());
    }
    executable.remove_prefix(executable.rfind('/') + 1); // npos + 1 is 0
    return std::find(kBrowsers.begin(), kBrowsers.end(), executable) != kBrowsers.end();
}

Result<std::string_view> callerOrigin(std::span<const std::string_view> arguments) {
    if (!arguments.empty() && arguments[0] == ipc::kChromiumOrigin) {
        return ipc::kChromiumOrigin;
    }
    if (arguments.size() >= 2 && arguments[0].starts_with('/') && arguments[1] == ipc::kFirefoxId) {
        return ipc::kFirefoxId;
    }
    return fail(ErrorKind::denied, "not started by the Gatehouse extension");
}

} // namespace gatehouse::host
