// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <map>
#include <optional>

#include "ledger/chain.h"
#include "types/record.h"

namespace gatehouse::ledger {

// Tells texts that were erased, of which a later record says so, from texts that somebody took away. Feed it every
// record of a chain from the first one that is at hand, in order, then ask.
class ErasureCheck final {
public:
    // `missing`: how many texts the record committed to that are not kept.
    void feed(const Entry& entry, std::uint64_t missing);
    // Texts that are gone and accounted for.
    [[nodiscard]] std::uint64_t erased() const { return m_accounted; }
    // The first record whose text is gone although no record says that it was erased.
    [[nodiscard]] std::optional<ChainFault> fault() const;

private:
    // Shrinks with each record about an erasure, which always comes after the records that it is about.
    std::map<std::uint64_t, std::uint64_t> m_missing; // record → texts
    std::uint64_t m_accounted = 0;
};

} // namespace gatehouse::ledger
