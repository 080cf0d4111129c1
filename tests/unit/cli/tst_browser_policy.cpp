// SPDX-License-Identifier: Apache-2.0
#include <set>

#include <QtTest>

#include "base/json.h"
#include "browser_policy.h"
#include "ipc/extension_id.h"

using gatehouse::Json;
using namespace gatehouse::cli;

namespace {

constexpr auto kId = "amlcmoamanbdbgmjdocllhaoeacjjleo";
constexpr auto kAddon = "gatehouse@gatehouse.example";
constexpr std::array kChromiumFamily{Browser::chromium, Browser::chrome, Browser::edge, Browser::brave};

BrowserPolicyOptions optionsFor(Browser browser) {
    BrowserPolicyOptions options;
    options.browser = browser;
    options.source = "https://updates.example/update.xml";
    return options;
}

BrowserPolicyOptions everything(Browser browser) {
    BrowserPolicyOptions options = optionsFor(browser);
    options.failMode = "closed";
    options.afterRedaction = "show";
    options.guardedHosts = {"ai.intranet.example"};
    options.blockedHosts = {"bad-ai.example", "worse.example"};
    options.isOnlyNativeHost = true;
    return options;
}

Json policyOf(Browser browser) {
    return browserPolicy(optionsFor(browser));
}

const RegistryValue* find(const std::vector<RegistryValue>& values, const std::string& key, const std::string& name) {
    for (const RegistryValue& value : values) {
        if (value.key == key && value.name == name) {
            return &value;
        }
    }
    return nullptr;
}

std::string textAt(const std::vector<RegistryValue>& values, const std::string& key, const std::string& name) {
    const RegistryValue* const value = find(values, key, name);
    return value != nullptr && std::holds_alternative<std::string>(value->data) ? std::get<std::string>(value->data)
                                                                                : "";
}

// The ASCII of a registry.pol, whose letters are two bytes each.
std::string narrow(const std::string& wide) {
    std::string text;
    for (const char letter : wide) {
        if (letter != '\0') {
            text += letter;
        }
    }
    return text;
}

} // namespace

class TestBrowserPolicy : public QObject {
    Q_OBJECT

private slots:
    void everyChromiumIsToldToInstallAndKeepTheExtension() {
        for (const Browser browser : kChromiumFamily) {
            const Json extension = policyOf(browser).at("ExtensionSettings").at(kId);
            QCOMPARE(extension.at("installation_mode"), "force_installed");
            QCOMPARE(extension.at("update_url"), "https://updates.example/update.xml");
            QCOMPARE(extension.at("override_update_url"), true);
            QCOMPARE(extension.contains("toolbar_state"), browser == Browser::edge);
        }
    }

    void everyChromiumClosesTheWaysAround() {
        for (const Browser browser : kChromiumFamily) {
            const Json policy = policyOf(browser);
            const bool isEdge = browser == Browser::edge;
            QCOMPARE(policy.at(isEdge ? "InPrivateModeAvailability" : "IncognitoModeAvailability"), 1);
            QCOMPARE(policy.at(isEdge ? "MandatoryExtensionsForInPrivateNavigation"
                                      : "MandatoryExtensionsForIncognitoNavigation"),
                     Json::array({kId}));
            QCOMPARE(policy.at("BrowserGuestModeEnabled"), false);
            QCOMPARE(policy.at("NativeMessagingUserLevelHosts"), false);
            QCOMPARE(policy.at("NativeMessagingAllowlist"), Json::array({std::string(gatehouse::ipc::kHostName)}));
            QVERIFY(!policy.contains("NativeMessagingBlocklist"));
            QCOMPARE(policy.at("ExtensionDeveloperModeSettings"), 1);
            QCOMPARE(policy.at("DeveloperToolsAvailabilityBlocklist"), Json(builtInHosts()));
            QVERIFY(!policy.contains("3rdparty"));
        }
    }

