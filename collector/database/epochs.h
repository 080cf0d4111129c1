// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "database/connection.h"
#include "ledger/batch.h"

// A device in conflict whose history an operator looked at. Nothing is deleted: a chain gets a new epoch, which begins
// behind a record that is kept of the one before. Format of the statement: docs/formats/audit-batch.md, "Epochs".
namespace gatehouse::collector {

// Lets the device's chain in conflict begin again, once, and acknowledges its alarms; the statement becomes a leaf of
// the log in the same transaction. Gives the statement. notFound when no chain of the device is in conflict, conflict
// when several are and `chain` is not given, invalidInput when the reason has not 1 to 500 bytes.
[[nodiscard]] Result<std::string> allowRestart(Connection& connection, const ledger::DeviceId& device,
                                               const std::optional<ledger::ChainId>& chain, std::string_view reason,
                                               std::int64_t nowMs);

struct EpochInfo {
    std::string statement;
    std::string begun; // time; empty while the device did not come yet
    std::int64_t begunBehind = 0;
};
[[nodiscard]] Result<std::vector<EpochInfo>> listEpochs(Connection& connection, const ledger::DeviceId& device);

} // namespace gatehouse::collector
