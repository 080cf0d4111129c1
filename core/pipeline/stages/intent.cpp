// SPDX-License-Identifier: Apache-2.0
#include "base/log.h"
#include "pipeline/stages.h"

namespace gatehouse::pipeline {

Task<Step> intent(Request& request) {
    AuditRecord record = request.describe();
    record.outcome = "sent";
    const Result<> committed = co_await request.parts().governor.recordIntent(request.rules, std::move(record));
    if (committed) {
        request.isIntentWritten = true;
        co_return proceed();
    }
    logError("pipeline", "intent not recorded: {}", errorKindWord(committed.error().kind));
    const bool mayStayLocal = request.rules.policy->audit().onFailure == policy::OnAuditFailure::localOnly;
    if (mayStayLocal && request.chosen()->destination.trust == Trust::local) {
        co_return proceed();
    }
    const bool isLocked = committed.error().kind == ErrorKind::denied;
    co_return refuse(isLocked ? RefusalReason::storeLocked : RefusalReason::auditFailed,
                     isLocked ? "The audit store is locked, so nothing may be sent. `gatehousectl doctor` says why."
                              : "The audit could not be written, so nothing was sent. `gatehousectl doctor` says why.");
}

} // namespace gatehouse::pipeline
