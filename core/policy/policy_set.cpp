// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <set>

#include "policy/evaluate.h"
#include "policy/policy.h"

namespace gatehouse::policy {
namespace {

using Layers = std::vector<std::shared_ptr<const Policy>>;

// The index of the highest layer that states the section; the number of layers when none does.
std::size_t highestWith(const Layers& layers, Section section) {
    const auto found =
        std::find_if(layers.begin(), layers.end(), [section](const auto& layer) { return layer->has(section); });
    return static_cast<std::size_t>(found - layers.begin());
}

// Trust is the first layer's to give: what a lower layer declares is external whatever it says.
std::vector<ProviderEntry> composeProviders(const Layers& layers) {
    const std::size_t from = highestWith(layers, Section::providers);
    if (from == layers.size()) {
        return {};
    }
    std::vector<ProviderEntry> providers = layers[from]->providers();
    if (from > 0) {
        for (ProviderEntry& provider : providers) {
            provider.trust = Trust::external;
        }
    }
    return providers;
}

std::vector<McpServer> composeMcp(const Layers& layers) {
    const std::size_t from = highestWith(layers, Section::mcp);
    if (from == layers.size()) {
        return {};
    }
    std::vector<McpServer> servers = layers[from]->mcpServers();
    for (McpServer& server : servers) {
        server.trust = from > 0 ? Trust::external : server.trust;
    }
    return servers;
}

Discovery composeDiscovery(const Layers& layers) {
    const std::size_t from = highestWith(layers, Section::discovery);
    if (from == layers.size()) {
        return {};
    }
    Discovery discovery = layers[from]->discovery();
    if (from > 0) {
        discovery.trustedLocal.clear();
    }
    return discovery;
}

// Hosts that a higher layer lists stay with it; a lower layer can only turn its guard on.
std::vector<Site> composeSites(const Layers& layers) {
    std::vector<Site> sites = layers.front()->sites();
    for (auto layer = layers.begin() + 1; layer != layers.end(); ++layer) {
        for (Site lower : (*layer)->sites()) {
            std::erase_if(lower.hosts, [&](const std::string& host) {
                const auto listed = std::find_if(sites.begin(), sites.end(), [&](const Site& site) {
                    return std::find(site.hosts.begin(), site.hosts.end(), host) != site.hosts.end();
                });
                if (listed != sites.end()) {
                    listed->isGuarded |= lower.isGuarded;
                }
                return listed != sites.end();
            });
            if (!lower.hosts.empty()) {
                sites.push_back(std::move(lower));
            }
        }
    }
    return sites;
}

AuditSettings composeAudit(const Layers& layers) {
    AuditSettings audit = layers.front()->audit();
    for (auto layer = layers.begin() + 1; layer != layers.end(); ++layer) {
        if (!(*layer)->has(Section::audit)) {
            continue;
        }
        const AuditSettings& lower = (*layer)->audit();
        audit.durability = std::min(audit.durability, lower.durability); // strict is the first enumerator
        audit.onFailure = std::min(audit.onFailure, lower.onFailure);    // as is refuse
    }
    return audit;
}

Limits composeLimits(const Layers& layers) {
    Limits limits = layers.front()->limits();
    for (auto layer = layers.begin() + 1; layer != layers.end(); ++layer) {
        if (!(*layer)->has(Section::limits)) {
            continue;
        }
        const Limits& lower = (*layer)->limits();
        limits.bodyBytes = std::min(limits.bodyBytes, lower.bodyBytes);
        limits.answerBytes = std::min(limits.answerBytes, lower.answerBytes);
        limits.connections = std::min(limits.connections, lower.connections);
        limits.connectionsPerClient = std::min(limits.connectionsPerClient, lower.connectionsPerClient);
        if (lower.requestsPerMinute != 0) {
            limits.requestsPerMinute = limits.requestsPerMinute == 0
                                           ? lower.requestsPerMinute
                                           : std::min(limits.requestsPerMinute, lower.requestsPerMinute);
        }
    }
    return limits;
}

// A lower layer's list or pattern whose id is taken is known by another one: both are looked for.
template <class List>
void addLists(List& all, const List& lower, std::set<std::string>& ids) {
    for (auto list : lower) {
        while (!ids.insert(list.id).second) {
            list.id += "-lower";
        }
        all.push_back(std::move(list));
    }
}

// Lower layers only add: words, patterns, registered data, detectors that are off by themselves, a keener look at a
// class.
DetectorSettings composeDetectors(const Layers& layers) {
    DetectorSettings detectors = layers.front()->detectors();
    std::set<std::string> ids;
    for (const DetectorSettings::Words& words : detectors.words) {
        ids.insert(words.id);
    }
    for (const DetectorSettings::Pattern& pattern : detectors.patterns) {
        ids.insert(pattern.id);
    }
    for (const DetectorSettings::Data& data : detectors.data) {
        ids.insert(data.id);
    }
    for (auto layer = layers.begin() + 1; layer != layers.end(); ++layer) {
        const DetectorSettings& lower = (*layer)->detectors();
        addLists(detectors.words, lower.words, ids);
        addLists(detectors.patterns, lower.patterns, ids);
        addLists(detectors.data, lower.data, ids);
        detectors.enabled.insert(detectors.enabled.end(), lower.enabled.begin(), lower.enabled.end());
        for (std::size_t i = 0; i < kFindingClassCount; ++i) {
            detectors.sensitivity.at(i) = std::max(detectors.sensitivity.at(i), lower.sensitivity.at(i));
        }
    }
    return detectors;
}

FailMode composeFailMode(const Layers& layers) {
    const bool isClosedBelow = std::any_of(layers.begin() + 1, layers.end(), [](const auto& layer) {
        return layer->has(Section::failMode) && layer->failMode() == FailMode::closed;
    });
    return isClosedBelow ? FailMode::closed : layers.front()->failMode();
}

BrowserSettings composeBrowser(const Layers& layers) {
    BrowserSettings browser;
    const std::size_t from = highestWith(layers, Section::browser);
    if (from == layers.size()) {
        return browser;
    }
    browser = layers[from]->browser();
    for (auto layer = layers.begin() + static_cast<std::ptrdiff_t>(from) + 1; layer != layers.end(); ++layer) {
        if ((*layer)->has(Section::browser)) {
            const BrowserSettings& lower = (*layer)->browser();
            browser.unlisted = std::max(browser.unlisted, lower.unlisted);
            browser.hasFastPath = browser.hasFastPath && lower.hasFastPath;
            browser.aiHosts.insert(browser.aiHosts.end(), lower.aiHosts.begin(), lower.aiHosts.end());
        }
    }
    return browser;
}

} // namespace

PolicySet::PolicySet(std::vector<std::shared_ptr<const Policy>> layers, std::string problem)
    : m_layers(std::move(layers))
    , m_problem(std::move(problem)) {
    if (m_layers.empty()) {
        m_layers.push_back(Policy::builtInDefault());
    }
    m_providers = composeProviders(m_layers);
    m_mcpServers = composeMcp(m_layers);
    m_discovery = composeDiscovery(m_layers);
    m_sites = composeSites(m_layers);
    m_audit = composeAudit(m_layers);
    m_limits = composeLimits(m_layers);
    m_detectors = composeDetectors(m_layers);
    m_failMode = composeFailMode(m_layers);
    m_browser = composeBrowser(m_layers);
    if (const std::size_t from = highestWith(m_layers, Section::models); from < m_layers.size()) {
        m_modelAliases = m_layers[from]->modelAliases();
    }
    if (const std::size_t from = highestWith(m_layers, Section::sync); from < m_layers.size()) {
        m_sync = m_layers[from]->sync();
    }
    if (const std::size_t from = highestWith(m_layers, Section::secondOpinion); from < m_layers.size()) {
        m_secondOpinion = *m_layers[from]->secondOpinion();
    }
    if (const std::size_t from = highestWith(m_layers, Section::prices); from < m_layers.size()) {
        m_prices = m_layers[from]->prices();
    }
    if (const std::size_t from = highestWith(m_layers, Section::port); from < m_layers.size()) {
        m_port = m_layers[from]->port();
    }
}

Decision PolicySet::evaluate(const Subject& subject, const std::vector<Finding>& findings) const {
    Decision decision = m_layers.front()->evaluate(subject, findings);
    for (auto layer = m_layers.begin() + 1; layer != m_layers.end(); ++layer) {
        compose(decision, (*layer)->evaluate(subject, findings));
    }
    return decision;
}

std::shared_ptr<const PolicySet> PolicySet::withProblem(std::string problem) const {
    auto copy = std::make_shared<PolicySet>(*this);
    copy->m_problem = std::move(problem);
    return copy;
}

bool PolicySet::isMonitor() const {
    return std::all_of(m_layers.begin(), m_layers.end(), [](const auto& layer) { return layer->isMonitor(); });
}

} // namespace gatehouse::policy
