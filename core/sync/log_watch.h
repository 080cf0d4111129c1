// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "base/crypto.h"
#include "cms/signed_note.h"
#include "ledger/checkpoint.h"
#include "ledger/merkle_log.h"
#include "sync/collector_link.h"

namespace gatehouse::sync {

struct LogReport {
    std::string problem;        // a sentence for people; empty when all is well
    std::uint64_t size = 0;     // leaves of the newest checkpoint that was checked
    std::uint64_t unproven = 0; // receipts whose place in the log was not proven yet
};

// Holds the collector to its log: remembers the newest checkpoint and every receipt whose inclusion was not proven, in
// <data>/collector-log.json, and asks for proofs. A log that shrinks, that is another one than before, or whose proofs
// do not fit is a fault that stays, with the checkpoints that show it, until somebody removes the file. One thread at a
// time; blocks for disk and network. Format: docs/collector.md, "The log".
class LogWatch final {
public:
    // `verifierKey` as the policy states it; another one than last time begins anew. invalidInput when it is none.
    [[nodiscard]] static Result<LogWatch> open(const std::string& dataFolder, std::string_view verifierKey);

    // A receipt was given (hashLeaf() of its bytes); durable when it returns. Of more than ten thousand that nobody
    // proved the oldest go, which is a fault.
    [[nodiscard]] Result<> note(const Sha256Digest& leaf, std::int64_t nowMs);
    // Asks for the newest checkpoint and for what is unproven, fifty at a time. An error is the network's or the
    // disk's.
    [[nodiscard]] Result<LogReport> check(CollectorLink& link, std::int64_t nowMs);
    [[nodiscard]] const std::string& fault() const { return m_fault; }

private:
    struct Unproven {
        Sha256Digest leaf{};
        std::int64_t sinceMs = 0;
    };
    explicit LogWatch(std::string path, cms::VerifierKey key) : m_path(std::move(path)), m_key(std::move(key)) {}
    void load(std::string_view verifierKey);
    [[nodiscard]] Result<> save() const;
    [[nodiscard]] Result<std::string> judge(CollectorLink& link, std::int64_t nowMs);
    [[nodiscard]] Result<std::string> follow(CollectorLink& link, const std::string& note,
                                             const ledger::Checkpoint& fresh);
    [[nodiscard]] Result<std::string> proveReceipts(CollectorLink& link, std::int64_t nowMs);
    std::string accuse(std::string sentence, const std::string& note);

    std::string m_path;
    cms::VerifierKey m_key;
    std::string m_keyText;
    std::string m_note; // the newest checkpoint that was checked
    std::optional<ledger::Checkpoint> m_checkpoint;
    std::vector<Unproven> m_unproven;
    std::string m_fault;
    std::vector<std::string> m_evidence;
};

} // namespace gatehouse::sync