    void whatIsWishedForIsAdded() {
        const Json policy = browserPolicy(everything(Browser::chrome));
        QCOMPARE(policy.at("3rdparty").at("extensions").at(kId),
                 Json({{"failMode", "closed"}, {"afterRedaction", "show"}}));
        QCOMPARE(policy.at("NativeMessagingBlocklist"), Json::array({"*"}));
        QCOMPARE(policy.at("URLBlocklist"), Json::array({"bad-ai.example", "worse.example"}));
        QCOMPARE(policy.at("DeveloperToolsAvailabilityBlocklist").back(), "ai.intranet.example");
    }

    void privateWindowsAndToolsMayStay() {
        for (const Browser browser : {Browser::chrome, Browser::edge, Browser::firefox}) {
            BrowserPolicyOptions options = optionsFor(browser);
            options.hasPrivateWindows = true;
            options.hasDeveloperTools = true;
            const Json policy = browserPolicy(options);
            for (const char* const name :
                 {"IncognitoModeAvailability", "InPrivateModeAvailability", "DeveloperToolsAvailabilityBlocklist",
                  "DisablePrivateBrowsing", "DisableDeveloperTools"}) {
                QVERIFY2(!policy.contains(name), name);
            }
        }
    }

    void theBrowsersOwnAssistantsAreSwitchedOff() {
        QCOMPARE(policyOf(Browser::chrome).at("GeminiSettings"), 1);
        QCOMPARE(policyOf(Browser::chrome).at("GenAiDefaultSettings"), 2);
        QCOMPARE(policyOf(Browser::edge).at("HubsSidebarEnabled"), false);
        QCOMPARE(policyOf(Browser::edge).at("EdgeEntraCopilotPageContext"), false);
        QCOMPARE(policyOf(Browser::brave).at("BraveAIChatEnabled"), false);
        QCOMPARE(policyOf(Browser::brave).at("TorDisabled"), true);
        QCOMPARE(policyOf(Browser::firefox).at("GenerativeAI"), Json({{"Enabled", false}, {"Locked", true}}));
    }

    void firefoxIsToldInItsOwnWords() {
        const Json policy = policyOf(Browser::firefox);
        const Json extension = policy.at("ExtensionSettings").at(kAddon);
        QCOMPARE(extension.at("installation_mode"), "force_installed");
        QCOMPARE(extension.at("install_url"), "https://updates.example/update.xml");
        QCOMPARE(extension.at("private_browsing"), true);
        QCOMPARE(policy.at("DisablePrivateBrowsing"), true);
        QCOMPARE(policy.at("DisableDeveloperTools"), true);
        QCOMPARE(policy.at("DisableSafeMode"), true);
        QVERIFY2(!policy.contains("ContentAnalysis"), "a guarded site must not be denied as well");
    }

    void firefoxItselfDeniesWhatIsBlocked() {
        const Json policy = browserPolicy(everything(Browser::firefox));
        QCOMPARE(policy.at("WebsiteFilter").at("Block"),
                 Json::array({"*://*.bad-ai.example/*", "*://*.worse.example/*"}));
        const Json& analysis = policy.at("ContentAnalysis");
        QCOMPARE(analysis.at("DefaultResult"), 2);
        const QRegularExpression pattern(QRegularExpression::anchoredPattern(
            QString::fromStdString(analysis.at("DenyUrlRegexList").get<std::string>())));
        QVERIFY(pattern.isValid());
        for (const char* const address : {"https://bad-ai.example/", "https://chat.worse.example:8443/a?b"}) {
            QVERIFY2(pattern.match(address).hasMatch(), address);
        }
        for (const char* const address :
             {"https://chatgpt.com/", "https://bad-ai.example.org/", "https://notbad-ai.example/",
              "https://bad-aiXexample/", "https://news.example/bad-ai.example/"}) {
            QVERIFY2(!pattern.match(address).hasMatch(), address);
        }
        QCOMPARE(policy.at("3rdparty").at("Extensions").at(kAddon).at("failMode"), "closed");
    }

