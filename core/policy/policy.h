// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <chrono>
#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/clock.h"
#include "base/result.h"
#include "types/finding.h"
#include "types/interaction.h"

// Policy is a value: one document becomes one immutable compiled Policy; an interaction pins one PolicySet from start
// to end. Evaluation is pure and safe on any thread. Format: docs/policy.md, schema: core/policy/policy.schema.json.
// Where documents come from, and what holds when one is broken: policy/store.h. Hosts and model names: policy/match.h.
namespace gatehouse::policy {

struct ProviderEntry {
    std::string id;
    std::string kind = "openai-compatible"; // "preview", "ollama", "lmstudio", "llama-server", "openai", …
    std::string baseUrl;                    // with /v1 where the vendor has it; empty for "preview"
    Trust trust = Trust::external;
    std::string region;
    std::string keyName;             // name in the secret store; empty when no key is sent
    std::vector<std::string> models; // allowed model names or globs, "*" for any; see allowsModel()
};

struct Discovery {
    bool isEnabled = true;                 // probe loopback for known model servers
    std::vector<std::string> trustedLocal; // kinds that count as local when the socket's owner is a known model server
};

// What the browser part needs to know of a page; what is empty it knows by itself, or guesses.
struct SiteShape {
    std::string composer; // CSS selector of the editors
    std::string send;     // CSS selector of the buttons that send
    std::vector<std::string>
        prompts;                    // paths of the requests that carry what people write; "*" is any run of characters
    std::vector<std::string> quiet; // paths of measurements, which carry nothing of it
    std::vector<std::string> helpers; // other hosts that the site's own scripts send prompts and files to
    std::vector<std::string> paths;   // where on the host the site is
};

// What happens when a server of tools describes one otherwise than when it was first seen.
enum class ToolChange { report, block };

// A server of tools (Model Context Protocol) that may be reached through /mcp/{id}. As a destination of rules its
// provider is "mcp:" and the id, its model the method ("tools/call/NAME" for a call).
struct McpServer {
    std::string id;
    std::string url; // its one endpoint (streamable HTTP)
    Trust trust = Trust::external;
    std::string region;
    std::string keyName;            // name in the secret store; empty when no key is sent
    std::vector<std::string> tools; // names or globs that may be called, "*" for any; see allowsTool()
    ToolChange onChange = ToolChange::block;
    std::string toolsVersion; // another one here accepts how the tools are described now
};

struct Site {
    std::vector<std::string> hosts; // "chatgpt.com", "*.example.com"
    std::string name;
    bool isGuarded = true;
    SiteShape shape;
};

enum class Durability { strict, balanced };
enum class AuditContent { none, sanitised, full };
enum class OnAuditFailure { refuse, localOnly };
enum class FailMode { closed, open };

struct AuditSettings {
    AuditContent content = AuditContent::sanitised;
    Durability durability = Durability::strict;
    OnAuditFailure onFailure = OnAuditFailure::refuse;
    // Texts are deleted when they are older, or when the database is larger; 0: never. Records stay.
    std::uint32_t retentionDays = 0;
    std::uint32_t retentionMegabytes = 0;
};

// What the browser part does besides holding what leaves a guarded page.
enum class Answers { leave, flag, restore };         // restore flags as well
enum class Unlisted { ignore, report, warn, block }; // an AI site that no list names
struct BrowserSettings {
    Answers answers = Answers::leave;
    Unlisted unlisted = Unlisted::report;
    std::vector<std::string> aiHosts; // known to be AI sites, and not guarded by themselves
    bool hasFastPath = true;          // a clipboard that was looked at before the paste enters the page untouched
};
inline constexpr std::array<std::string_view, 3> kAnswersWords{"leave", "flag", "restore"};
inline constexpr std::array<std::string_view, 4> kUnlistedWords{"ignore", "report", "warn", "block"};
constexpr std::string_view answersWord(Answers answers) {
    return kAnswersWords.at(static_cast<std::size_t>(answers));
}
constexpr std::string_view unlistedWord(Unlisted unlisted) {
    return kUnlistedWords.at(static_cast<std::size_t>(unlisted));
}

struct Limits { // defaults: docs/security.md
    std::size_t bodyBytes = 8UL * 1024UL * 1024UL;
    std::size_t answerBytes = 64UL * 1024UL * 1024UL;
    std::size_t connections = 256;
    std::size_t connectionsPerClient = 64;
    std::uint32_t requestsPerMinute = 0; // 0 = no limit
};

// Data that is registered to be recognised; the file is made by `gatehousectl data`.
enum class RegisteredKind { dictionary, table, documents };

struct DetectorSettings {
    std::vector<std::string> disabled;
    std::vector<std::string> enabled; // of those that are off unless asked for
    std::vector<std::string> allowed;
    std::vector<std::string> allowedPatterns;
    std::vector<std::string> allowedHashes;
    struct Pattern {
        std::string id;
        FindingClass findingClass = FindingClass::custom;
        std::string pattern;
        bool isCaseSensitive = true;
        std::vector<std::string> context;
        bool needsContext = false;

