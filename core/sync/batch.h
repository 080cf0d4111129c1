// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/bytes.h"
#include "base/result.h"
#include "cms/device_key.h"
#include "cms/envelope.h"
#include "ledger/batch.h"
#include "ledger/batch_body.h"
#include "ledger/clear_rows.h"

// Records become a sealed and signed batch, and an auditor's key opens it again. Pure functions, any thread. Format:
// docs/formats/audit-batch.md.
namespace gatehouse::sync {

struct BatchPlan {
    ledger::DeviceId device{};
    ledger::Head before; // of the record before the first; chain filled in, sequence 0 at the begin of the chain
    std::vector<ledger::BatchRecord> records;
    std::int64_t madeMs = 0;
    std::uint64_t policySerial = 0;
    std::optional<Sha256Digest> lastReceipt{};
    std::vector<ledger::ClearField> clear{}; // what the collector may read of each record
};

// The bytes of the batch file. Walks the records first: what does not continue the chain behind `before` is corrupt.
// invalidInput when the certificates cannot be sealed to.
[[nodiscard]] Result<Bytes> makeBatch(const BatchPlan& plan, const cms::DeviceKey& key,
                                      std::string_view certificatesPem);

// The form, the signature and the hash of the sealed part; what can be told without an auditor's key. denied when the
// signature does not fit.
[[nodiscard]] Result<ledger::BatchParts> checkBatch(ByteView bytes);

struct OpenedBatch {
    ledger::BatchHeader header;
    std::vector<ledger::BatchRecord> records;
};

// checkBatch(), then opens, and checks that the records are those which the header says: each of them, their order,
// their texts, the Merkle root, and that its clear part says the same. denied when it was not sealed for this key.
[[nodiscard]] Result<OpenedBatch> openBatch(ByteView bytes, const cms::OpeningKey& key);

} // namespace gatehouse::sync
