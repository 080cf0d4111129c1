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

Result<bool> registerKey(Connection& connection, const Sender& sender, const Sha256Digest& key) {
    const Sha256Digest shown = sha256(sender.publicKey);
    GH_CHECK(connection.query("INSERT INTO device_key (device, key_id, public_key) VALUES ($1, $2, $3) "
                              "ON CONFLICT DO NOTHING",
                              {ByteView(sender.device), ByteView(shown), ByteView(sender.publicKey)}));
    GH_TRY(const Rows rows, connection.query("SELECT 1::bigint FROM device_key WHERE device = $1 AND key_id = $2",
                                             {ByteView(sender.device), ByteView(key)}));
    return !rows.empty();
}

Result<std::vector<DeviceInfo>> listDevices(Connection& connection, std::int64_t silentMinutes) {
    GH_TRY(
        const Rows rows,
        connection.query(
            "SELECT encode(d.device, 'hex'), d.is_revoked, "
            "to_char(d.last_seen AT TIME ZONE 'UTC', 'YYYY-MM-DD\"T\"HH24:MI:SS\"Z\"'), d.policy_serial, "
            "coalesce((SELECT to_char(max(c.not_after) AT TIME ZONE 'UTC', 'YYYY-MM-DD\"T\"HH24:MI:SS\"Z\"') FROM "
            "certificate c WHERE c.device = d.device AND c.revoked_at IS NULL), ''), "
            "coalesce((SELECT sum(last_sequence)::bigint FROM chain h WHERE h.device = d.device), 0), "
            "(SELECT count(*) FROM alarm a WHERE a.device = d.device AND a.acknowledged_at IS NULL), "
            "coalesce(to_char(b.received_at AT TIME ZONE 'UTC', 'YYYY-MM-DD\"T\"HH24:MI:SS\"Z\"'), ''), "
            "coalesce(b.version, ''), coalesce(b.key_protection, ''), coalesce(b.state, ''), coalesce(b.waiting, 0), "
            "coalesce((b.made_ms - extract(epoch FROM b.received_at) * 1000)::bigint / 1000, 0) "
            "FROM device d LEFT JOIN heartbeat b ON b.device = d.device "
            "WHERE $1 = 0 OR (NOT d.is_revoked AND coalesce(b.received_at, d.first_seen) < now() - $1 * interval "
            "'1 minute') ORDER BY d.device",
            {silentMinutes}));
    std::vector<DeviceInfo> devices;
    for (std::size_t row = 0; row < rows.size(); ++row) {
        const auto text = [&](int column) { return std::string(textOf(rows.bytes(row, column))); };
        devices.push_back({text(0), rows.number(row, 1) != 0, text(2), rows.number(row, 3), text(4),
                           rows.number(row, 5), rows.number(row, 6), text(7), text(8), text(9), text(10),
                           rows.number(row, 11), rows.number(row, 12)});
    }
    return devices;
}

Result<FleetCounts> countFleet(Connection& connection) {
    GH_TRY(const Rows rows,
           connection.query("SELECT (SELECT count(*) FROM device WHERE NOT is_revoked), "
                            "(SELECT count(*) FROM device d LEFT JOIN heartbeat b ON b.device = d.device WHERE NOT "
                            "d.is_revoked AND coalesce(b.received_at, d.first_seen) < now() - interval '15 minutes'), "
                            "(SELECT count(*) FROM alarm WHERE acknowledged_at IS NULL), "
                            "(SELECT count(*) FROM log_pending)"));
    return FleetCounts{rows.number(0, 0), rows.number(0, 1), rows.number(0, 2), rows.number(0, 3)};
}

} // namespace gatehouse::collector