        bool operator==(const Pattern&) const = default;
    };
    std::vector<Pattern> patterns;
    // By class: log-odds that are added before a finding's level is judged; section "classes".
    std::array<double, kFindingClassCount> sensitivity{};
    struct Words {
        std::string id;
        FindingClass findingClass = FindingClass::custom;
        std::vector<std::string> words;
        bool isCaseSensitive = false;

        bool operator==(const Words&) const = default;
    };
    std::vector<Words> words;
    struct Data {
        std::string id;
        FindingClass findingClass = FindingClass::custom;
        RegisteredKind kind = RegisteredKind::dictionary;
        std::string file;   // a path, or a name that is looked up in the folders for such data
        std::string sha256; // of the file, 64 lower-case hex digits: what the policy's signature covers

        bool operator==(const Data&) const = default;
    };
    std::vector<Data> data;

    bool operator==(const DetectorSettings&) const = default;
};

// Where the audit goes besides this machine. Without a URL only into files that somebody carries.
struct SyncSettings {
    std::string url;                // "https://collector.example.com:4443"
    std::string caPem;              // who vouches for the collector; empty: whom the system trusts
    std::string receiptKeyPem;      // the collector's key for receipts; empty: the one it enrolled this device with
    std::string auditorsPem;        // two certificates or more
    bool hasTexts = false;          // the texts that policy keeps go along, sealed like the rest
    std::vector<std::string> clear; // fields of each record that the collector may read: "person", "model", …
    std::string logKey; // verifier key of the collector's log, "name+hash+key"; empty: its proofs are not asked for
    std::string enrolmentTokenFile; // where this device finds the token that it enrols itself with; empty: it does not
    std::chrono::seconds interval{900};
    std::chrono::seconds heartbeat{60};
    std::uint64_t spoolBytes = 512ULL * 1024ULL * 1024ULL; // of batches that wait
    friend bool operator==(const SyncSettings&, const SyncSettings&) = default;
};

// A language model on this machine that is asked about prompts on their way to another one, for what no rule can know.
// docs/formats/second-opinion.md
struct SecondOpinion {
    std::string url; // of its OpenAI interface, plain HTTP to a loopback address: "http://127.0.0.1:11434/v1"
    std::string model;
    std::chrono::seconds time{8};     // for one interaction, waiting for its turn included
    std::vector<std::string> kinds;   // of kOpinionKinds, what is asked for; empty: all of them
    std::vector<Channel> channels;    // through which the text comes; empty: all
    Action onFailure = Action::block; // log, warn, justify, route-local or block: when the model gave no opinion
    friend bool operator==(const SecondOpinion&, const SecondOpinion&) = default;
};

// invalidInput unless the URL is plain HTTP to 127.0.0.1, localhost or [::1], without user, query or fragment.
[[nodiscard]] Result<> checkModelUrl(std::string_view url);

// What the organisation pays for a million tokens, in US dollars; in place of the vendors' price lists.
struct ModelPrice {
    std::vector<std::string> models; // "provider/model" or globs; see priceOf()
    double input = 0;
    double output = 0;
    std::optional<double> cachedInput; // read from a cache; like other input when absent
    std::optional<double> cacheWrite;  // written into one; like other input when absent
};

// Where a document is wrong: JSON pointer, line and column (from 1) and a sentence for its author.
struct Fault {
    std::string path;
    std::size_t line = 0;
    std::size_t column = 0;
    std::string message;
};

// What one finding is judged by, besides itself.
struct Subject {
    const Interaction* interaction = nullptr; // channel, direction, person, process, client, site
    Destination destination;
    WallTime now;
};

struct FindingDecision {
    Action action = Action::allow;
    std::string rule{};                           // id of the rule, or "default"
    RedactStyle style = RedactStyle::placeholder; // of `redact`
};

// Effects composed over all findings and all layers. A finding whose action is `redact` is transformed whatever the
// label says; gates and route-local are in the flags. In an answer, warn, justify and route-local come too late and
// count as log.
struct Decision {
    Action label = Action::allow; // the strictest word: for header, record, UI
    std::string rule;             // of the label
    std::string message;          // the rule's own words for people, may be empty
    bool isBlocked = false;
    bool isLocalOnly = false; // only destinations of trust local remain
    bool needsWarning = false;
    bool needsJustification = false;
    std::vector<FindingDecision> findings; // one per finding given, in their order
    std::vector<std::string> shadowRules;  // rules that would have acted but are in shadow or monitor mode
};

// One rule as its document says it, for people and tools that look at a policy.
struct RuleInfo {
    std::string id;
    std::string when; // compact JSON
    Action action = Action::allow;
    RedactStyle style = RedactStyle::placeholder;
    std::string message;
    bool isShadow = false;
};

// The sections whose presence matters when layers are composed.
enum class Section {
    providers,
    discovery,
    models,
    limits,
    audit,
    failMode,
    port,
    sync,
    mcp,
    prices,
    browser,
    secondOpinion
};

// One compiled document.
class Policy {
public:
    // Compiles the JSON source form (comments allowed, unknown keys refused). On failure `faults` says where and why,
    // all faults at once, in the order of the document; the error itself carries the first. At most 1 MiB.
    [[nodiscard]] static Result<std::shared_ptr<const Policy>> compile(std::string_view source,
                                                                       std::vector<Fault>* faults = nullptr);
    // The built-in strict default, for when a policy is broken and no last good one is kept: local destinations are
    // allowed, a finding on its way to any other destination blocks, the known AI sites are guarded.
    [[nodiscard]] static std::shared_ptr<const Policy> builtInDefault();
    // What holds on a machine that nobody gave a policy: redacts personal, card and health data and tokens, blocks
    // private keys, guards the known AI sites, trusts discovered local model servers. `gatehousectl policy init` writes
    // its source.
    [[nodiscard]] static std::shared_ptr<const Policy> starter();
    [[nodiscard]] static std::string_view starterSource();

