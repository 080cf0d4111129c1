// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <vector>

#include "audit/chain_reader.h"
#include "records_fixture.h"

namespace gatehouse::test {

// A chain in memory, with one more record for each append().
class MadeChain final : public audit::ChainReader {
public:
    explicit MadeChain(std::uint8_t name = 0x22) : m_heads{newChain(name)} {}

    void append(std::size_t count, const std::string& text = "hello") {
        for (std::size_t i = 0; i < count; ++i) {
            ledger::Head head = m_heads.back();
            for (auto& record : makeRecords(head, 1, text)) {
                m_records.push_back(std::move(record));
            }
            m_heads.push_back(head);
        }
    }
    void cutOffBehind(std::size_t count) {
        m_records.resize(count);
        m_heads.resize(count + 1);
    }

    Result<std::vector<ledger::BatchRecord>> after(std::uint64_t sequence, const Wanted& wanted) override {
        std::vector<ledger::BatchRecord> some;
        for (std::size_t i = sequence; i < m_records.size() && some.size() < wanted.records; ++i) {
            some.push_back(m_records[i]);
        }
        return some;
    }
    Result<ledger::Head> headAt(std::uint64_t sequence) override {
        if (m_records.empty() || sequence >= m_heads.size()) {
            return fail(ErrorKind::notFound, "none");
        }
        return m_heads[sequence];
    }
    Result<std::uint64_t> newest() override { return m_records.size(); }

private:
    std::vector<ledger::BatchRecord> m_records;
    std::vector<ledger::Head> m_heads;
};

} // namespace gatehouse::test
