// SPDX-License-Identifier: Apache-2.0
#include "providers/registry.h"

#include <algorithm>
#include <map>
#include <utility>

#include "policy/match.h"
#include "providers/discovery.h"
#include "providers/make_registry.h"
#include "providers/vendors.h"

namespace gatehouse::providers {
namespace {

constexpr std::string_view kPreview = "preview";
constexpr std::string_view kPreviewLocal = "preview/local";

Target previewTarget(const policy::PolicySet& policies, bool isLocal) {
    Target target;
    target.providerId = kPreview;
    target.kind = kPreview;
    target.model = isLocal ? kPreviewLocal : kPreview;
    target.trust = isLocal ? Trust::local : Trust::external;
    target.isPreview = true;
    for (const auto& provider : policies.providers()) {
        if (provider.id == kPreview) {
            target.region = provider.region;
        }
    }
    return target;
}

Target declaredTarget(const policy::ProviderEntry& provider, std::string_view model) {
    const std::string baseUrl =
        provider.baseUrl.empty() ? std::string(vendorOf(provider.kind).baseUrl) : provider.baseUrl;
    return {provider.id, std::string(model), provider.trust,   provider.region,
            baseUrl,     provider.kind,      provider.keyName, false};
}

// Local only where policy trusts the kind, the socket's owner is a known model server, and the model runs there.
Target foundTarget(const policy::Discovery& discovery, const FoundServer& server, const ListedModel& model) {
    const auto& trusted = discovery.trustedLocal;
    const bool isTrusted = std::find(trusted.begin(), trusted.end(), server.kind) != trusted.end();
    const bool isLocal = isTrusted && server.isKnownProgram && !model.isRemote;
    return {server.kind,   model.name, isLocal ? Trust::local : Trust::external, {}, server.baseUrl, server.kind,
            std::string(), false};
}

bool isPattern(const std::string& name) {
    return name.find_first_of("*?") != std::string::npos;
}

// Ollama means NAME:latest when it is asked for NAME.
bool isSameModel(const FoundServer& server, const ListedModel& listed, std::string_view asked) {
    return listed.name == asked || (server.kind == "ollama" && listed.name.size() == asked.size() + 7 &&
                                    listed.name.starts_with(asked) && listed.name.ends_with(":latest"));
}

bool isPlainLoopback(const policy::ProviderEntry& provider) {
    constexpr std::string_view kStarts[] = {"http://127.0.0.1:", "http://localhost:", "http://[::1]:"};
    return provider.keyName.empty() && std::any_of(std::begin(kStarts), std::end(kStarts), [&](std::string_view start) {
               return provider.baseUrl.starts_with(start);
           });
}

class LiveRegistry final : public DiscoveringRegistry {
public:
    LiveRegistry(HttpPort& http, PortOwners& owners, DiscoveryPorts ports)
        : m_http(http)
        , m_owners(owners)
        , m_ports(ports) {}

    Task<> refresh(std::shared_ptr<const policy::PolicySet> policies) override {
        std::vector<FoundServer> found;
        if (policies->discovery().isEnabled) {
            found = co_await discover(m_http, m_owners, m_ports);
        }
        std::map<std::string, std::vector<std::string>> listed;
        for (const auto& provider : policies->providers()) {
            if (!isPlainLoopback(provider)) {
                continue;
            }
            const auto answer = co_await m_http.get(provider.baseUrl + "/models");
            const auto models = answer ? readOpenAiModels(*answer) : std::unexpected(answer.error());
            for (const auto& model : models ? *models : std::vector<ListedModel>()) {
                listed[provider.id].push_back(model.name);
            }
        }
        m_found = std::move(found);
        m_listed = std::move(listed);
    }

    [[nodiscard]] std::vector<Target> list(const policy::PolicySet& policies) const override {
        std::vector<Target> targets;
        const auto add = [&targets](Target target) {
            if (std::find(targets.begin(), targets.end(), target) == targets.end()) {
                targets.push_back(std::move(target));
            }
        };
        for (const auto& provider : policies.providers()) {
            for (const auto& model : namesOf(provider)) {
                add(declaredTarget(provider, model));
            }
        }
        if (policies.discovery().isEnabled) {
            for (const auto& server : m_found) {
                for (const auto& model : server.models) {
                    if (!isDeclaredAddress(policies, server)) {
                        add(foundTarget(policies.discovery(), server, model));
                    }
                }
            }
        }
        add(previewTarget(policies, false));
        add(previewTarget(policies, true));
        return targets;
    }

