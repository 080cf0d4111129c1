// SPDX-License-Identifier: Apache-2.0
#include "routing/router.h"

#include <algorithm>

#include "routing/health.h"
#include "routing/make_router.h"

namespace gatehouse::routing {
namespace {

class PreferenceRouter final : public Router {
public:
    PreferenceRouter(const providers::Registry& registry, const Clock& clock) : m_registry(registry), m_clock(clock) {}

    [[nodiscard]] std::vector<providers::Target> candidates(const policy::PolicySet& policies,
                                                            std::string_view askedModel) const override {
        const auto& aliases = policies.modelAliases();
        const auto alias = aliases.find(std::string(askedModel));
        return m_registry.find(policies, alias == aliases.end() ? askedModel : std::string_view(alias->second));
    }

    [[nodiscard]] std::optional<providers::Target> select(std::span<const providers::Target> targets) override {
        const auto now = m_clock.monotonic();
        const auto found = std::find_if(targets.begin(), targets.end(), [&](const providers::Target& target) {
            return target.isPreview || !m_health.isResting(target.providerId, now);
        });
        if (found == targets.end()) {
            return std::nullopt;
        }
        m_health.begin(found->providerId, now);
        return *found;
    }

    void report(const providers::Target& target, bool isOk) override {
        m_health.report(target.providerId, isOk, m_clock.monotonic());
    }

    [[nodiscard]] std::vector<providers::Target> list(const policy::PolicySet& policies) const override {
        auto targets = m_registry.list(policies);
        for (const auto& [name, meaning] : policies.modelAliases()) {
            const auto meant = m_registry.find(policies, meaning);
            if (!meant.empty()) {
                auto target = meant.front();
                target.providerId = "alias";
                target.model = name;
                targets.push_back(std::move(target));
            }
        }
        return targets;
    }

private:
    const providers::Registry& m_registry;
    const Clock& m_clock;
    Health m_health;
};

} // namespace

std::unique_ptr<Router> makeRouter(const providers::Registry& registry, const Clock& clock) {
    return std::make_unique<PreferenceRouter>(registry, clock);
}

} // namespace gatehouse::routing
