// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "ledger/batch_body.h"
#include "ledger/chain.h"
#include "ledger/content.h"

namespace gatehouse::test {

// Records of one chain, numbered from behind `head`, which moves on to the last of them. Each has a sanitised text.
inline std::vector<ledger::BatchRecord> makeRecords(ledger::Head& head, std::size_t count,
                                                    const std::string& text = "hello") {
    std::vector<ledger::BatchRecord> records;
    for (std::size_t i = 0; i < count; ++i) {
        ledger::ExportedContent content;
        content.of = ledger::ExportedContent::Of::sanitised;
        content.salt.fill(static_cast<std::uint8_t>(i + 1));
        content.content.text = text;
        ledger::Entry entry;
        entry.chain = head.chain;
        entry.previous = head.hash;
        entry.bootId.fill(0x33);
        entry.record.kind = RecordKind::intent;
        entry.record.sequence = head.sequence + 1;
        entry.record.timeMs = 1'800'000'000'000 + static_cast<std::int64_t>(head.sequence);
        entry.record.interaction = "I" + std::to_string(head.sequence + 1);
        entry.record.outcome = "sent";
        entry.sanitised = ledger::commitContent(content.salt, ledger::encodeContent(content.content));
        ledger::BatchRecord record{ledger::encodeEntry(entry), {content}};
        head.hash = ledger::hashEntry(record.bytes);
        head.sequence += 1;
        records.push_back(std::move(record));
    }
    return records;
}

inline ledger::Head newChain(std::uint8_t name = 0x22) {
    ledger::Head head;
    head.chain.fill(name);
    return head;
}

} // namespace gatehouse::test