    void aLinuxFileIsTheSettings() {
        const Json policy = policyOf(Browser::chromium);
        QCOMPARE(Json::parse(linuxPolicy(Browser::chromium, policy)), policy);
        QCOMPARE(Json::parse(linuxPolicy(Browser::firefox, policy)).at("policies"), policy);
        std::set<std::string_view> paths;
        for (const Browser browser :
             {Browser::chromium, Browser::chrome, Browser::edge, Browser::brave, Browser::firefox}) {
            paths.insert(linuxPolicyPath(browser));
        }
        QCOMPARE(paths.size(), std::size_t{5});
    }

    void theRegistryHoldsTextsNumbersAndNumberedLists() {
        const auto values = windowsPolicy(Browser::chrome, browserPolicy(everything(Browser::chrome)));
        const std::string key = "SOFTWARE\\Policies\\Google\\Chrome";
        QCOMPARE(Json::parse(textAt(values, key, "ExtensionSettings")).at(kId).at("installation_mode"),
                 "force_installed");
        QCOMPARE(textAt(values, key + "\\URLBlocklist", "2"), "worse.example");
        QCOMPARE(textAt(values, key + "\\3rdparty\\extensions\\" + kId + "\\policy", "failMode"), "closed");
        const RegistryValue* const guests = find(values, key, "BrowserGuestModeEnabled");
        QVERIFY(guests != nullptr);
        QCOMPARE(std::get<std::uint32_t>(guests->data), 0U);
        const auto firefox = windowsPolicy(Browser::firefox, browserPolicy(everything(Browser::firefox)));
        const std::string mozilla = "SOFTWARE\\Policies\\Mozilla\\Firefox";
        QVERIFY(!textAt(firefox, mozilla, "ExtensionSettings").empty());
        QCOMPARE(std::get<std::uint32_t>(find(firefox, mozilla + "\\GenerativeAI", "Enabled")->data), 0U);
        QCOMPARE(textAt(firefox, mozilla + "\\3rdparty\\Extensions\\" + kAddon, "failMode"), "closed");
        QCOMPARE(textAt(firefox, mozilla + "\\WebsiteFilter\\Block", "1"), "*://*.bad-ai.example/*");
    }

    void aRegFileIsWhatRegeditReads() {
        auto values = windowsPolicy(Browser::edge, browserPolicy(everything(Browser::edge)));
        values.push_back(windowsHost(Browser::edge, "C:\\Program Files\\Gatehouse\\edge.json"));
        const QString file = QString::fromStdString(registryFile(values));
        QVERIFY(file.startsWith("Windows Registry Editor Version 5.00\r\n\r\n"));
        QVERIFY(!file.contains(QRegularExpression("[^\r]\n")));
        const QRegularExpression line("^(|Windows.*|\\[-?HKEY_LOCAL_MACHINE\\\\SOFTWARE\\\\[^\\]]+\\]|(@|\"[^\"]+\")=("
                                      "dword:[0-9a-f]{8}|\"([^\"\\\\]|\\\\[\"\\\\])*\"))$");
        for (const QString& each : file.split("\r\n")) {
            QVERIFY2(line.match(each).hasMatch(), qPrintable(each));
        }
        QVERIFY(file.contains("\"InPrivateModeAvailability\"=dword:00000001"));
        QVERIFY(file.contains("[-HKEY_LOCAL_MACHINE\\SOFTWARE\\Policies\\Microsoft\\Edge\\URLBlocklist]\r\n"
                              "[HKEY_LOCAL_MACHINE\\SOFTWARE\\Policies\\Microsoft\\Edge\\URLBlocklist]\r\n"
                              "\"1\"=\"bad-ai.example\""));
        QVERIFY(file.contains(
            "[HKEY_LOCAL_MACHINE\\SOFTWARE\\Microsoft\\Edge\\NativeMessagingHosts\\com.gatehouse.agent]\r\n"
            "@=\"C:\\\\Program Files\\\\Gatehouse\\\\edge.json\""));
    }

