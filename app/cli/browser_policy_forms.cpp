// SPDX-License-Identifier: Apache-2.0
#include <array>
#include <set>
#include <string>
#include <utility>

#include "base/crypto.h"
#include "base/json.h"
#include "browser_policy.h"
#include "ipc/extension_id.h"

namespace gatehouse::cli {
namespace {

struct Places {
    std::string_view linuxPath;
    std::string_view registryKey;
    std::string_view hostKey; // of native hosts
    std::string_view domain;  // of preferences on macOS
};

// By Browser.
constexpr std::array<Places, 5> kPlaces{{
    {"/etc/chromium/policies/managed/gatehouse.json", R"(SOFTWARE\Policies\Chromium)",
     R"(SOFTWARE\Chromium\NativeMessagingHosts)", "org.chromium.Chromium"},
    {"/etc/opt/chrome/policies/managed/gatehouse.json", R"(SOFTWARE\Policies\Google\Chrome)",
     R"(SOFTWARE\Google\Chrome\NativeMessagingHosts)", "com.google.Chrome"},
    {"/etc/opt/edge/policies/managed/gatehouse.json", R"(SOFTWARE\Policies\Microsoft\Edge)",
     R"(SOFTWARE\Microsoft\Edge\NativeMessagingHosts)", "com.microsoft.Edge"},
    {"/etc/brave/policies/managed/gatehouse.json", R"(SOFTWARE\Policies\BraveSoftware\Brave)",
     R"(SOFTWARE\BraveSoftware\Brave-Browser\NativeMessagingHosts)", "com.brave.Browser"},
    {"/etc/firefox/policies/policies.json", R"(SOFTWARE\Policies\Mozilla\Firefox)",
     R"(SOFTWARE\Mozilla\NativeMessagingHosts)", "org.mozilla.firefox"},
}};

std::string below(std::string key, std::string_view name) {
    key += '\\';
    return key.append(name);
}

const Places& placesOf(Browser browser) {
    return kPlaces.at(static_cast<std::size_t>(browser));
}

// What a registry value cannot hold goes into keys below it.
void addValue(std::vector<RegistryValue>& values, const std::string& key, const std::string& name, const Json& value) {
    if (value.is_boolean()) {
        values.push_back({key, name, value.get<bool>() ? 1U : 0U});
    } else if (value.is_number()) {
        values.push_back({key, name, value.get<std::uint32_t>()});
    } else if (value.is_string()) {
        values.push_back({key, name, value.get<std::string>()});
    } else if (value.is_array()) {
        for (std::size_t i = 0; i < value.size(); ++i) {
            addValue(values, below(key, name), std::to_string(i + 1), value[i]);
        }
    } else {
        for (const auto& [inner, each] : value.items()) {
            addValue(values, below(key, name), inner, each);
        }
    }
}

bool isList(const RegistryValue& value) {
    return value.name == "1";
}

std::string escapeRegistry(std::string_view text) {
    std::string escaped;
    for (const char letter : text) {
        if (letter == '\\' || letter == '"') {
            escaped += '\\';
        }
        escaped += letter;
    }
    return escaped;
}

void addWide(std::string& out, std::string_view ascii) {
    for (const char letter : ascii) {
        out += letter;
        out += '\0';
    }
}

void addNumber(std::string& out, std::uint32_t value) {
    for (int shift = 0; shift < 32; shift += 8) {
        out += static_cast<char>((value >> shift) & 0xFFU);
    }
}

std::string escapeXml(std::string_view text) {
    std::string escaped;
    for (const char letter : text) {
        switch (letter) {
        case '&':
            escaped += "&amp;";
            break;
        case '<':
            escaped += "&lt;";
            break;
        case '>':
            escaped += "&gt;";
            break;
        default:
            escaped += letter;
        }
    }
    return escaped;
}

// Depth is that of our own settings.
void addPlist(std::string& out, const Json& value, const std::string& indent) { // NOLINT(misc-no-recursion)
    if (value.is_boolean()) {
        out += indent + (value.get<bool>() ? "<true/>\n" : "<false/>\n");
    } else if (value.is_number()) {
        out += indent + "<integer>" + std::to_string(value.get<std::int64_t>()) + "</integer>\n";
    } else if (value.is_string()) {
        out += indent + "<string>" + escapeXml(value.get<std::string>()) + "</string>\n";
    } else if (value.is_array()) {
        out += indent + "<array>\n";
        for (const Json& each : value) {
            addPlist(out, each, indent + "  ");
        }
        out += indent + "</array>\n";
    } else {
        out += indent + "<dict>\n";
        for (const auto& [name, each] : value.items()) {
            out += indent + "  <key>" + escapeXml(name) + "</key>\n";
            addPlist(out, each, indent + "  ");
        }
        out += indent + "</dict>\n";
    }
}

// RFC 9562 version 8, of what it names.
std::string identifierOf(std::string_view text) {
    std::string digits = sha256Hex(text).substr(0, 32);
    digits[12] = '8';
    digits[16] = '8';
    std::string identifier;
    for (const auto& [begin, length] : {std::pair{0, 8}, {8, 4}, {12, 4}, {16, 4}, {20, 12}}) {
        identifier +=
            (begin == 0 ? "" : "-") + digits.substr(static_cast<std::size_t>(begin), static_cast<std::size_t>(length));
    }
    return identifier;
}

Json payload(const std::string& type, const std::string& title, Json settings) {
    const std::string identifier = "com.gatehouse.browser." + type;
    settings["PayloadUUID"] = identifierOf(identifier + dumpJson(settings));
    settings["PayloadType"] = type;
    settings["PayloadIdentifier"] = identifier;
    settings["PayloadDisplayName"] = title;
    settings["PayloadVersion"] = 1;
    return settings;
}

} // namespace

std::string linuxPolicy(Browser browser, const Json& policy) {
    return (browser == Browser::firefox ? Json{{"policies", policy}} : policy).dump(2) + "\n";
}

std::string_view linuxPolicyPath(Browser browser) {
    return placesOf(browser).linuxPath;
}

std::vector<RegistryValue> windowsPolicy(Browser browser, const Json& policy) {
    const std::string key(placesOf(browser).registryKey);
    std::vector<RegistryValue> values;
    for (const auto& [name, value] : policy.items()) {
        if (name == "ExtensionSettings") {
            values.push_back({key, name, dumpJson(value)}); // one text of JSON in every browser
        } else if (name == "3rdparty" && browser != Browser::firefox) {
            for (const auto& [id, settings] : value.at("extensions").items()) {
                addValue(values, below(below(key, R"(3rdparty\extensions)"), id), "policy", settings);
            }
        } else {
            addValue(values, key, name, value);
        }
    }
    return values;
}

RegistryValue windowsHost(Browser browser, std::string manifestPath) {
    const std::string key = std::string(placesOf(browser).hostKey) + "\\" + std::string(ipc::kHostName);
    return {key, "", std::move(manifestPath)};
}

std::string registryFile(const std::vector<RegistryValue>& values) {
    std::string out = "Windows Registry Editor Version 5.00\r\n";
    const std::string root = "HKEY_LOCAL_MACHINE\\";
    std::string key;
    for (const RegistryValue& value : values) {
        if (value.key != key) {
            key = value.key;
            out += "\r\n";
            if (isList(value)) {
                out.append("[-").append(root).append(key).append(
                    "]\r\n"); // a shorter list than before leaves nothing behind
            }
            out.append("[").append(root).append(key).append("]\r\n");
        }
        out += value.name.empty() ? "@" : "\"" + escapeRegistry(value.name) + "\"";
        if (const auto* const number = std::get_if<std::uint32_t>(&value.data)) {
            out += "=dword:0000000" + std::to_string(*number % 10) + "\r\n"; // all of ours have one digit
        } else {
            out += "=\"" + escapeRegistry(std::get<std::string>(value.data)) + "\"\r\n";
        }
    }
    return out;
}

std::string registryPol(const std::vector<RegistryValue>& values) {
    constexpr std::uint32_t kText = 1;   // REG_SZ
    constexpr std::uint32_t kNumber = 4; // REG_DWORD
    std::string out = "PReg";
    addNumber(out, 1);
    std::set<std::string, std::less<>> emptied;
    const auto add = [&out](const RegistryValue& value, std::uint32_t type, const std::string& data) {
        addWide(out, "[");
        addWide(out, value.key + std::string(1, '\0'));
        addWide(out, ";");
        addWide(out, value.name + std::string(1, '\0'));
        addWide(out, ";");
        addNumber(out, type);
        addWide(out, ";");
        addNumber(out, static_cast<std::uint32_t>(data.size()));
        addWide(out, ";");
        out += data;
        addWide(out, "]");
    };
    for (const RegistryValue& value : values) {
        std::string data;
        if (isList(value) && emptied.insert(value.key).second) {
            addWide(data, std::string_view(" \0", 2));
            add({value.key, "**delvals.", ""}, kText, data);
            data.clear();
        }
        if (const auto* const number = std::get_if<std::uint32_t>(&value.data)) {
            addNumber(data, *number);
            add(value, kNumber, data);
        } else {
            addWide(data, std::get<std::string>(value.data) + std::string(1, '\0'));
            add(value, kText, data);
        }
    }
    return out;
}

std::string registryJson(const std::vector<RegistryValue>& values) {
    Json list = Json::array();
    for (const RegistryValue& value : values) {
        const auto* const number = std::get_if<std::uint32_t>(&value.data);
        list.push_back({{"key", "HKLM\\" + value.key},
                        {"name", value.name},
                        {"type", number != nullptr ? "REG_DWORD" : "REG_SZ"},
                        {"data", number != nullptr ? Json(*number) : Json(std::get<std::string>(value.data))}});
    }
    return list.dump(2) + "\n";
}

std::string macosProfile(Browser browser, const Json& policy) {
    const std::string domain(placesOf(browser).domain);
    Json settings = policy;
    Json payloads = Json::array();
    if (browser == Browser::firefox) {
        settings["EnterprisePoliciesEnabled"] = true;
    } else if (const auto third = policy.find("3rdparty"); third != policy.end()) {
        settings.erase("3rdparty");
        for (const auto& [id, values] : third->at("extensions").items()) {
            payloads.push_back(
                payload(std::string(domain).append(".extensions.").append(id), "Gatehouse extension", values));
        }
    }
    payloads.push_back(payload(domain, "Gatehouse browser settings", std::move(settings)));
    Json profile = payload("Configuration", "Gatehouse", {{"PayloadContent", std::move(payloads)}});
    profile["PayloadIdentifier"] = "com.gatehouse.browser." + domain + ".profile";
    profile["PayloadScope"] = "System";
    std::string out = "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n"
                      "<!DOCTYPE plist PUBLIC \"-//Apple//DTD PLIST 1.0//EN\" "
                      "\"http://www.apple.com/DTDs/PropertyList-1.0.dtd\">\n<plist version=\"1.0\">\n";
    addPlist(out, profile, "");
    return out + "</plist>\n";
}

} // namespace gatehouse::cli