    virtual ~Policy() = default;
    [[nodiscard]] virtual const std::string& id() const = 0;
    [[nodiscard]] virtual std::uint64_t serial() const = 0;
    [[nodiscard]] virtual std::optional<WallTime> issued() const = 0;
    [[nodiscard]] virtual std::optional<WallTime> expires() const = 0;
    // True when the document states the section itself, so that the accessor is not just the default.
    [[nodiscard]] virtual bool has(Section section) const = 0;
    [[nodiscard]] virtual bool isMonitor() const = 0;
    [[nodiscard]] virtual Action fallback() const = 0; // "default"
    [[nodiscard]] virtual std::vector<RuleInfo> rules() const = 0;
    [[nodiscard]] virtual const std::vector<ProviderEntry>& providers() const = 0;
    [[nodiscard]] virtual const Discovery& discovery() const = 0;
    [[nodiscard]] virtual const std::vector<McpServer>& mcpServers() const = 0;
    [[nodiscard]] virtual const std::vector<Site>& sites() const = 0;
    [[nodiscard]] virtual const AuditSettings& audit() const = 0;
    [[nodiscard]] virtual const Limits& limits() const = 0;
    [[nodiscard]] virtual const SyncSettings& sync() const = 0;
    [[nodiscard]] virtual const std::vector<ModelPrice>& prices() const = 0;
    [[nodiscard]] virtual const DetectorSettings& detectors() const = 0;
    [[nodiscard]] virtual FailMode failMode() const = 0;
    [[nodiscard]] virtual const BrowserSettings& browser() const = 0;
    // Null where nobody is asked.
    [[nodiscard]] virtual const SecondOpinion* secondOpinion() const = 0;
    [[nodiscard]] virtual std::uint16_t port() const = 0; // 4141 unless set
    // Model alias → "provider/model"; asked names that match no alias are looked up in the providers.
    [[nodiscard]] virtual const std::map<std::string, std::string>& modelAliases() const = 0;
    // Rules in order, first match per finding, effects composed; the interaction itself is judged once by the rules
    // without finding conditions, so that those hold for texts without findings too (docs/policy.md, "How rules
    // decide").
    [[nodiscard]] virtual Decision evaluate(const Subject& subject, const std::vector<Finding>& findings) const = 0;
};

// The layers that hold together: machine, signed bundle, user. Each is evaluated on its own and the effects compose, so
// that a lower layer can only be stricter. Use the accessors of the set, not those of primary(): they compose as well.
class PolicySet final {
public:
    // `layers` must not be empty; highest first.
    explicit PolicySet(std::vector<std::shared_ptr<const Policy>> layers, std::string problem = {});
    [[nodiscard]] Decision evaluate(const Subject& subject, const std::vector<Finding>& findings) const;
    [[nodiscard]] const Policy& primary() const { return *m_layers.front(); }
    [[nodiscard]] const std::vector<std::shared_ptr<const Policy>>& layers() const { return m_layers; }
    // Empty, or why something else than the newest document holds ("policy broken: …"), for tray, status and doctor.
    [[nodiscard]] const std::string& problem() const { return m_problem; }
    // The same, with something that people must be told.
    [[nodiscard]] std::shared_ptr<const PolicySet> withProblem(std::string problem) const;
    // True when every layer only monitors.
    [[nodiscard]] bool isMonitor() const;
    // Of the highest layer that states them. Below the first layer, trust is external and nothing discovered is local.
    [[nodiscard]] const std::vector<ProviderEntry>& providers() const { return m_providers; }
    [[nodiscard]] const Discovery& discovery() const { return m_discovery; }
    [[nodiscard]] const std::vector<McpServer>& mcpServers() const { return m_mcpServers; }
    [[nodiscard]] const std::map<std::string, std::string>& modelAliases() const { return m_modelAliases; }
    [[nodiscard]] const std::vector<ModelPrice>& prices() const { return m_prices; }
    [[nodiscard]] std::uint16_t port() const { return m_port; }
    // All layers' sites; for a host that occurs twice the higher layer's, guarded if any says so.
    [[nodiscard]] const std::vector<Site>& sites() const { return m_sites; }
    // The strictest of all layers that state them.
    [[nodiscard]] const AuditSettings& audit() const { return m_audit; }
    [[nodiscard]] const Limits& limits() const { return m_limits; }
    // Of the highest layer that states it; a lower one could send the audit elsewhere. None: the audit stays here.
    [[nodiscard]] const std::optional<SyncSettings>& sync() const { return m_sync; }
    [[nodiscard]] FailMode failMode() const { return m_failMode; }
    // Answers as the highest layer that states the section says; the strictest for sites that no list names; all
    // layers' hosts; the fast path where no layer forbids it.
    [[nodiscard]] const BrowserSettings& browser() const { return m_browser; }
    // Of the highest layer that states it; each layer's own `onFailure` holds besides. None: nobody is asked.
    [[nodiscard]] const std::optional<SecondOpinion>& secondOpinion() const { return m_secondOpinion; }
    // All layers' words; what is disabled and allowed is the first layer's alone.
    [[nodiscard]] const DetectorSettings& detectors() const { return m_detectors; }

private:
    std::vector<std::shared_ptr<const Policy>> m_layers;
    std::string m_problem;
    std::vector<ProviderEntry> m_providers;
    Discovery m_discovery;
    std::vector<McpServer> m_mcpServers;
    std::map<std::string, std::string> m_modelAliases;
    std::vector<ModelPrice> m_prices;
    std::vector<Site> m_sites;
    AuditSettings m_audit;
    Limits m_limits;
    std::optional<SyncSettings> m_sync;
    DetectorSettings m_detectors;
    FailMode m_failMode = FailMode::closed;
    BrowserSettings m_browser;
    std::optional<SecondOpinion> m_secondOpinion;
    std::uint16_t m_port = 4141;
};

} // namespace gatehouse::policy
