// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "audit/audit.h"
#include "base/async.h"
#include "base/clock.h"
#include "base/result.h"
#include "base/snapshot.h"
#include "dlp/engine.h"
#include "dlp/redact.h"
#include "governance/local_model.h"
#include "policy/policy.h"
#include "types/interaction.h"
#include "types/record.h"

// The one governor of every channel: inspect → decide → transform → record. The gateway's pipeline and the browser's
// bridge call the same four verbs; nothing else reaches dlp, policy or audit. gw-io thread; large scans run on the dlp
// pool.
namespace gatehouse::documents {
class Extractor;
}

namespace gatehouse::governance {

// What holds from the start to the end of one interaction: the policy and the engine that was compiled for its
// detectors.
struct Rules {
    std::shared_ptr<const policy::PolicySet> policy;
    std::shared_ptr<const dlp::Engine> engine;
};

// The texts that leave, in the order of Interaction::parts; nullopt where a part stays byte-identical.
using Transformed = std::vector<std::optional<std::string>>;

// One-time permissions for `justify` (and `warn` in chat and browser): bound to person, client, destination, rule and
// the SHA-256 of the content; five minutes; used once.
class Approvals {
public:
    struct Key {
        std::string person;
        std::string client;
        std::string destination; // "provider/model" or the site's host
        std::string rule;
        std::string contentHash; // SHA-256 hex of the parts
    };
    virtual ~Approvals() = default;
    // Remembers what an interaction that was refused (or held) would need.
    virtual void await(const std::string& interaction, Key key) = 0;
    // The person's answer. notFound when the interaction is unknown or expired.
    [[nodiscard]] virtual Result<> grant(const std::string& interaction, std::string justification) = 0;
    // True once per grant: the justification, and the permission is spent.
    [[nodiscard]] virtual std::optional<std::string> consume(const Key& key) = 0;
    static std::unique_ptr<Approvals> create(const Clock& clock);
};

// An answer on its way back: inspects, acts, restores. One per text channel is kept inside; works at any split.
class AnswerGuard {
public:
    struct Step {
        std::string text;              // what the client may have now
        bool isBlocked = false;        // policy blocks: end the stream with the dialect's error
        bool isChanged = false;        // something was redacted in this step
        policy::Decision decision;     // set when isBlocked, or at finish
        std::vector<Finding> findings; // so far in this step
    };
    virtual ~AnswerGuard() = default;
    // `channel` names the place in the answer ("0/content", "0/tool/1/arguments"); contexts differ in escaping.
    // nullopt: nothing is restored.
    [[nodiscard]] virtual Result<Step> push(std::string_view channel, std::string_view text,
                                            std::optional<dlp::RestoreContext> context) = 0;
    [[nodiscard]] virtual Result<Step> finish(std::string_view channel) = 0;
    // Both in one, for the last piece of a channel.
    [[nodiscard]] virtual Result<Step> pushLast(std::string_view channel, std::string_view text,
                                                std::optional<dlp::RestoreContext> context) = 0;
    // True for words of the dialects in which nothing is found: whole() would give them back as they are.
    [[nodiscard]] virtual bool isQuiet(std::string_view text) const = 0;
    // A string that stands for itself (an id, an error's message, a key), inspected whole. `context` is where it lands
    // when it may be restored; nullopt: it is not.
    [[nodiscard]] virtual Result<Step> whole(std::string_view text, std::optional<dlp::RestoreContext> context) = 0;
    // Something that nobody can look into (a picture, a recording): policy says whether it may pass.
    [[nodiscard]] virtual Result<Step> unreadable(std::string why) = 0;
    // All findings of all channels so far.
    [[nodiscard]] virtual const std::vector<Finding>& findings() const = 0;
    // The strictest label so far and its rule; Action::allow while nothing was found.
    [[nodiscard]] virtual const policy::Decision& decision() const = 0;
    // What the answer's record may hold, as policy's audit.content says: the running texts as the model gave them with
    // all findings masked, and (content full) as the client got them. Cut at 1 MiB.
    [[nodiscard]] virtual std::optional<std::string> sanitisedText() const = 0;
    [[nodiscard]] virtual std::optional<std::string> originalText() const = 0;
};

// The texts of a prompt as people read them: its messages, of several with their roles. `texts` are those that leave.
[[nodiscard]] std::string readableText(const Interaction& interaction, const Transformed* texts);
// SHA-256 over all parts with their lengths, as lower-case hex: what an approval is bound to.
[[nodiscard]] std::string contentHash(const Interaction& interaction);

// Whether the texts may go to another machine than this one.
enum class Reach { thisMachine, elsewhere };

class Governor {
public:
    virtual ~Governor() = default;
    // Pins what holds now.
    [[nodiscard]] virtual Rules rules() const = 0;
    // What is elsewhere's is shown to a model on this machine too, where policy asks for its opinion.
    [[nodiscard]] virtual Task<Result<std::vector<Finding>>> inspect(const Rules& rules, const Interaction& interaction,
                                                                     Reach reach) = 0;
    [[nodiscard]] virtual policy::Decision decide(const Rules& rules, const Interaction& interaction,
                                                  const Destination& destination,
                                                  const std::vector<Finding>& findings) const = 0;
    // Redacts what `decision` says, and escapes what looks like a placeholder already. A finding to redact inside an
    // immutable or unreadable part is denied (the caller refuses).
    [[nodiscard]] virtual Result<Transformed> transform(const Rules& rules, const Interaction& interaction,
                                                        const std::vector<Finding>& findings,
                                                        const policy::Decision& decision) = 0;
    // A record with everything known about the interaction filled in, texts as policy's audit.content says.
    [[nodiscard]] virtual AuditRecord describe(const Rules& rules, const Interaction& interaction,
                                               const Destination& destination, const std::vector<Finding>& findings,
                                               const policy::Decision& decision,
                                               const Transformed* transformed) const = 0;
    // denied when the store is locked, else the writer's error: nothing may leave then, except as audit.on_failure
    // says.
    [[nodiscard]] virtual Task<Result<>> recordIntent(const Rules& rules, AuditRecord record) = 0;
    virtual void recordOutcome(AuditRecord record) = 0;
    [[nodiscard]] virtual std::unique_ptr<AnswerGuard> guardAnswer(const Rules& rules, const Interaction& prompt,
                                                                   const Destination& destination, bool restores) = 0;
    [[nodiscard]] virtual Approvals& approvals() = 0;
    // Words for people: what was found (kinds and counts), which rule, what they can do. Never a value.
    [[nodiscard]] virtual std::string explain(const std::vector<Finding>& findings, const policy::Decision& decision,
                                              Channel channel) const = 0;
};

struct GovernorParts {
    const Snapshot<Rules>& rules;
    audit::Writer& audit;
    dlp::Vault& vault;
    const Clock& clock;
    const documents::Extractor* extractor = nullptr; // null: attached documents are unreadable
    LocalModel* model = nullptr;                     // null: a second opinion is asked for in vain
};
std::unique_ptr<Governor> makeGovernor(GovernorParts parts);

} // namespace gatehouse::governance
