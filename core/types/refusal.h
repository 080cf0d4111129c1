// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <string_view>

namespace gatehouse {

// Why a request was refused: a closed set, whose words appear in bodies, records and the UI alike.
enum class RefusalReason {
    unauthenticated,
    forbiddenOrigin,
    wrongHost,
    otherUser,
    malformedRequest,
    unsupportedMedia,
    tooLarge,
    unknownPath,
    unknownMethod,
    unknownModel,
    dlpBlocked,
    policyDenied,
    needsJustification, // the person must say why (any channel)
    needsConfirmation,  // the person must say yes (chat and browser only; an SDK call with `warn` proceeds)
    localOnly,
    referenceDenied,
    limited,
    storeLocked,
    auditFailed,
    upstreamFailed,
    upstreamTimedOut,
    shuttingDown,
    internalError,
};

struct Refusal {
    RefusalReason reason = RefusalReason::internalError;
    std::string message;     // for the person: what was found (kind and count), which rule, what they can do; no value
    std::string rule;        // id of the policy rule, empty when none decided
    std::string interaction; // id in the audit
    std::string call{};      // JSON-RPC: the id of the call that is refused, as JSON; empty where there is none
};

std::string_view refusalWord(RefusalReason reason); // "dlp_blocked", …
int refusalStatus(RefusalReason reason);            // HTTP status

} // namespace gatehouse
