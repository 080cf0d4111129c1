// SPDX-License-Identifier: Apache-2.0
#include "ledger/chain.h"

#include <utility>

namespace gatehouse::ledger {

bool isBreach(std::string_view event) {
    return event == "rollback" || event == "fork" || event == "head_missing" || event == "head_damaged" ||
           event == "journal_damaged";
}

void ChainVerifier::note(std::uint64_t sequence, std::string what) {
    if (!m_fault) {
        m_fault = ChainFault{sequence, std::move(what)};
    }
}

std::optional<Entry> ChainVerifier::feed(ByteView bytes, std::uint64_t storedSequence, ByteView storedHash) {
    const std::uint64_t expected = m_head.sequence + 1;
    if (m_fault) {
        return std::nullopt;
    }
    if (storedSequence != expected) {
        note(expected, storedSequence > expected ? "the record is missing" : "the order is wrong");
        return std::nullopt;
    }
    auto entry = decodeEntry(bytes);
    const Sha256Digest hash = hashEntry(bytes);
    if (!constantTimeEqual(hash, storedHash)) {
        note(expected, "the record does not have the hash that is kept beside it");
    } else if (!entry) {
        note(expected, "the record is malformed: " + entry.error().what);
    } else if (entry->record.sequence != expected) {
        note(expected, "the record carries another number");
    } else if (entry->previous != m_head.hash) {
        note(expected, "the record does not follow the one before it");
    } else if (m_head.sequence != 0 && entry->chain != m_head.chain) {
        note(expected, "the record belongs to another chain");
    }
    if (m_fault) {
        return std::nullopt;
    }
    m_head = Head{entry->chain, expected, hash};
    return std::move(*entry);
}

bool ChainVerifier::checkContent(std::uint64_t sequence, const Commitment& commitment, const Commitment& actual) {
    if (actual && commitment != actual) {
        note(sequence, "a kept text is not the one that was recorded");
    }
    return !m_fault;
}

bool ChainVerifier::checkRemembered(const Head& remembered, const std::optional<Sha256Digest>& hashAtRemembered) {
    if (remembered.sequence == 0 || m_fault) {
        return !m_fault;
    }
    if (remembered.sequence > m_head.sequence) {
        note(m_head.sequence + 1,
             "the newest records are missing: the remembered head is at " + std::to_string(remembered.sequence));
    } else if (remembered.chain != m_head.chain || hashAtRemembered != remembered.hash) {
        note(remembered.sequence, "the record is not the one that was remembered: the chain was rewritten");
    }
    return !m_fault;
}

} // namespace gatehouse::ledger
