// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "policy/policy.h"
#include "types/action.h"

// Which models there are: what policy declares, what discovery found on loopback, and the built-in preview. Trust,
// region and address come from here and from nowhere else: no request can name an upstream. gw-io thread; never blocks.
namespace gatehouse::providers {

// One model of one provider, with all that a call needs.
struct Target {
    std::string providerId; // id in policy, of a discovered server ("ollama"), or "preview"
    std::string model;      // the provider's own name for it; of the preview: "preview" or "preview/local"
    Trust trust = Trust::external;
    std::string region;
    std::string baseUrl;    // up to and with the API version ("http://127.0.0.1:11434/v1"); empty for the preview
    std::string kind;       // ProviderEntry::kind: "openai-compatible", "ollama", "preview", …
    std::string keyName;    // for Keys::find; empty when no key is sent
    bool isPreview = false; // answered inside the gateway, with what would have left

    friend bool operator==(const Target&, const Target&) = default;
};

class Registry {
public:
    virtual ~Registry() = default;
    // Every model known by name under these policies, for model lists: declared ones, discovered ones, and the two
    // previews ("preview" judged as external, "preview/local" as local).
    [[nodiscard]] virtual std::vector<Target> list(const policy::PolicySet& policies) const = 0;
    // What `askedModel` may mean, in the order of preference: "provider/model", then the bare name at every provider
    // that allows it. A provider that allows any model ("*") gives a target even for a name that nobody listed. Empty:
    // unknown.
    [[nodiscard]] virtual std::vector<Target> find(const policy::PolicySet& policies,
                                                   std::string_view askedModel) const = 0;
};

} // namespace gatehouse::providers
