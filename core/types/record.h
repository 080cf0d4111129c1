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
};

} // namespace gatehouse
