// SPDX-License-Identifier: Apache-2.0
#include "policy/match.h"

#include <algorithm>

#include "policy/glob.h"

namespace gatehouse::policy {

bool hostMatches(std::string_view pattern, std::string_view host) {
    if (host.ends_with('.')) {
        host.remove_suffix(1);
    }
    return !host.empty() && Glob(pattern).matches(host);
}

const Site* siteOf(const std::vector<Site>& sites, std::string_view host) {
    const auto found = std::find_if(sites.begin(), sites.end(), [host](const Site& site) {
        return std::any_of(site.hosts.begin(), site.hosts.end(),
                           [host](const std::string& pattern) { return hostMatches(pattern, host); });
    });
    return found == sites.end() ? nullptr : &*found;
}

bool allowsTool(const McpServer& server, std::string_view tool) {
    return std::any_of(server.tools.begin(), server.tools.end(),
                       [tool](const std::string& pattern) { return Glob(pattern).matches(tool); });
}

bool allowsModel(const ProviderEntry& provider, std::string_view model) {
    return std::any_of(provider.models.begin(), provider.models.end(),
                       [model](const std::string& pattern) { return Glob(pattern).matches(model); });
}

const ModelPrice* priceOf(const PolicySet& policies, std::string_view provider, std::string_view model) {
    if (policies.prices().empty()) {
        return nullptr;
    }
    const std::string name = std::string(provider) + '/' + std::string(model);
    const auto found =
        std::find_if(policies.prices().begin(), policies.prices().end(), [&name](const ModelPrice& price) {
            return std::any_of(price.models.begin(), price.models.end(),
                               [&name](const std::string& pattern) { return Glob(pattern).matches(name); });
        });
    return found == policies.prices().end() ? nullptr : &*found;
}

ModelName splitModelName(std::string_view name) {
    const std::size_t slash = name.find('/');
    if (slash == std::string_view::npos) {
        return {{}, name};
    }
    return {name.substr(0, slash), name.substr(slash + 1)};
}

} // namespace gatehouse::policy
