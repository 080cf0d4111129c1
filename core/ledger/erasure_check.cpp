// SPDX-License-Identifier: Apache-2.0
#include "ledger/erasure_check.h"

namespace gatehouse::ledger {

void ErasureCheck::feed(const Entry& entry, std::uint64_t missing) {
    if (missing > 0) {
        m_missing[entry.record.sequence] = missing;
    }
    for (const SequenceRange& range : entry.record.erased) {
        const auto begin = m_missing.lower_bound(range.from);
        const auto end = m_missing.upper_bound(range.to);
        for (auto gone = begin; gone != end; ++gone) {
            m_accounted += gone->second;
        }
        m_missing.erase(begin, end);
    }
}

std::optional<ChainFault> ErasureCheck::fault() const {
    if (m_missing.empty()) {
        return std::nullopt;
    }
    return ChainFault{m_missing.begin()->first,
                      "a text that was recorded is gone, and no record says that it was erased"};
}

} // namespace gatehouse::ledger
