// SPDX-License-Identifier: Apache-2.0
#pragma once

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

// Policy is a value: one document becomes one immutable compiled Policy; an interaction pins one PolicySet from start to
// end. Evaluation is pure and safe on any thread. Format: docs/policy.md, schema: core/policy/policy.schema.json.
namespace gatehouse::policy {

struct ProviderEntry {
    std::string id;
    std::string kind = "openai-compatible"; // "preview", "ollama", "lmstudio", "llama-server", "openai", …
    std::string baseUrl;                    // with /v1 where the vendor has it; empty for "preview"
    Trust trust = Trust::external;
    std::string region;
    std::string keyName;                    // name in the secret store; empty when no key is sent
    std::vector<std::string> models;        // allowed model names, "*" for any
};

struct Discovery {
    bool isEnabled = true;                  // probe loopback for known model servers
    std::vector<std::string> trustedLocal;  // kinds that count as local when the socket's owner is a known model server
};

struct Site {
    std::vector<std::string> hosts;         // "chatgpt.com", "*.example.com"
    std::string name;
    bool isGuarded = true;
};

enum class Durability { strict, balanced };
enum class AuditContent { none, sanitised, full };
enum class OnAuditFailure { refuse, localOnly };
enum class FailMode { closed, open };

struct AuditSettings {
    AuditContent content = AuditContent::sanitised;
    Durability durability = Durability::strict;
    OnAuditFailure onFailure = OnAuditFailure::refuse;
};

struct Limits {                             // defaults: docs/security.md
    std::size_t bodyBytes = 8UL * 1024UL * 1024UL;
    std::size_t answerBytes = 64UL * 1024UL * 1024UL;
    std::size_t connections = 256;
    std::size_t connectionsPerClient = 64;
    std::uint32_t requestsPerMinute = 0;    // 0 = no limit
};

struct DetectorSettings {
    std::vector<std::string> disabled;
    std::vector<std::string> allowed;
    struct Words {
        std::string id;
        FindingClass findingClass = FindingClass::custom;
        std::vector<std::string> words;
        bool isCaseSensitive = false;
    };
    std::vector<Words> words;
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
    std::string rule;                         // id of the rule, or "default"
};

// Effects composed over all findings and all layers.
struct Decision {
    Action label = Action::allow;             // the strictest word: for header, record, UI
    std::string rule;                         // of the label
    std::string message;                      // the rule's own words for people, may be empty
    bool isBlocked = false;
    bool isLocalOnly = false;                 // only destinations of trust local remain
    bool needsWarning = false;
    bool needsJustification = false;
    std::vector<FindingDecision> findings;    // one per finding given, in their order
    std::vector<std::string> shadowRules;     // rules that would have acted but are in shadow or monitor mode
};

// One compiled document.
class Policy {
public:
    // Compiles the JSON source form (comments allowed, unknown keys refused). On failure `faults` says where and why.
    [[nodiscard]] static Result<std::shared_ptr<const Policy>> compile(std::string_view source,
                                                                       std::vector<Fault>* faults = nullptr);
    // The built-in strict default: valid, allows local models, redacts nothing but blocks findings for external ones.
    [[nodiscard]] static std::shared_ptr<const Policy> builtInDefault();

    virtual ~Policy() = default;
    [[nodiscard]] virtual const std::string& id() const = 0;
    [[nodiscard]] virtual std::uint64_t serial() const = 0;
    [[nodiscard]] virtual std::optional<WallTime> expires() const = 0;
    [[nodiscard]] virtual bool isMonitor() const = 0;
    [[nodiscard]] virtual const std::vector<ProviderEntry>& providers() const = 0;
    [[nodiscard]] virtual const Discovery& discovery() const = 0;
    [[nodiscard]] virtual const std::vector<Site>& sites() const = 0;
    [[nodiscard]] virtual const AuditSettings& audit() const = 0;
    [[nodiscard]] virtual const Limits& limits() const = 0;
    [[nodiscard]] virtual const DetectorSettings& detectors() const = 0;
    [[nodiscard]] virtual FailMode failMode() const = 0;
    [[nodiscard]] virtual std::uint16_t port() const = 0; // 4141 unless set
    // Model alias → "provider/model"; asked names that match no alias are looked up in the providers.
    [[nodiscard]] virtual const std::map<std::string, std::string>& modelAliases() const = 0;
    [[nodiscard]] virtual Decision evaluate(const Subject& subject, const std::vector<Finding>& findings) const = 0;
};

// The layers that hold together: machine, signed bundle, user. Each is evaluated on its own and the effects compose, so
// that a lower layer can only be stricter. providers(), audit() … of the set are those of the highest layer that has them.
class PolicySet final {
public:
    explicit PolicySet(std::vector<std::shared_ptr<const Policy>> layers, std::string problem = {});
    [[nodiscard]] Decision evaluate(const Subject& subject, const std::vector<Finding>& findings) const;
    [[nodiscard]] const Policy& primary() const { return *m_layers.front(); }
    [[nodiscard]] const std::vector<std::shared_ptr<const Policy>>& layers() const { return m_layers; }
    // Empty, or why something else than the newest document holds ("policy broken: …"), for tray, status and doctor.
    [[nodiscard]] const std::string& problem() const { return m_problem; }

private:
    std::vector<std::shared_ptr<const Policy>> m_layers; // never empty; highest first
    std::string m_problem;
};

} // namespace gatehouse::policy
