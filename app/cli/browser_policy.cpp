// SPDX-License-Identifier: Apache-2.0
// The verb: gatehousectl browser-policy.
#include "browser_policy.h"

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstdio>
#include <cstring>
#include <string>

#include "options.h"
#include "output_file.h"
#include "verbs.h"

namespace gatehouse::cli {
namespace {

constexpr std::string_view kHelp =
    "usage: gatehousectl browser-policy --browser chromium|chrome|edge|brave|firefox --source URL [options]\n\n"
    "Prints the settings by which IT installs the extension in a browser and closes the ways around it.\n\n"
    "  --source URL            of the update manifest (update.xml); for Firefox, of the package (.xpi)\n"
    "  --os linux|windows|macos   linux (default): a policy file; windows: a .reg file; macos: a configuration "
    "profile\n"
    "  --format pol|values     for windows instead of a .reg file: registry.pol, or a JSON list of values\n"
    "  --fail-mode closed|open and --after-redaction send|show   what the extension is told\n"
    "  --guard HOST,HOST       hosts that your policy guards besides the extension's own\n"
    "  --block HOST,HOST       AI sites that are not to be used at all\n"
    "  --host-manifest PATH    windows: also registers the native host, whose manifest lies there\n"
    "  --private-windows       they stay, with the extension in them\n"
    "  --developer-tools       they stay on guarded hosts\n"
    "  --only-native-host      no other program may talk with extensions\n"
    "  --out FILE              a new file instead of standard output";

int complain(const std::string& what) {
    std::fprintf(stderr, "gatehousectl browser-policy: %s; gatehousectl browser-policy --help lists what it takes\n",
                 what.c_str());
    return 2;
}

template <typename Value, std::size_t count>
std::optional<Value> valueOf(const std::array<std::pair<std::string_view, Value>, count>& names,
                             std::string_view name) {
    const auto* const found =
        std::find_if(names.begin(), names.end(), [name](const auto& each) { return each.first == name; });
    return found == names.end() ? std::nullopt : std::optional(found->second);
}

// Goes into files of several kinds: printable ASCII.
bool isPlain(std::string_view text) {
    return std::all_of(text.begin(), text.end(), [](char letter) { return letter >= ' ' && letter < '\x7F'; });
}

bool isAddress(std::string_view text) {
    constexpr std::array<std::string_view, 3> kSchemes{"https://", "http://127.0.0.1:", "file:///"};
    return isPlain(text) && text.find(' ') == std::string_view::npos &&
           std::any_of(kSchemes.begin(), kSchemes.end(), [text](std::string_view scheme) {
               return text.starts_with(scheme) && text.size() > scheme.size();
           });
}

bool isHost(std::string_view text) {
    constexpr std::string_view kLetters = "abcdefghijklmnopqrstuvwxyz0123456789.-";
    return text.find('.') != std::string_view::npos && text.front() != '.' && text.back() != '.' &&
           text.find("..") == std::string_view::npos && text.find_first_not_of(kLetters) == std::string_view::npos;
}

// nullopt when one of them is none.
std::optional<std::vector<std::string>> hostsOf(const std::optional<std::string>& list) {
    std::vector<std::string> hosts;
    for (std::string_view rest = list ? *list : std::string_view(); !rest.empty();) {
        const std::size_t end = std::min(rest.find(','), rest.size());
        if (!isHost(rest.substr(0, end))) {
            return std::nullopt;
        }
        hosts.emplace_back(rest.substr(0, end));
        rest.remove_prefix(std::min(end + 1, rest.size()));
    }
    return hosts;
}

constexpr std::array<std::pair<std::string_view, Browser>, 5> kBrowsers{{{"chromium", Browser::chromium},
                                                                         {"chrome", Browser::chrome},
                                                                         {"edge", Browser::edge},
                                                                         {"brave", Browser::brave},
                                                                         {"firefox", Browser::firefox}}};
constexpr std::array<std::pair<std::string_view, BrowserSystem>, 3> kSystems{
    {{"linux", BrowserSystem::linuxFiles}, {"windows", BrowserSystem::windows}, {"macos", BrowserSystem::macos}}};

// Empty after a message when something is wrong.
std::optional<BrowserPolicyOptions> wishesOf(const Options& options) {
    const auto browser = valueOf(kBrowsers, options.value("--browser").value_or(""));
    const auto source = options.value("--source");
    if (!browser || !source) {
        complain("--browser and --source are needed");
        return std::nullopt;
    }
    const auto guarded = hostsOf(options.value("--guard"));
    const auto blocked = hostsOf(options.value("--block"));
    const std::string failMode = options.value("--fail-mode").value_or("");
    const std::string afterRedaction = options.value("--after-redaction").value_or("");
    const bool isWellMeant = (failMode.empty() || failMode == "closed" || failMode == "open") &&
                             (afterRedaction.empty() || afterRedaction == "send" || afterRedaction == "show");
    if (!isAddress(*source) || !guarded || !blocked || !isWellMeant) {
        complain(!isAddress(*source)    ? "--source must be an https or file address in plain letters"
                 : !guarded || !blocked ? "hosts are names in lower case, with commas between them"
                                        : "--fail-mode is closed or open, --after-redaction is send or show");
        return std::nullopt;
    }
    return BrowserPolicyOptions{.browser = *browser,
                                .source = *source,
                                .failMode = failMode,
                                .afterRedaction = afterRedaction,
                                .guardedHosts = *guarded,
                                .blockedHosts = *blocked,
                                .hasPrivateWindows = options.has("--private-windows"),
                                .hasDeveloperTools = options.has("--developer-tools"),
                                .isOnlyNativeHost = options.has("--only-native-host")};
}

std::string textOf(const BrowserPolicyOptions& wishes, BrowserSystem system, std::string_view format,
                   const std::optional<std::string>& hostManifest) {
    const Json policy = browserPolicy(wishes);
    if (system == BrowserSystem::linuxFiles) {
        return linuxPolicy(wishes.browser, policy);
    }
    if (system == BrowserSystem::macos) {
        return macosProfile(wishes.browser, policy);
    }
    auto values = windowsPolicy(wishes.browser, policy);
    if (hostManifest) {
        values.push_back(windowsHost(wishes.browser, *hostManifest));
    }
    return format == "pol" ? registryPol(values) : format == "values" ? registryJson(values) : registryFile(values);
}

} // namespace

int runBrowserPolicy(Arguments arguments) {
    constexpr std::array<std::string_view, 4> kFlags{"--help", "--private-windows", "--developer-tools",
                                                     "--only-native-host"};
    constexpr std::array<std::string_view, 10> kNamed{
        "--browser",         "--os",    "--format", "--source", "--fail-mode",
        "--after-redaction", "--guard", "--block",  "--out",    "--host-manifest"};
    const auto options = parseOptions("browser-policy", arguments, kFlags, kNamed);
    if (!options) {
        return 2;
    }
    if (options->has("--help")) {
        std::puts(std::string(kHelp).c_str());
        return 0;
    }
    const auto system = valueOf(kSystems, options->value("--os").value_or("linux"));
    const std::string format = options->value("--format").value_or("");
    const auto hostManifest = options->value("--host-manifest");
    const bool isWindows = system == BrowserSystem::windows;
    if (!options->rest.empty() || !system || (!format.empty() && format != "pol" && format != "values") ||
        (!isWindows && (!format.empty() || hostManifest)) || (hostManifest && !isPlain(*hostManifest))) {
        return complain("these options do not go together");
    }
    const auto wishes = wishesOf(*options);
    if (!wishes) {
        return 2;
    }
    const std::string text = textOf(*wishes, *system, format, hostManifest);
    const File out = openOutput(options->value("--out").value_or(""));
    if (!out || std::fwrite(text.data(), 1, text.size(), out.get()) != text.size() || std::fflush(out.get()) != 0) {
        std::fprintf(stderr, "gatehousectl browser-policy: nothing could be written: %s\n", std::strerror(errno));
        return 2;
    }
    if (*system == BrowserSystem::linuxFiles) {
        std::fprintf(stderr, "belongs at %s, owned by root, readable for all\n",
                     std::string(linuxPolicyPath(wishes->browser)).c_str());
    }
    return 0;
}

} // namespace gatehouse::cli
