// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "base/async.h"
#include "base/clock.h"
#include "bridge/sender.h"
#include "governance/governor.h"
#include "ipc/messages.h"
#include "types/interaction.h"
#include "types/refusal.h"

namespace gatehouse::bridge {

// The verdicts of one session: a text that wants to enter a page passes the governor's four verbs and comes back as an
// answer. What needs the person (`warn`, `justify`) is kept here until they answered, for five minutes at most. Every
// failure on the way is a refusal. gw-io thread.
class Judge final {
public:
    Judge(governance::Governor& governor, const Clock& clock);
    // What still waits is recorded as refused.
    ~Judge();
    Judge(const Judge&) = delete;
    Judge& operator=(const Judge&) = delete;

    [[nodiscard]] Task<ipc::VerdictReply> judge(Sender sender, ipc::VerdictRequest request);
    // A file by its text, or by what the governor reads in the document that it is; without both it is of class
    // unreadable. Nothing can be replaced in a file: what would be redacted is refused.
    [[nodiscard]] Task<ipc::VerdictReply> judgeFile(Sender sender, ipc::FileBegin file, std::optional<std::string> text,
                                                    std::optional<std::string> document = std::nullopt);
    // The rest of a verdict that waited; a refusal when it is unknown, expired or declined.
    [[nodiscard]] Task<ipc::VerdictReply> settle(ipc::AnswerRequest answer);
    // Writes what the browser reports (no content) into the audit.
    void report(const Sender& sender, const ipc::EventReport& event);
    [[nodiscard]] std::size_t waitingCount() const { return m_waiting.size(); }

private:
    // One text on its way, with everything that was pinned at its start.
    struct Case {
        governance::Rules rules;
        Interaction interaction;
        Destination destination;
        std::vector<Finding> findings;
        policy::Decision decision;
        MonotonicTime since;
        bool keepsHtml = false;
    };

    Case caseOf(Interaction interaction);
    Task<ipc::VerdictReply> consider(Case item, bool hasHtml);
    Task<ipc::VerdictReply> proceed(Case item);
    Task<ipc::VerdictReply> release(Case item, std::string justification);
    ipc::VerdictReply hold(Case item, governance::Approvals::Key key);
    ipc::VerdictReply refuse(const Case& item, Action action, RefusalReason reason);
    ipc::VerdictReply replyOf(const Case& item, Action action) const;
    AuditRecord recordOf(const Case& item, RecordKind kind, const governance::Transformed* transformed) const;
    void dropExpired();

    governance::Governor& m_governor;
    const Clock& m_clock;
    std::map<std::string, Case> m_waiting; // by interaction; ids are ordered by time
};

} // namespace gatehouse::bridge
