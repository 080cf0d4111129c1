// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <vector>

#include "database/connection.h"
#include "database/ingest.h"

// Who may talk to the collector, and what it knows of each device.
namespace gatehouse::collector {

// True when the device or the certificate that it shows is revoked.
[[nodiscard]] Result<bool> isRevoked(Connection& connection, const Sender& sender);

// Refuses a device from its next request on, or admits it again. False when there is no such device.
[[nodiscard]] Result<bool> setRevoked(Connection& connection, const ledger::DeviceId& device, bool isRevoked);

struct DeviceInfo {
    std::string device; // hex
    bool isRevoked = false;
    std::string lastSeen; // UTC
    std::int64_t policySerial = 0;
    std::string certificateEnds; // UTC; empty when none was issued here
    std::int64_t records = 0;    // of all its chains
    std::int64_t alarms = 0;     // that nobody acknowledged
};
// By name.
[[nodiscard]] Result<std::vector<DeviceInfo>> listDevices(Connection& connection);

} // namespace gatehouse::collector
