// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <QString>

#include "ports/agent_port.h"

namespace gatehouse::ui::text {

// What a notice says: what happened, why, and what to do next.
struct Notice {
    QString title;
    QString sentence;
    QString nextStep; // may be empty

    [[nodiscard]] bool isEmpty() const { return title.isEmpty() && sentence.isEmpty(); }
    friend bool operator==(const Notice&, const Notice&) = default;
};

// A refusal by its word (types/refusal.h). `message` is the gateway's own sentence, which already says what was found
// and which rule: it is the sentence where there is one.
Notice refusalNotice(const QString& code, const QString& message);
// The gateway does not answer.
Notice unreachableNotice(const AgentView& view);
// The answer ended before it was whole.
Notice brokenOffNotice();
// The answer was not in a form that we understand.
Notice nonsenseNotice();
// The person stopped it before the first word of the answer.
Notice stoppedNotice();
// The person said no in the dialog.
Notice declinedNotice();
// The person's yes could not be given to the agent any more.
Notice approvalExpiredNotice();
// The model list could not be fetched.
Notice modelsFailedNotice();

} // namespace gatehouse::ui::text
