// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "types/action.h"
#include "types/finding.h"
#include "types/interaction.h"
#include "types/usage.h"

namespace gatehouse {

// intent: committed before the first byte leaves. outcome: on every exit; the only record of what never left.
// event: something that happened to the agent itself (policy change, rollback, gap, key).
enum class RecordKind { intent, outcome, event };
// Records from one number to another, both included.
struct SequenceRange {
    std::uint64_t from = 0;
    std::uint64_t to = 0;
    friend bool operator==(const SequenceRange&, const SequenceRange&) = default;
};

std::string_view recordKindWord(RecordKind kind);
std::optional<RecordKind> recordKindFromWord(std::string_view word);

// One entry of the audit: who sent what to which model, and what policy did about it. Values that were found are never
// in it; texts are, apart from the chained bytes and only as policy's audit.content says.
struct AuditRecord {
    RecordKind kind = RecordKind::event;
    std::uint64_t sequence = 0; // set by the writer: gapless from 1
    std::int64_t timeMs = 0;    // set by the writer: Unix milliseconds, UTC
    std::string interaction;
    std::string conversation;
    Person person;
    std::string signIn; // subject that the organisation's sign-in gave; empty where nobody signed in
    Process process;
    std::string client;
    Channel channel = Channel::sdk;
    Direction direction = Direction::prompt;
    std::string surface;
    std::string site;
    Destination destination;
    std::string policyId;
    std::uint64_t policySerial = 0;
    Action action = Action::allow;
    std::string rule;
    std::string outcome; // "sent", "completed", "refused", "client_gone", "upstream_failed", …; for events: what
    std::string reason;  // refusal word, or detail without user text
    std::vector<FindingSummary> findings;
    std::vector<std::string> documents; // in which some of them lie (documentsOf)
    std::string consent;                // to which notice the person agreed, where policy asks for it
    std::string cache;                  // "hit" or "miss", where a cache was asked
    Usage usage;
    Cost costUsd;
    int status = 0; // HTTP status given to the client
    int attempts = 0;
    std::uint64_t latencyMicros = 0;
    std::uint64_t overheadMicros = 0;
    std::string originalHash; // SHA-256 hex; empty when nothing was inspected
    std::string sanitisedHash;
    std::string justification;               // what the person wrote; treated as content
    std::optional<std::string> originalText; // content, kept apart from the chain
    std::optional<std::string> sanitisedText;
    // Of the event "content_erased": whose texts and salts were deleted; ascending, without overlaps.
    std::vector<SequenceRange> erased;
    bool hasErasedTexts = false; // set by readers, not recorded: it committed to texts that are erased now
};

} // namespace gatehouse
