// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string_view>

#include "policy/policy.h"

// Small questions about names that every channel asks alike. All functions are pure.
namespace gatehouse::policy {

// A host pattern of `sites`: "chatgpt.com" is that host alone, "*.example.com" every host below example.com but not
// example.com itself. Case and one trailing dot do not count.
bool hostMatches(std::string_view pattern, std::string_view host);

// The site that lists `host`, or null.
const Site* siteOf(const std::vector<Site>& sites, std::string_view host);

// True when the provider's `models` allow this name.
bool allowsModel(const ProviderEntry& provider, std::string_view model);

// True when the server's `tools` allow a call of this tool.
bool allowsTool(const McpServer& server, std::string_view tool);

// The first of the prices that names this model at this provider, or null.
const ModelPrice* priceOf(const PolicySet& policies, std::string_view provider, std::string_view model);

// Parts of "provider/model"; the model may hold slashes itself. Empty provider when there is no slash.
struct ModelName {
    std::string_view provider;
    std::string_view model;
};
ModelName splitModelName(std::string_view name);

} // namespace gatehouse::policy
