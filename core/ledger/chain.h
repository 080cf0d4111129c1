// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "base/bytes.h"
#include "base/crypto.h"
#include "base/result.h"
#include "ledger/record_codec.h"

// The chain: each record holds the hash of the one before. Editing, inserting, dropping or reordering shows at the
// first record that was touched. What a chain alone cannot show (a tail cut off, all of it rewritten) the head does:
// see audit/head_file.h.
namespace gatehouse::ledger {

struct Head {
    ChainId chain{};
    std::uint64_t sequence = 0; // of the newest record; 0: none yet
    Sha256Digest hash{};        // of the newest record; all zero: none yet
    friend bool operator==(const Head&, const Head&) = default;
};

// True for the events (an entry's outcome) after which the record is known to be incomplete or changed.
bool isBreach(std::string_view event);

// The first thing that is wrong.
struct ChainFault {
    std::uint64_t sequence = 0; // the record that is bad or missing
    std::string what;           // a sentence without user text
};

// Walks a chain from its first record, or from a later one when its predecessor is given. Feed it the records in the
// order in which they are kept.
class ChainVerifier final {
public:
    ChainVerifier() = default;
    // Goes on behind `before`, which is taken as good.
    explicit ChainVerifier(const Head& before) : m_head(before) {}
    // The entry, decoded, when it continues the chain; otherwise the fault, which every later call repeats.
    // `storedHash` and `storedSequence` are what the keeper (database, export) says beside the bytes.
    [[nodiscard]] std::optional<Entry> feed(ByteView bytes, std::uint64_t storedSequence, ByteView storedHash);
    // Checks a record's content against its commitment; erased content (nothing kept) is fine.
    bool checkContent(std::uint64_t sequence, const Commitment& commitment, const Commitment& actual);
    // Checks that a head which was remembered elsewhere lies on the chain that was fed. Call it last.
    bool checkRemembered(const Head& remembered, const std::optional<Sha256Digest>& hashAtRemembered);
    [[nodiscard]] const std::optional<ChainFault>& fault() const { return m_fault; }
    [[nodiscard]] const Head& head() const { return m_head; }

private:
    void note(std::uint64_t sequence, std::string what);

    Head m_head;
    std::optional<ChainFault> m_fault;
};

} // namespace gatehouse::ledger
