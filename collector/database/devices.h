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

// Registers the key that the sender's certificate shows. True when `key` is one that the device ever showed.
[[nodiscard]] Result<bool> registerKey(Connection& connection, const Sender& sender, const Sha256Digest& key);

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
    // Of its last heartbeat; empty when there was none.
    std::string heartbeat; // UTC
    std::string version;
    std::string keyProtection;
    std::string state;
    std::int64_t waiting = 0;           // batches
    std::int64_t clockAheadSeconds = 0; // of the collector's
};
// By name. With `silentMinutes` above 0 only those that are admitted and said nothing for so long.
[[nodiscard]] Result<std::vector<DeviceInfo>> listDevices(Connection& connection, std::int64_t silentMinutes);

struct FleetCounts {
    std::int64_t devices = 0;  // that are admitted
    std::int64_t silent = 0;   // of them, without a heartbeat for fifteen minutes
    std::int64_t alarms = 0;   // that nobody acknowledged
    std::int64_t unlogged = 0; // receipts that wait for the log
};
[[nodiscard]] Result<FleetCounts> countFleet(Connection& connection);

} // namespace gatehouse::collector