    // [MS-GPREG] 2.2.1: a header, then [key;value;type;size;data] in UTF-16LE.
    void aRegistryPolCanBeReadBack() {
        const auto values = windowsPolicy(Browser::chrome, browserPolicy(everything(Browser::chrome)));
        const std::string file = registryPol(values);
        QCOMPARE(file.substr(0, 8), std::string("PReg\1\0\0\0", 8));
        std::size_t count = 0;
        std::size_t emptied = 0;
        std::size_t at = 8;
        const auto number = [&](std::size_t offset) {
            std::uint32_t value = 0;
            for (int i = 3; i >= 0; --i) {
                value = (value << 8U) | static_cast<unsigned char>(file.at(offset + static_cast<std::size_t>(i)));
            }
            return value;
        };
        while (at < file.size()) {
            QCOMPARE(file.substr(at, 2), std::string("[\0", 2));
            const std::size_t keyEnd = file.find(std::string("\0\0;\0", 4), at);
            const std::size_t nameEnd = file.find(std::string("\0\0;\0", 4), keyEnd + 4);
            QVERIFY(keyEnd != std::string::npos && nameEnd != std::string::npos);
            const std::string name = narrow(file.substr(keyEnd + 4, nameEnd - keyEnd - 4));
            const std::uint32_t type = number(nameEnd + 4);
            const std::uint32_t size = number(nameEnd + 10);
            const std::string data = file.substr(nameEnd + 16, size);
            QCOMPARE(file.substr(nameEnd + 16 + size, 2), std::string("]\0", 2));
            at = nameEnd + 18 + size;
            if (name == "**delvals.") {
                ++emptied;
                continue;
            }
            QCOMPARE(name, values.at(count).name);
            if (const auto* const text = std::get_if<std::string>(&values.at(count).data)) {
                QCOMPARE(type, 1U);
                QCOMPARE(narrow(data), *text);
            } else {
                QCOMPARE(type, 4U);
                QCOMPARE(size, 4U);
            }
            ++count;
        }
        QCOMPARE(count, values.size());
        QCOMPARE(emptied, std::size_t{5}); // the lists: private windows, tools, two of hosts, addresses
    }

    void otherToolsGetAListOfValues() {
        const auto values = windowsPolicy(Browser::brave, policyOf(Browser::brave));
        const Json list = Json::parse(registryJson(values));
        QCOMPARE(list.size(), values.size());
        QCOMPARE(list[0].at("key"), "HKLM\\SOFTWARE\\Policies\\BraveSoftware\\Brave");
        for (const Json& value : list) {
            QCOMPARE(value.at("type"), value.at("data").is_number() ? "REG_DWORD" : "REG_SZ");
        }
    }

    void aProfileForMacHasTheSettingsAndTheExtensionsOwn() {
        const std::string text = macosProfile(Browser::chrome, browserPolicy(everything(Browser::chrome)));
        QXmlStreamReader reader(QByteArray::fromStdString(text));
        QStringList keys;
        QStringList texts;
        while (!reader.atEnd()) {
            reader.readNext();
            if (reader.isStartElement() && reader.name() == u"key") {
                keys += reader.readElementText();
            } else if (reader.isStartElement() && reader.name() == u"string") {
                texts += reader.readElementText();
            }
        }
        QVERIFY2(!reader.hasError(), qPrintable(reader.errorString()));
        for (const char* const type : {"Configuration", "com.google.Chrome"}) {
            QVERIFY(texts.contains(type));
        }
        QVERIFY(texts.contains(QString("com.google.Chrome.extensions.") + kId));
        QVERIFY(keys.contains("DeveloperToolsAvailabilityBlocklist") && keys.contains("failMode"));
        QVERIFY(!keys.contains("3rdparty"));
        QCOMPARE(keys.count("PayloadUUID"), 3);
        QCOMPARE(text, macosProfile(Browser::chrome, browserPolicy(everything(Browser::chrome))));
        QVERIFY(text != macosProfile(Browser::chrome, policyOf(Browser::chrome)));
        const std::string firefox = macosProfile(Browser::firefox, browserPolicy(everything(Browser::firefox)));
        QVERIFY(firefox.contains("<key>EnterprisePoliciesEnabled</key>\n      <true/>"));
        QVERIFY(firefox.contains("<key>3rdparty</key>"));
    }
};

QTEST_GUILESS_MAIN(TestBrowserPolicy)
#include "tst_browser_policy.moc"
