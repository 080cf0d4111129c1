// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <vector>

#include "base/bytes.h"
#include "base/result.h"
#include "ledger/export_file.h"

// What a batch holds inside its seal, before it is compressed. Format: docs/formats/audit-batch.md.
namespace gatehouse::ledger {

inline constexpr std::size_t kMaxBatchBody = 12UL * 1024UL * 1024UL; // bytes, uncompressed

struct BatchRecord {
    Bytes bytes;                           // the record's canonical bytes
    std::vector<ExportedContent> contents; // the texts that go with it, where policy sends them
};

Bytes encodeBatchBody(const std::vector<BatchRecord>& records);
// corrupt for anything that encodeBatchBody would not have written, limit above 12 MiB. What the records say, and
// whether they follow each other, is not looked at.
[[nodiscard]] Result<std::vector<BatchRecord>> decodeBatchBody(ByteView bytes);

} // namespace gatehouse::ledger
