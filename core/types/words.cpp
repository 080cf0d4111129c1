// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <utility>

#include "types/action.h"
#include "types/record.h"
#include "types/refusal.h"

// The wire words of the closed enums, one table each. A table lists its enumerators in order; the tests walk them all.
namespace gatehouse {
namespace {

constexpr std::array<std::string_view, 7> kActions{"allow", "log", "warn", "justify", "redact", "route-local", "block"};
constexpr std::array<std::string_view, 5> kRedactStyles{"placeholder", "look-alike", "hash", "mask", "remove"};
constexpr std::array<std::string_view, 3> kTrusts{"local", "approved", "external"};
constexpr std::array<std::string_view, 2> kDirections{"prompt", "answer"};
constexpr std::array<std::string_view, 8> kChannels{"sdk",    "chat",   "paste",   "drop",
                                                    "upload", "submit", "network", "clipboard"};
constexpr std::array<std::string_view, 14> kClasses{
    "pii",   "pci",          "phi",       "secret",       "credential", "source-code", "financial",
    "legal", "confidential", "injection", "exfiltration", "harmful",    "unreadable",  "custom"};
constexpr std::array<std::string_view, 3> kRecordKinds{"intent", "outcome", "event"};

template <class Enum, std::size_t count>
std::string_view wordOf(const std::array<std::string_view, count>& words, Enum value) {
    return words.at(static_cast<std::size_t>(value));
}

template <class Enum, std::size_t count>
std::optional<Enum> fromWord(const std::array<std::string_view, count>& words, std::string_view word) {
    const auto found = std::find(words.begin(), words.end(), word);
    if (found == words.end()) {
        return std::nullopt;
    }
    return static_cast<Enum>(found - words.begin());
}

struct RefusalRow {
    RefusalReason reason;
    std::string_view word;
    int status;
};

// The status is one that the vendors' SDKs do not retry (they retry 408, 409, 429 and every 5xx); 429 and 503 are used
// where a retry after a while is right.
constexpr std::array kRefusals{
    RefusalRow{RefusalReason::unauthenticated, "unauthenticated", 401},
    RefusalRow{RefusalReason::forbiddenOrigin, "forbidden_origin", 403},
    RefusalRow{RefusalReason::wrongHost, "wrong_host", 421},
    RefusalRow{RefusalReason::otherUser, "other_user", 403},
    RefusalRow{RefusalReason::malformedRequest, "malformed_request", 400},
    RefusalRow{RefusalReason::unsupportedMedia, "unsupported_media_type", 415},
    RefusalRow{RefusalReason::tooLarge, "too_large", 413},
    RefusalRow{RefusalReason::unknownPath, "unknown_path", 404},
    RefusalRow{RefusalReason::unknownMethod, "method_not_allowed", 405},
    RefusalRow{RefusalReason::unknownModel, "model_not_found", 404},
    RefusalRow{RefusalReason::dlpBlocked, "dlp_blocked", 403},
    RefusalRow{RefusalReason::policyDenied, "policy_denied", 403},
    RefusalRow{RefusalReason::needsJustification, "justification_required", 403},
    RefusalRow{RefusalReason::needsConfirmation, "confirmation_required", 403},
    RefusalRow{RefusalReason::localOnly, "local_only", 403},
    RefusalRow{RefusalReason::referenceDenied, "reference_denied", 403},
    RefusalRow{RefusalReason::limited, "limited", 429},
    RefusalRow{RefusalReason::storeLocked, "store_locked", 403},
    RefusalRow{RefusalReason::auditFailed, "audit_failed", 403},
    RefusalRow{RefusalReason::upstreamFailed, "upstream_failed", 502},
    RefusalRow{RefusalReason::upstreamTimedOut, "upstream_timed_out", 504},
    RefusalRow{RefusalReason::shuttingDown, "shutting_down", 503},
    RefusalRow{RefusalReason::internalError, "internal_error", 500},
};

const RefusalRow& rowOf(RefusalReason reason) {
    const auto* const found = std::find_if(kRefusals.begin(), kRefusals.end(),
                                           [reason](const RefusalRow& row) { return row.reason == reason; });
    return found == kRefusals.end() ? kRefusals.back() : *found;
}

} // namespace

std::string_view actionWord(Action action) {
    return wordOf(kActions, action);
}
std::optional<Action> actionFromWord(std::string_view word) {
    return fromWord<Action>(kActions, word);
}
std::string_view redactStyleWord(RedactStyle style) {
    return wordOf(kRedactStyles, style);
}
std::optional<RedactStyle> redactStyleFromWord(std::string_view word) {
    return fromWord<RedactStyle>(kRedactStyles, word);
}
std::string_view trustWord(Trust trust) {
    return wordOf(kTrusts, trust);
}
std::optional<Trust> trustFromWord(std::string_view word) {
    return fromWord<Trust>(kTrusts, word);
}
std::string_view directionWord(Direction direction) {
    return wordOf(kDirections, direction);
}
std::optional<Direction> directionFromWord(std::string_view word) {
    return fromWord<Direction>(kDirections, word);
}
std::string_view channelWord(Channel channel) {
    return wordOf(kChannels, channel);
}
std::optional<Channel> channelFromWord(std::string_view word) {
    return fromWord<Channel>(kChannels, word);
}
std::string_view findingClassWord(FindingClass findingClass) {
    return wordOf(kClasses, findingClass);
}
std::optional<FindingClass> findingClassFromWord(std::string_view word) {
    return fromWord<FindingClass>(kClasses, word);
}
std::string_view recordKindWord(RecordKind kind) {
    return wordOf(kRecordKinds, kind);
}
std::optional<RecordKind> recordKindFromWord(std::string_view word) {
    return fromWord<RecordKind>(kRecordKinds, word);
}
std::string_view refusalWord(RefusalReason reason) {
    return rowOf(reason).word;
}
int refusalStatus(RefusalReason reason) {
    return rowOf(reason).status;
}

} // namespace gatehouse
