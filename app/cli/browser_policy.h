// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "base/json.h"

// The settings by which IT installs the extension in a browser and closes the ways around it, in the forms that the
// systems read. Pure functions: nothing is read or written. docs/browser-policy.md says what each setting is for.
namespace gatehouse::cli {

enum class Browser : std::uint8_t { chromium, chrome, edge, brave, firefox };
enum class BrowserSystem : std::uint8_t { linuxFiles, windows, macos };

struct BrowserPolicyOptions {
    Browser browser = Browser::chromium;
    std::string source;                    // of the update manifest; for Firefox, of the package
    std::string failMode;                  // "closed", "open"; empty: the agent's policy says
    std::string afterRedaction;            // "send", "show"; empty: "send"
    std::vector<std::string> guardedHosts; // besides those that the extension guards by itself
    std::vector<std::string> blockedHosts; // AI sites that are not to be used at all
    bool hasPrivateWindows = false;        // they stay, with the extension in them
    bool hasDeveloperTools = false;        // they stay on guarded hosts
    bool isOnlyNativeHost = false;         // no other program may talk with extensions
};

// Name of each setting and its value, as in a policy file of Linux (Firefox: what stands in "policies").
Json browserPolicy(const BrowserPolicyOptions& options);

// The file of a Linux machine.
std::string linuxPolicy(Browser browser, const Json& policy);
std::string_view linuxPolicyPath(Browser browser);

// One value under HKEY_LOCAL_MACHINE: REG_DWORD or REG_SZ.
struct RegistryValue {
    std::string key;
    std::string name;
    std::variant<std::uint32_t, std::string> data;
};
std::vector<RegistryValue> windowsPolicy(Browser browser, const Json& policy);
// The registration of the native host: where its manifest lies.
RegistryValue windowsHost(Browser browser, std::string manifestPath);

// For regedit: CRLF, each list emptied first. ASCII, as all that goes in.
std::string registryFile(const std::vector<RegistryValue>& values);
// registry.pol ([MS-GPREG]), for a group policy or `lgpo /m`.
std::string registryPol(const std::vector<RegistryValue>& values);
// A JSON list of {key, name, type, data}, for other tools.
std::string registryJson(const std::vector<RegistryValue>& values);

// A configuration profile (Apple's property list in XML). The same settings give the same identifiers.
std::string macosProfile(Browser browser, const Json& policy);

// Hosts that the extension guards by itself.
const std::vector<std::string>& builtInHosts();

} // namespace gatehouse::cli