    [[nodiscard]] std::vector<Target> find(const policy::PolicySet& policies, std::string_view asked) const override {
        if (asked == kPreview || asked == kPreviewLocal) {
            return {previewTarget(policies, asked == kPreviewLocal)};
        }
        const auto parts = policy::splitModelName(asked);
        if (!parts.provider.empty()) {
            if (auto target = findAt(policies, parts.provider, parts.model)) {
                return {std::move(*target)};
            }
        }
        return findBare(policies, asked);
    }

private:
    // The declared names, and what the server itself lists of what policy allows.
    [[nodiscard]] std::vector<std::string> namesOf(const policy::ProviderEntry& provider) const {
        std::vector<std::string> names;
        if (provider.kind == kPreview) {
            return names;
        }
        for (const auto& model : provider.models) {
            if (!isPattern(model)) {
                names.push_back(model);
            }
        }
        if (const auto listed = m_listed.find(provider.id); listed != m_listed.end()) {
            for (const auto& model : listed->second) {
                if (policy::allowsModel(provider, model) &&
                    std::find(names.begin(), names.end(), model) == names.end()) {
                    names.push_back(model);
                }
            }
        }
        return names;
    }

    // What policy declares wins over what discovery says about the same server: its trust is a statement, not a guess.
    static bool isDeclaredAddress(const policy::PolicySet& policies, const FoundServer& server) {
        const auto& providers = policies.providers();
        return std::any_of(providers.begin(), providers.end(), [&](const policy::ProviderEntry& provider) {
            auto url = provider.baseUrl;
            constexpr std::string_view kName = "http://localhost:";
            if (url.starts_with(kName)) {
                url.replace(0, kName.size(), "http://127.0.0.1:");
            }
            return provider.id == server.kind || url == server.baseUrl;
        });
    }

    [[nodiscard]] std::optional<Target> findAt(const policy::PolicySet& policies, std::string_view id,
                                               std::string_view model) const {
        for (const auto& provider : policies.providers()) {
            if (provider.id == id && provider.kind != kPreview) {
                return policy::allowsModel(provider, model) ? std::optional(declaredTarget(provider, model))
                                                            : std::nullopt;
            }
        }
        for (auto& target : findDiscovered(policies, model)) {
            if (target.providerId == id) {
                return std::move(target);
            }
        }
        return std::nullopt;
    }

    [[nodiscard]] std::vector<Target> findDiscovered(const policy::PolicySet& policies, std::string_view model) const {
        std::vector<Target> targets;
        if (!policies.discovery().isEnabled) {
            return targets;
        }
        for (const auto& server : m_found) {
            if (isDeclaredAddress(policies, server)) {
                continue;
            }
            for (const auto& listed : server.models) {
                if (isSameModel(server, listed, model)) {
                    targets.push_back(foundTarget(policies.discovery(), server, listed));
                    break;
                }
            }
        }
        return targets;
    }

    // Providers that name the model, then servers that were found to have it, then providers that allow any model.
    [[nodiscard]] std::vector<Target> findBare(const policy::PolicySet& policies, std::string_view asked) const {
        std::vector<Target> targets;
        std::vector<Target> wildcards;
        for (const auto& provider : policies.providers()) {
            if (provider.kind == kPreview || !policy::allowsModel(provider, asked)) {
                continue;
            }
            const auto names = namesOf(provider);
            const bool isNamed = std::find(names.begin(), names.end(), asked) != names.end();
            (isNamed ? targets : wildcards).push_back(declaredTarget(provider, asked));
        }
        for (auto& target : findDiscovered(policies, asked)) {
            targets.push_back(std::move(target));
        }
        for (auto& target : wildcards) {
            targets.push_back(std::move(target));
        }
        return targets;
    }

    HttpPort& m_http;
    PortOwners& m_owners;
    DiscoveryPorts m_ports;
    std::vector<FoundServer> m_found;
    std::map<std::string, std::vector<std::string>> m_listed; // declared provider id → names its server lists
};

} // namespace

std::unique_ptr<DiscoveringRegistry> makeRegistry(HttpPort& http, PortOwners& owners, DiscoveryPorts ports) {
    return std::make_unique<LiveRegistry>(http, owners, ports);
}

} // namespace gatehouse::providers
