// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <array>
#include <cstdio>

#include "base/clock.h"
#include "base/time_text.h"
#include "dlp/engine.h"
#include "engine_options.h"
#include "policy/match.h"
#include "policy_verbs.h"

namespace gatehouse::cli::policyverbs {
namespace {

constexpr const char* kHelp =
    "usage: gatehousectl policy explain [--text TEXT] [conditions] [--json]\n\n"
    "What would happen to a text (standard input without --text), and which rule says so.\n"
    "  --destination PROVIDER/MODEL   trust and region as policy declares them for the provider;\n"
    "                                 of tools: mcp:SERVER/tools/call/TOOL\n"
    "  --trust local|approved|external --region R   instead of what policy declares\n"
    "  --site HOST                    a web page; --channel is then paste unless said\n"
    "  --channel sdk|chat|paste|drop|upload|submit|network|clipboard   --direction prompt|answer\n"
    "  --person NAME  --group A,B  --app NAME-OR-PATH  --at TIME\n"
    "  --policy FILE  --data DIR  --machine DIR\n";

struct Question {
    Interaction interaction;
    policy::Subject subject;
};

std::vector<std::string> split(std::string_view list) {
    std::vector<std::string> parts;
    while (!list.empty()) {
        const std::size_t comma = std::min(list.find(','), list.size());
        parts.emplace_back(list.substr(0, comma));
        list.remove_prefix(std::min(comma + 1, list.size()));
    }
    return parts;
}

// Trust as the pipeline would see it: declared, or of a discovered kind that policy trusts, else external.
void resolveDestination(const policy::PolicySet& set, const std::string& name, Destination& destination) {
    const policy::ModelName model = policy::splitModelName(name);
    destination.provider = model.provider;
    destination.model = model.model;
    if (model.provider.empty()) {
        if (const auto alias = set.modelAliases().find(name); alias != set.modelAliases().end()) {
            resolveDestination(set, alias->second, destination);
            return;
        }
        destination.provider = name; // a provider alone, as in "preview"
        destination.model = name;
    }
    for (const policy::ProviderEntry& provider : set.providers()) {
        if (provider.id == destination.provider) {
            destination.trust = provider.trust;
            destination.region = provider.region;
            return;
        }
    }
    for (const policy::McpServer& server : set.mcpServers()) {
        if ("mcp:" + server.id == destination.provider) {
            destination.trust = server.trust;
            destination.region = server.region;
            return;
        }
    }
    const auto& local = set.discovery().trustedLocal;
    const bool isLocal =
        name == "preview/local" || std::find(local.begin(), local.end(), destination.provider) != local.end();
    destination.trust = isLocal ? Trust::local : Trust::external;
}

// Reads a word of a closed set; false after a message when it is none.
template <class Enum>
bool readWord(const Options& options, const char* name, std::optional<Enum> (*from)(std::string_view), Enum& value) {
    const auto given = options.value(name);
    if (!given) {
        return true;
    }
    const std::optional<Enum> read = from(*given);
    if (!read) {
        usageError("explain", *given + " is no value of " + name + "; --help lists them");
        return false;
    }
    value = *read;
    return true;
}

bool readQuestion(const Options& options, const policy::PolicySet& set, Question& question) {
    Interaction& interaction = question.interaction;
    Destination& destination = question.subject.destination;
    interaction.person.name = options.value("--person").value_or("");
    interaction.person.groups = split(options.value("--group").value_or(""));
    interaction.process.executable = options.value("--app").value_or("");
    interaction.site = destination.site = options.value("--site").value_or("");
    interaction.channel = options.has("--site") ? Channel::paste : Channel::sdk;
    if (const auto name = options.value("--destination")) {
        resolveDestination(set, *name, destination);
    }
    destination.region = options.value("--region").value_or(destination.region);
    question.subject.now = SystemClock().wall();
    if (const auto at = options.value("--at")) {
        const auto time = parseTime(*at);
        if (!time) {
            usageError("explain", "--at takes a time in UTC like 2026-11-20T08:00:00Z");
            return false;
        }
        question.subject.now = *time;
    }
    question.subject.interaction = &interaction;
    return readWord(options, "--trust", &trustFromWord, destination.trust) &&
           readWord(options, "--channel", &channelFromWord, interaction.channel) &&
           readWord(options, "--direction", &directionFromWord, interaction.direction);
}

Result<std::vector<Finding>> findIn(const std::string& text, const policy::DetectorSettings& settings,
                                    const policy::StoreOptions& store) {
    GH_TRY(const dlp::EngineOptions options,
           app::engineOptionsOf(settings, app::registeredFolders(store.userFile, store.dataFolder)));
    GH_TRY(const auto engine, dlp::Engine::compile(options));
    const dlp::ScratchPtr scratch = engine->makeScratch();
    return engine->scan(text, *scratch);
}

Json answerAsJson(const policy::PolicySet& set, const Question& question, const policy::Decision& decision,
                  const std::vector<Finding>& findings) {
    Json list = Json::array();
    for (std::size_t i = 0; i < findings.size(); ++i) {
        list.push_back({{"detector", findings[i].detector},
                        {"class", findingClassWord(findings[i].findingClass)},
                        {"start", findings[i].begin},
                        {"end", findings[i].end},
                        {"confidence", findings[i].confidence},
                        {"level", levelWord(findings[i].level)},
                        {"action", actionWord(decision.findings[i].action)},
                        {"rule", decision.findings[i].rule}});
        if (decision.findings[i].action == Action::redact) {
            list.back()["style"] = redactStyleWord(decision.findings[i].style);
        }
    }
    return {{"decision", actionWord(decision.label)},
            {"rule", decision.rule},
            {"message", decision.message},
            {"blocked", decision.isBlocked},
            {"local_only", decision.isLocalOnly},
            {"needs_warning", decision.needsWarning},
            {"needs_justification", decision.needsJustification},
            {"shadow_rules", decision.shadowRules},
            {"trust", trustWord(question.subject.destination.trust)},
            {"policy", set.primary().id()},
            {"problem", set.problem()},
            {"findings", std::move(list)}};
}

void printAnswer(const Question& question, const policy::Decision& decision, const std::vector<Finding>& findings) {
    const Destination& destination = question.subject.destination;
    std::printf("to        %s%s%s (%s)\n", destination.provider.empty() ? destination.site.c_str() : "",
                destination.provider.c_str(), destination.model.empty() ? "" : ("/" + destination.model).c_str(),
                std::string(trustWord(destination.trust)).c_str());
    std::printf("decision  %s, by rule %s\n", std::string(actionWord(decision.label)).c_str(), decision.rule.c_str());
    if (!decision.message.empty()) {
        std::printf("message   %s\n", decision.message.c_str());
    }
    const bool redacts =
        std::any_of(decision.findings.begin(), decision.findings.end(),
                    [](const policy::FindingDecision& finding) { return finding.action == Action::redact; });
    std::printf("effects  %s%s%s%s%s%s\n", decision.isBlocked ? " blocked" : "", redacts ? " redacts" : "",
                decision.isLocalOnly ? " local models only" : "", decision.needsWarning ? " asks the person" : "",
                decision.needsJustification ? " asks for a reason" : "",
                decision.label == Action::allow || decision.label == Action::log ? " none" : "");
    for (std::size_t i = 0; i < findings.size(); ++i) {
        std::printf("finding   %-28s %-6s bytes %zu-%zu  %s, by rule %s\n", findings[i].detector.c_str(),
                    std::string(levelWord(findings[i].level)).c_str(), findings[i].begin, findings[i].end,
                    std::string(actionWord(decision.findings[i].action)).c_str(), decision.findings[i].rule.c_str());
    }
    for (const std::string& rule : decision.shadowRules) {
        std::printf("shadow    %s would have acted\n", rule.c_str());
    }
}

// A draft that is broken is told as such; what the agent would fall back to is no answer to its author.
bool isDraftSound(const Options& options) {
    const auto path = options.value("--policy");
    if (!path || path->ends_with(".p7")) {
        return true;
    }
    const auto source = readInput(*path);
    std::vector<policy::Fault> faults;
    if (!source) {
        usageError("explain", source.error().what);
        return false;
    }
    if (!policy::Policy::compile(*source, &faults)) {
        printFaults(*path, faults);
        return false;
    }
    return true;
}

} // namespace

int explain(Arguments arguments) {
    constexpr std::array<std::string_view, 2> kFlags{"--json", "--help"};
    constexpr std::array<std::string_view, 14> kNamed{"--text",    "--destination", "--trust",  "--region", "--site",
                                                      "--channel", "--direction",   "--person", "--group",  "--app",
                                                      "--at",      "--policy",      "--data",   "--machine"};
    const auto options = parseOptions("policy explain", arguments, kFlags, kNamed);
    if (!options || !options->rest.empty()) {
        return options ? usageError("explain", "the text comes from --text or standard input") : 2;
    }
    if (options->has("--help")) {
        std::fputs(kHelp, stdout);
        return 0;
    }
    if (!isDraftSound(*options)) {
        return 2;
    }
    const SystemClock clock;
    const policy::StoreOptions sources = storeOptions(*options);
    const policy::PolicyStore store(sources, clock);
    const auto set = store.current();
    Question question;
    if (!readQuestion(*options, *set, question)) {
        return 2;
    }
    const auto text = options->has("--text") ? Result<std::string>(*options->value("--text")) : readInput("-");
    const auto findings =
        text ? findIn(*text, set->detectors(), sources) : Result<std::vector<Finding>>(std::unexpected(text.error()));
    if (!findings) {
        return usageError("explain", findings.error().what);
    }
    const policy::Decision decision = set->evaluate(question.subject, *findings);
    if (!set->problem().empty()) {
        std::fprintf(stderr, "gatehousectl policy explain: %s\n", set->problem().c_str());
    }
    if (options->has("--json")) {
        std::printf("%s\n", dumpJson(answerAsJson(*set, question, decision, *findings)).c_str());
    } else {
        printAnswer(question, decision, *findings);
    }
    return decision.isBlocked ? 1 : 0;
}

} // namespace gatehouse::cli::policyverbs
