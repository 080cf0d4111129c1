// SPDX-License-Identifier: Apache-2.0
#include <string>

#include "base/json.h"
#include "browser_policy.h"
#include "ipc/extension_id.h"

namespace gatehouse::cli {
namespace {

constexpr std::string_view kIdPrefix = "chrome-extension://";

std::string chromiumId() {
    const std::string_view origin = ipc::kChromiumOrigin.substr(kIdPrefix.size());
    return std::string(origin.substr(0, origin.find('/')));
}

Json managedStorage(const BrowserPolicyOptions& options) {
    Json values = Json::object();
    if (!options.failMode.empty()) {
        values["failMode"] = options.failMode;
    }
    if (!options.afterRedaction.empty()) {
        values["afterRedaction"] = options.afterRedaction;
    }
    return values;
}

// What the browser's own assistants would be told, no extension sees.
void closeAssistants(Browser browser, Json& policy) {
    policy["GenAILocalFoundationalModelSettings"] = 1;
    switch (browser) {
    case Browser::edge:
        policy["HubsSidebarEnabled"] = false;
        policy["CopilotPageContext"] = false;
        policy["EdgeEntraCopilotPageContext"] = false;
        policy["Microsoft365CopilotChatIconEnabled"] = false;
        policy["ComposeInlineEnabled"] = false;
        return;
    case Browser::brave:
        policy["BraveAIChatEnabled"] = false;
        return;
    case Browser::chromium:
    case Browser::chrome:
    case Browser::firefox:
        policy["GenAiDefaultSettings"] = 2;
        policy["GeminiSettings"] = 1;
        policy["AIModeSettings"] = 1;
        policy["LensOverlaySettings"] = 1;
        policy["SearchContentSharingSettings"] = 1;
        return;
    }
}

void closePrivateWindows(const BrowserPolicyOptions& options, Json& policy) {
    const bool isEdge = options.browser == Browser::edge;
    // Where they stay, no page opens in them until the person lets the extension in.
    policy[isEdge ? "MandatoryExtensionsForInPrivateNavigation" : "MandatoryExtensionsForIncognitoNavigation"] =
        Json::array({chromiumId()});
    if (!options.hasPrivateWindows) {
        policy[isEdge ? "InPrivateModeAvailability" : "IncognitoModeAvailability"] = 1;
    }
    if (options.browser == Browser::brave) {
        policy["TorDisabled"] = true;
    }
}

Json chromiumPolicy(const BrowserPolicyOptions& options) {
    const std::string id = chromiumId();
    Json extension = {
        {"installation_mode", "force_installed"}, {"update_url", options.source}, {"override_update_url", true}};
    if (options.browser == Browser::edge) {
        extension["toolbar_state"] = "force_shown";
    } else {
        extension["toolbar_pin"] = "force_pinned";
    }
    Json policy = Json::object();
    policy["ExtensionSettings"][id] = std::move(extension);
    policy["ExtensionDeveloperModeSettings"] = 1;
    policy["BlockExternalExtensions"] = true;
    policy["NativeMessagingAllowlist"] = Json::array({std::string(ipc::kHostName)});
    policy["NativeMessagingUserLevelHosts"] = false;
    if (options.isOnlyNativeHost) {
        policy["NativeMessagingBlocklist"] = Json::array({"*"});
    }
    policy["BrowserGuestModeEnabled"] = false;
    closePrivateWindows(options, policy);
    if (!options.hasDeveloperTools) {
        Json hosts = builtInHosts();
        for (const std::string& host : options.guardedHosts) {
            hosts.push_back(host);
        }
        policy["DeveloperToolsAvailabilityBlocklist"] = std::move(hosts);
    }
    if (!options.blockedHosts.empty()) {
        policy["URLBlocklist"] = options.blockedHosts;
    }
    closeAssistants(options.browser, policy);
    if (Json storage = managedStorage(options); !storage.empty()) {
        policy["3rdparty"]["extensions"][id] = std::move(storage);
    }
    return policy;
}

// As a regular expression of Firefox (ECMAScript) over addresses.
std::string addressPattern(const std::vector<std::string>& hosts) {
    std::string pattern = "https?://([^/]*\\.)?(";
    for (const std::string& host : hosts) {
        pattern += pattern.back() == '(' ? "" : "|";
        for (const char letter : host) {
            pattern += letter == '.' ? "\\." : std::string(1, letter);
        }
    }
    return pattern + ")(:[0-9]+)?/.*";
}

Json firefoxPolicy(const BrowserPolicyOptions& options) {
    const std::string id(ipc::kFirefoxId);
    Json policy = Json::object();
    policy["ExtensionSettings"][id] = {{"installation_mode", "force_installed"},
                                       {"install_url", options.source},
                                       {"default_area", "navbar"},
                                       {"private_browsing", true}};
    policy["BlockAboutConfig"] = true;
    policy["BlockAboutProfiles"] = true;
    policy["DisableSafeMode"] = true;
    if (!options.hasPrivateWindows) {
        policy["DisablePrivateBrowsing"] = true;
    }
    if (!options.hasDeveloperTools) {
        policy["DisableDeveloperTools"] = true; // Firefox has them for all pages or for none
    }
    policy["GenerativeAI"] = {{"Enabled", false}, {"Locked", true}};
    policy["VisualSearchEnabled"] = false;
    if (!options.blockedHosts.empty()) {
        Json sites = Json::array();
        for (const std::string& host : options.blockedHosts) {
            sites.push_back("*://*." + host + "/*");
        }
        policy["WebsiteFilter"]["Block"] = std::move(sites);
        // Behind the filter: the browser itself lets nothing be pasted, dropped or uploaded there.
        policy["ContentAnalysis"] = {
            {"Enabled", true}, {"DefaultResult", 2}, {"DenyUrlRegexList", addressPattern(options.blockedHosts)}};
    }
    if (Json storage = managedStorage(options); !storage.empty()) {
        policy["3rdparty"]["Extensions"][id] = std::move(storage);
    }
    return policy;
}

} // namespace

const std::vector<std::string>& builtInHosts() {
    // As in extension/sites; extension/tests/identity.test.ts keeps the two together.
    static const std::vector<std::string> kHosts{
        "aistudio.google.com",
        "chat.deepseek.com",
        "chat.mistral.ai",
        "chat.openai.com",
        "chat.qwen.ai",
        "chat.z.ai",
        "chatgpt.com",
        "claude.ai",
        "copilot.microsoft.com",
        "gemini.google.com",
        "github.com",
        "grok.com",
        "huggingface.co",
        "kimi.com",
        "kimi.moonshot.cn",
        "m365.cloud.microsoft",
        "meta.ai",
        "notebooklm.google.com",
        "poe.com",
        "www.kimi.com",
        "www.meta.ai",
        "www.perplexity.ai",
    };
    return kHosts;
}

Json browserPolicy(const BrowserPolicyOptions& options) {
    return options.browser == Browser::firefox ? firefoxPolicy(options) : chromiumPolicy(options);
}

} // namespace gatehouse::cli
