// SPDX-License-Identifier: Apache-2.0
#include "database/devices.h"

namespace gatehouse::collector {

Result<bool> isRevoked(Connection& connection, const Sender& sender) {
    GH_TRY(const Rows rows,
           connection.query("SELECT EXISTS (SELECT 1 FROM device WHERE device = $1 AND is_revoked) OR EXISTS (SELECT 1 "
                            "FROM certificate WHERE serial = $2 AND revoked_at IS NOT NULL)",
                            {ByteView(sender.device), ByteView(sender.serial)}));
    return rows.empty() || rows.number(0, 0) != 0;
}

Result<bool> setRevoked(Connection& connection, const ledger::DeviceId& device, bool isRevoked) {
    GH_TRY(const Rows rows,
           connection.query("UPDATE device SET is_revoked = ($2 <> 0) WHERE device = $1 RETURNING device",
                            {ByteView(device), static_cast<std::int64_t>(isRevoked ? 1 : 0)}));
    return !rows.empty();
}

Result<std::vector<DeviceInfo>> listDevices(Connection& connection) {
    GH_TRY(const Rows rows,
           connection.query(
               "SELECT encode(d.device, 'hex'), d.is_revoked, "
               "to_char(d.last_seen AT TIME ZONE 'UTC', 'YYYY-MM-DD\"T\"HH24:MI:SS\"Z\"'), d.policy_serial, "
               "coalesce((SELECT to_char(max(c.not_after) AT TIME ZONE 'UTC', 'YYYY-MM-DD\"T\"HH24:MI:SS\"Z\"') FROM "
               "certificate c WHERE c.device = d.device AND c.revoked_at IS NULL), ''), "
               "coalesce((SELECT sum(last_sequence)::bigint FROM chain h WHERE h.device = d.device), 0), "
               "(SELECT count(*) FROM alarm a WHERE a.device = d.device AND a.acknowledged_at IS NULL) "
               "FROM device d ORDER BY d.device"));
    std::vector<DeviceInfo> devices;
    for (std::size_t row = 0; row < rows.size(); ++row) {
        const auto text = [&](int column) { return std::string(textOf(rows.bytes(row, column))); };
        devices.push_back({text(0), rows.number(row, 1) != 0, text(2), rows.number(row, 3), text(4),
                           rows.number(row, 5), rows.number(row, 6)});
    }
    return devices;
}

} // namespace gatehouse::collector
