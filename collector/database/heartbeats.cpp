// SPDX-License-Identifier: Apache-2.0
#include "database/heartbeats.h"

#include <algorithm>

#include "database/devices.h"
#include "database/retry.h"

namespace gatehouse::collector {
namespace {

class Beat final {
public:
    Beat(Connection& connection, const Sender& sender, const ledger::Heartbeat& heartbeat, ByteView content)
        : m_connection(connection)
        , m_sender(sender)
        , m_heartbeat(heartbeat)
        , m_content(content) {}

    Result<HeartbeatAnswer> run() {
        GH_TRY(Transaction transaction, Transaction::beginLocking(m_connection));
        GH_TRY(const HeartbeatAnswer answer, judge());
        GH_CHECK(transaction.commit());
        return answer;
    }

private:
    Result<HeartbeatAnswer> judge() {
        GH_CHECK(m_connection.query("INSERT INTO device (device) VALUES ($1) ON CONFLICT DO NOTHING",
                                    {ByteView(m_heartbeat.device)}));
        GH_TRY(const bool isOut, isRevoked(m_connection, m_sender));
        if (isOut) {
            return HeartbeatAnswer{HeartbeatVerdict::revoked};
        }
        GH_CHECK(
            m_connection.query("UPDATE device SET last_seen = now(), policy_serial = $2 WHERE device = $1",
                               {ByteView(m_heartbeat.device), static_cast<std::int64_t>(m_heartbeat.policySerial)}));
        GH_TRY(const bool isKeyKnown, registerKey(m_connection, m_sender, m_heartbeat.key));
        if (!isKeyKnown) {
            return HeartbeatAnswer{HeartbeatVerdict::unknownKey};
        }
        GH_TRY(const ledger::Head farthest, farthestSeen());
        HeartbeatAnswer answer;
        ledger::Head kept = m_heartbeat.head;
        if (farthest.sequence > kept.sequence) {
            answer.verdict = HeartbeatVerdict::rollback;
        } else if (farthest.sequence == kept.sequence && farthest.sequence > 0 && farthest.hash != kept.hash) {
            answer.verdict = HeartbeatVerdict::fork;
        }
        if (answer.verdict != HeartbeatVerdict::taken) {
            GH_TRY(answer.isNewAlarm, raise(answer.verdict == HeartbeatVerdict::fork ? "fork" : "rollback", farthest));
            kept = farthest;
        }
        GH_CHECK(keep(kept));
        return answer;
    }

    // Of this chain, in the device's heartbeats and batches; sequence 0 when there was none, or the chain may begin
    // again.
    Result<ledger::Head> farthestSeen() {
        GH_TRY(
            const Rows rows,
            m_connection.query("SELECT sequence, head FROM (SELECT sequence, head FROM heartbeat WHERE device = $1 AND "
                               "chain = $2 UNION ALL SELECT last_sequence, head FROM chain WHERE device = $1 AND "
                               "chain = $2) AS seen WHERE NOT EXISTS (SELECT 1 FROM chain WHERE device = $1 AND chain "
                               "= $2 AND may_restart) ORDER BY sequence DESC LIMIT 1",
                               {ByteView(m_heartbeat.device), ByteView(m_heartbeat.head.chain)}));
        ledger::Head head{m_heartbeat.head.chain, 0, {}};
        if (!rows.empty()) {
            head.sequence = static_cast<std::uint64_t>(rows.number(0, 0));
            const ByteView hash = rows.bytes(0, 1);
            std::copy_n(hash.begin(), std::min(hash.size(), head.hash.size()), head.hash.begin());
        }
        return head;
    }

    // One alarm for each place that the chain fell behind, however often it says so.
    Result<bool> raise(std::string_view kind, const ledger::Head& farthest) {
        GH_TRY(
            const Rows rows,
            m_connection.query("INSERT INTO alarm (kind, device, chain, sequence, batch) VALUES ($1, $2, $3, $4, $5) "
                               "ON CONFLICT DO NOTHING RETURNING id",
                               {kind, ByteView(m_heartbeat.device), ByteView(farthest.chain),
                                static_cast<std::int64_t>(farthest.sequence), ByteView(farthest.hash)}));
        return !rows.empty();
    }

    Result<> keep(const ledger::Head& head) {
        GH_CHECK(m_connection.query(
            "INSERT INTO heartbeat (device, chain, sequence, head, made_ms, policy_serial, waiting, version, "
            "key_protection, state, content) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11) "
            "ON CONFLICT (device) DO UPDATE SET chain = EXCLUDED.chain, sequence = EXCLUDED.sequence, head = "
            "EXCLUDED.head, made_ms = EXCLUDED.made_ms, received_at = now(), policy_serial = EXCLUDED.policy_serial, "
            "waiting = EXCLUDED.waiting, version = EXCLUDED.version, key_protection = EXCLUDED.key_protection, state = "
            "EXCLUDED.state, content = EXCLUDED.content",
            {ByteView(m_heartbeat.device), ByteView(head.chain), static_cast<std::int64_t>(head.sequence),
             ByteView(head.hash), m_heartbeat.madeMs, static_cast<std::int64_t>(m_heartbeat.policySerial),
             static_cast<std::int64_t>(m_heartbeat.waiting), std::string_view(m_heartbeat.version),
             std::string_view(m_heartbeat.keyProtection), std::string_view(m_heartbeat.state), m_content}));
        return {};
    }

    Connection& m_connection;
    const Sender& m_sender;
    const ledger::Heartbeat& m_heartbeat;
    ByteView m_content;
};

} // namespace

Result<HeartbeatAnswer> takeHeartbeat(Connection& connection, const Sender& sender, const ledger::HeartbeatParts& parts,
                                      ByteView content) {
    return untilItWins([&] { return Beat(connection, sender, parts.heartbeat, content).run(); });
}

} // namespace gatehouse::collector
