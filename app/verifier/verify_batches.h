// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "base/result.h"
#include "ledger/batch.h"
#include "ledger/chain.h"

namespace gatehouse::verifier {

// What a collector, or a carrier, holds of one device's chain: sealed, so that the records themselves are not looked
// at, but signed, so that a changed, missing or foreign batch shows.
struct BatchesReport {
    ledger::DeviceId device{};
    std::uint64_t first = 0;
    std::uint64_t batches = 0; // found good
    ledger::Head head;
    std::vector<std::string> keys;           // of the device, by SHA-256 in hex, in the order of their first use
    std::optional<ledger::ChainFault> fault; // the first record that is bad or missing
    std::string badFile;                     // where, when a file is to blame
    [[nodiscard]] bool isIntact() const { return !fault; }
};

// True for a file that begins like a batch.
bool isBatchFile(const std::string& path);

// Checks each file's form, its signature, and that together they are one chain of one device without a gap; the same
// batch twice is fine. `files` in any order. `keys` (SHA-256 in hex): only these may have signed; empty: any. Errors:
// notFound, unavailable (a file cannot be read), invalidInput (no file, or `head` is no SHA-256).
[[nodiscard]] Result<BatchesReport> verifyBatches(const std::vector<std::string>& files,
                                                  const std::vector<std::string>& keys, const std::string& head);

// Prints the report on stdout, for people or as one JSON object, and gives the exit code: 0 intact, 1 not.
int printBatchesReport(const BatchesReport& report, bool isJson);

} // namespace gatehouse::verifier
