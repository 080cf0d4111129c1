// SPDX-License-Identifier: Apache-2.0
#include <array>
#include <cstdio>

#include "base/clock.h"
#include "base/time_text.h"
#include "policy_verbs.h"

namespace gatehouse::cli::policyverbs {
namespace {

std::string nameOf(const policy::SourceReport& source) {
    return source.path.empty() ? "the built-in starter (no policy was given)" : source.path;
}

std::string joined(const std::vector<std::string>& words) {
    std::string all;
    for (const std::string& word : words) {
        all += (all.empty() ? "" : ", ") + word;
    }
    return all;
}

Json rulesAsJson(const policy::Policy& policy) {
    Json rules = Json::array();
    for (const policy::RuleInfo& rule : policy.rules()) {
        rules.push_back({{"id", rule.id},
                         {"when", Json::parse(rule.when, nullptr, false)},
                         {"then", actionWord(rule.action)},
                         {"message", rule.message},
                         {"shadow", rule.isShadow}});
        if (rule.action == Action::redact) {
            rules.back()["style"] = redactStyleWord(rule.style);
        }
    }
    return rules;
}

Json layerAsJson(const policy::SourceReport& source) {
    const policy::Policy& policy = *source.policy;
    Json layer = {{"kind", policy::sourceKindWord(source.kind)},
                  {"state", policy::sourceStateWord(source.state)},
                  {"path", source.path},
                  {"signer", source.signer},
                  {"problem", source.problem},
                  {"faults", faultsAsJson(source.faults)},
                  {"id", policy.id()},
                  {"serial", policy.serial()},
                  {"mode", policy.isMonitor() ? "monitor" : "enforce"},
                  {"default", actionWord(policy.fallback())},
                  {"rules", rulesAsJson(policy)}};
    if (policy.expires()) {
        layer["expires"] = formatTime(*policy.expires());
    }
    return layer;
}

Json settingsAsJson(const policy::PolicySet& set) {
    Json providers = Json::array();
    for (const policy::ProviderEntry& provider : set.providers()) {
        providers.push_back({{"id", provider.id},
                             {"kind", provider.kind},
                             {"base_url", provider.baseUrl},
                             {"trust", trustWord(provider.trust)},
                             {"region", provider.region},
                             {"key", provider.keyName},
                             {"models", provider.models}});
    }
    Json sites = Json::array();
    for (const policy::Site& site : set.sites()) {
        sites.push_back({{"name", site.name}, {"hosts", site.hosts}, {"guarded", site.isGuarded}});
    }
    Json sync;
    if (set.sync()) {
        sync = {{"url", set.sync()->url},
                {"texts", set.sync()->hasTexts},
                {"interval_seconds", set.sync()->interval.count()},
                {"spool_bytes", set.sync()->spoolBytes}};
    }
    return {{"providers", std::move(providers)},
            {"sync", std::move(sync)},
            {"discovery", {{"enabled", set.discovery().isEnabled}, {"trust_local", set.discovery().trustedLocal}}},
            {"models", set.modelAliases()},
            {"sites", std::move(sites)},
            {"port", set.port()},
            {"fail_mode", set.failMode() == policy::FailMode::closed ? "closed" : "open"},
            {"body_bytes", set.limits().bodyBytes},
            {"requests_per_minute", set.limits().requestsPerMinute}};
}

void printLayer(const policy::SourceReport& source, bool withReasons) {
    const policy::Policy& policy = *source.policy;
    std::printf("%s  %s, serial %llu, %s, default %s\n", nameOf(source).c_str(), policy.id().c_str(),
                static_cast<unsigned long long>(policy.serial()), policy.isMonitor() ? "monitor" : "enforce",
                std::string(actionWord(policy.fallback())).c_str());
    if (!source.problem.empty()) {
        std::printf("    problem: %s\n", source.problem.c_str());
    }
    if (withReasons) {
        std::printf("    source %s, state %s%s%s%s%s\n", std::string(policy::sourceKindWord(source.kind)).c_str(),
                    std::string(policy::sourceStateWord(source.state)).c_str(),
                    source.signer.empty() ? "" : ", signed by ", source.signer.c_str(),
                    policy.expires() ? ", expires " : "",
                    policy.expires() ? formatTime(*policy.expires()).c_str() : "");
    }
    for (const policy::RuleInfo& rule : policy.rules()) {
        std::printf("    %-11s %s%s\n", std::string(actionWord(rule.action)).c_str(), rule.id.c_str(),
                    rule.isShadow ? " (shadow)" : "");
        if (withReasons) {
            std::printf("                when %s\n", rule.when.c_str());
        }
    }
}

void printSettings(const policy::PolicySet& set) {
    for (const policy::ProviderEntry& provider : set.providers()) {
        std::printf("provider  %s (%s, %s) %s, models %s\n", provider.id.c_str(), provider.kind.c_str(),
                    std::string(trustWord(provider.trust)).c_str(), provider.baseUrl.c_str(),
                    joined(provider.models).c_str());
    }
    std::printf("discovery %s; local: %s\n", set.discovery().isEnabled ? "on" : "off",
                set.discovery().trustedLocal.empty() ? "nothing" : joined(set.discovery().trustedLocal).c_str());
    for (const auto& [alias, target] : set.modelAliases()) {
        std::printf("model     %s → %s\n", alias.c_str(), target.c_str());
    }
    for (const policy::Site& site : set.sites()) {
        std::printf("site      %s%s\n", joined(site.hosts).c_str(), site.isGuarded ? "" : " (not guarded)");
    }
    if (set.sync()) {
        std::printf("sync      %s\n",
                    set.sync()->url.empty() ? "into files (gatehousectl audit batch)" : set.sync()->url.c_str());
    }
    std::printf("port %u, fail mode %s\n", set.port(), set.failMode() == policy::FailMode::closed ? "closed" : "open");
}

} // namespace

int show(Arguments arguments) {
    constexpr std::array<std::string_view, 2> kFlags{"--why", "--json"};
    constexpr std::array<std::string_view, 3> kNamed{"--policy", "--data", "--machine"};
    const auto options = parseOptions("policy show", arguments, kFlags, kNamed);
    if (!options || !options->rest.empty()) {
        return options ? usageError("show", "it takes no file; --policy FILE is the person's layer") : 2;
    }
    const SystemClock clock;
    const policy::PolicyStore store(storeOptions(*options), clock);
    const auto set = store.current();
    if (options->has("--json")) {
        Json layers = Json::array();
        for (const policy::SourceReport& source : store.sources()) {
            layers.push_back(layerAsJson(source));
        }
        const Json answer = {
            {"problem", set->problem()}, {"layers", std::move(layers)}, {"settings", settingsAsJson(*set)}};
        std::printf("%s\n", dumpJson(answer).c_str());
    } else {
        for (const policy::SourceReport& source : store.sources()) {
            printLayer(source, options->has("--why"));
        }
        printSettings(*set);
    }
    if (!set->problem().empty()) {
        std::fprintf(stderr, "gatehousectl policy show: %s\n", set->problem().c_str());
        return 1;
    }
    return 0;
}

} // namespace gatehouse::cli::policyverbs
