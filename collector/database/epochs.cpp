// SPDX-License-Identifier: Apache-2.0
#include "database/epochs.h"

#include "base/crypto.h"
#include "database/retry.h"
#include "ledger/merkle_log.h"

namespace gatehouse::collector {
namespace {

constexpr std::size_t kMaxReason = 500;

// Which of the device's chains is meant.
Result<Bytes> chainInConflict(Connection& connection, const ledger::DeviceId& device,
                              const std::optional<ledger::ChainId>& chain) {
    const ByteView wanted = chain ? ByteView(*chain) : ByteView();
    GH_TRY(const Rows rows,
           connection.query("SELECT DISTINCT chain FROM alarm a JOIN chain USING (device, chain) WHERE device = $1 AND "
                            "($2 = ''::bytea OR chain = $2) AND a.kind IN ('fork', 'rollback') AND a.acknowledged_at "
                            "IS NULL",
                            {ByteView(device), wanted}));
    if (rows.empty()) {
        return fail(ErrorKind::notFound, "the device is in no conflict");
    }
    if (rows.size() > 1) {
        return fail(ErrorKind::conflict, "several of the device's chains are in conflict: say which one, --chain");
    }
    const ByteView found = rows.bytes(0, 0);
    return Bytes(found.begin(), found.end());
}

Result<std::string> allowOnce(Connection& connection, const ledger::DeviceId& device,
                              const std::optional<ledger::ChainId>& wanted, std::string_view reason,
                              std::int64_t nowMs) {
    GH_TRY(Transaction transaction, Transaction::begin(connection));
    GH_TRY(const Bytes chain, chainInConflict(connection, device, wanted));
    GH_TRY(const Rows rows,
           connection.query("UPDATE chain SET may_restart = true WHERE device = $1 AND chain = $2 RETURNING epoch + 1, "
                            "last_sequence, encode(head, 'hex')",
                            {ByteView(device), ByteView(chain)}));
    const std::string statement = "gatehouse/epoch/v1\n" + hexEncode(device) + "\n" + hexEncode(chain) + "\n" +
                                  std::to_string(rows.number(0, 0)) + "\n" + std::to_string(rows.number(0, 1)) + "\n" +
                                  std::string(textOf(rows.bytes(0, 2))) + "\n" + std::to_string(nowMs) + "\n" +
                                  base64Encode(bytesOf(reason)) + "\n";
    GH_CHECK(connection.query("INSERT INTO chain_epoch (device, chain, epoch, left_sequence, left_head, statement) "
                              "SELECT device, chain, epoch + 1, last_sequence, head, $3 FROM chain WHERE device = $1 "
                              "AND chain = $2 ON CONFLICT (device, chain, epoch) DO UPDATE SET statement = "
                              "EXCLUDED.statement, left_sequence = EXCLUDED.left_sequence, left_head = "
                              "EXCLUDED.left_head, allowed_at = now()",
                              {ByteView(device), ByteView(chain), std::string_view(statement)}));
    GH_CHECK(connection.query("UPDATE alarm SET acknowledged_at = now() WHERE device = $1 AND chain = $2 AND kind IN "
                              "('fork', 'rollback') AND acknowledged_at IS NULL",
                              {ByteView(device), ByteView(chain)}));
    const Sha256Digest leaf = ledger::hashLeaf(bytesOf(statement));
    GH_CHECK(connection.query("INSERT INTO log_pending (hash) VALUES ($1)", {ByteView(leaf)}));
    GH_CHECK(transaction.commit());
    return statement;
}

} // namespace

Result<std::string> allowRestart(Connection& connection, const ledger::DeviceId& device,
                                 const std::optional<ledger::ChainId>& chain, std::string_view reason,
                                 std::int64_t nowMs) {
    if (reason.empty() || reason.size() > kMaxReason) {
        return fail(ErrorKind::invalidInput, "--reason: say why, in at most 500 bytes; it goes into the log");
    }
    return untilItWins([&] { return allowOnce(connection, device, chain, reason, nowMs); });
}

Result<std::vector<EpochInfo>> listEpochs(Connection& connection, const ledger::DeviceId& device) {
    GH_TRY(const Rows rows,
           connection.query("SELECT statement, coalesce(to_char(begun_at AT TIME ZONE 'UTC', "
                            "'YYYY-MM-DD\"T\"HH24:MI:SS\"Z\"'), ''), coalesce(begun_behind, 0) FROM chain_epoch WHERE "
                            "device = $1 ORDER BY allowed_at",
                            {ByteView(device)}));
    std::vector<EpochInfo> epochs;
    for (std::size_t row = 0; row < rows.size(); ++row) {
        epochs.push_back(
            {std::string(textOf(rows.bytes(row, 0))), std::string(textOf(rows.bytes(row, 1))), rows.number(row, 2)});
    }
    return epochs;
}

} // namespace gatehouse::collector
