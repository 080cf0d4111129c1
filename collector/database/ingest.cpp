// SPDX-License-Identifier: Apache-2.0
#include "database/ingest.h"

#include <algorithm>

#include "database/devices.h"
#include "database/records.h"
#include "database/retry.h"
#include "ledger/merkle_log.h"
#include "ledger/receipt.h"

namespace gatehouse::collector {
namespace {

constexpr std::int64_t kMaxEvidence = 100; // contradictions that are kept of one device

class Ingest final {
public:
    Ingest(Connection& connection, const Sender& sender, const ledger::BatchParts& batch, const Content& content,
           const cms::DeviceKey& receiptKey, std::int64_t nowMs)
        : m_connection(connection)
        , m_sender(sender)
        , m_header(batch.header)
        , m_clear(batch.clear)
        , m_content(content)
        , m_receiptKey(receiptKey)
        , m_nowMs(nowMs)
        , m_name(ledger::hashBatch(batch.headerBytes))
        , m_object(objectName(batch)) {}

    Result<Answer> run() {
        GH_TRY(Transaction transaction, Transaction::begin(m_connection));
        GH_TRY(Answer answer, judge());
        GH_CHECK(transaction.commit());
        return answer;
    }

private:
    Result<Answer> judge() {
        GH_TRY(const bool isRevoked, noteDevice());
        if (isRevoked) {
            return Answer{Verdict::revoked, {}, {}};
        }
        GH_TRY(const bool isKeyKnown, registerKey(m_connection, m_sender, m_header.key));
        if (!isKeyKnown) {
            return Answer{Verdict::unknownKey, {}, {}};
        }
        GH_TRY(const Rows rows, m_connection.query("SELECT last_sequence, head, epoch, may_restart FROM chain WHERE "
                                                   "device = $1 AND chain = $2 FOR UPDATE",
                                                   {ByteView(m_header.device), ByteView(m_header.chain)}));
        ledger::Head head{m_header.chain, 0, {}};
        if (!rows.empty()) {
            head.sequence = static_cast<std::uint64_t>(rows.number(0, 0));
            const ByteView hash = rows.bytes(0, 1);
            std::copy_n(hash.begin(), std::min(hash.size(), head.hash.size()), head.hash.begin());
            m_epoch = rows.number(0, 2);
            m_mayRestart = rows.number(0, 3) != 0;
        }
        if (m_header.from > head.sequence + 1) {
            return Answer{Verdict::gap, {}, head};
        }
        if (m_header.from == head.sequence + 1) {
            return m_header.before == head.hash ? append(head) : contradict("fork", Verdict::fork, head);
        }
        return judgeOld(head);
    }

    // True when the device was revoked.
    Result<bool> noteDevice() {
        GH_CHECK(m_connection.query("INSERT INTO device (device) VALUES ($1) ON CONFLICT DO NOTHING",
                                    {ByteView(m_header.device)}));
        GH_TRY(const Rows rows,
               m_connection.query("UPDATE device SET last_seen = now(), policy_serial = $2 WHERE device = $1 "
                                  "RETURNING is_revoked OR EXISTS (SELECT 1 FROM certificate WHERE serial = $3 AND "
                                  "revoked_at IS NOT NULL)",
                                  {ByteView(m_header.device), static_cast<std::int64_t>(m_header.policySerial),
                                   ByteView(m_sender.serial)}));
        return rows.empty() || rows.number(0, 0) != 0;
    }

    Result<Answer> append(const ledger::Head& head) {
        if (m_content.place == Place::missing) { // the chain was elsewhere when it was looked at
            return fail(ErrorKind::unavailable, "the batch is not in the object store yet");
        }
        Answer answer;
        if (head.sequence == 0) {
            GH_TRY(answer.isNewAlarm, checkNewChain());
        }
        const ledger::Receipt receipt{m_header.device, m_header.chain, m_header.from, m_header.to,
                                      m_header.head,   m_name,         m_nowMs};
        const Bytes bytes = ledger::encodeReceipt(receipt);
        GH_TRY(const Bytes signature, m_receiptKey.sign(ledger::receiptSigningInput(bytes)));
        answer.receipt = ledger::writeReceipt(bytes, signature);
        const bool isElsewhere = m_content.place == Place::objects;
        const auto from = static_cast<std::int64_t>(m_header.from);
        const auto to = static_cast<std::int64_t>(m_header.to);
        GH_CHECK(m_connection.query(
            "INSERT INTO chain (device, chain, last_sequence, head) VALUES ($1, $2, $3, $4) "
            "ON CONFLICT (device, chain) DO UPDATE SET last_sequence = EXCLUDED.last_sequence, head = EXCLUDED.head",
            {ByteView(m_header.device), ByteView(m_header.chain), to, ByteView(m_header.head)}));
        GH_CHECK(m_connection.query(
            "INSERT INTO batch (device, chain, from_sequence, to_sequence, before, head, name, received_at, receipt, "
            "content, object, epoch) VALUES ($1, $2, $3, $4, $5, $6, $7, to_timestamp($8 / 1000.0), $9, CASE WHEN $11 "
            "= '' THEN $10 END, nullif($11, ''), $12)",
            {ByteView(m_header.device), ByteView(m_header.chain), from, to, ByteView(m_header.before),
             ByteView(m_header.head), ByteView(m_name), m_nowMs, ByteView(answer.receipt),
             isElsewhere ? ByteView() : m_content.bytes, isElsewhere ? std::string_view(m_object) : std::string_view(),
             m_epoch}));
        const Sha256Digest leaf = ledger::hashLeaf(bytes);
        GH_CHECK(m_connection.query("INSERT INTO log_pending (hash) VALUES ($1)", {ByteView(leaf)}));
        if (!m_clear.empty()) {
            GH_TRY(const auto rows, ledger::decodeClearRows(m_clear, m_header.from, m_header.to));
            GH_CHECK(keepClearRows(m_connection, m_header, m_epoch, rows));
        }
        answer.verdict = Verdict::stored;
        return answer;
    }

    // A chain that another device has, or a second chain of the same device: worth a look, but no reason to refuse.
    Result<bool> checkNewChain() {
        GH_TRY(const Rows rows,
               m_connection.query("SELECT (SELECT count(*) FROM chain WHERE chain = $2 AND device <> $1), "
                                  "(SELECT count(*) FROM chain WHERE device = $1 AND chain <> $2)",
                                  {ByteView(m_header.device), ByteView(m_header.chain)}));
        if (rows.number(0, 0) > 0) {
            return raise("cloned_chain");
        }
        return rows.number(0, 1) > 0 ? raise("new_chain") : Result<bool>(false);
    }

    // It begins with a record that is there already.
    Result<Answer> judgeOld(const ledger::Head& head) {
        GH_TRY(const Rows rows,
               m_connection.query(
                   "SELECT to_sequence, before, head, receipt FROM batch WHERE "
                   "device = $1 AND chain = $2 AND from_sequence = $3 ORDER BY epoch DESC "
                   "LIMIT 1",
                   {ByteView(m_header.device), ByteView(m_header.chain), static_cast<std::int64_t>(m_header.from)}));
        if (rows.empty()) {
            return contradict("rollback", Verdict::rollback, head);
        }
        // The head stands for every record of the batch: the same records, sealed once more, are a duplicate as well.
        const bool isSame = rows.number(0, 0) == static_cast<std::int64_t>(m_header.to) &&
                            textOf(rows.bytes(0, 1)) == textOf(m_header.before) &&
                            textOf(rows.bytes(0, 2)) == textOf(m_header.head);
        if (!isSame) {
            return contradict("fork", Verdict::fork, head);
        }
        const ByteView receipt = rows.bytes(0, 3);
        return Answer{Verdict::duplicate, Bytes(receipt.begin(), receipt.end()), {}};
    }

    // An operator allowed the chain to begin again behind a record that is kept.
    Result<Answer> restart() {
        GH_TRY(const Rows same,
               m_connection.query("SELECT 1::bigint FROM batch WHERE device = $1 AND chain = $2 AND to_sequence = $3 "
                                  "AND head = $4 LIMIT 1",
                                  {ByteView(m_header.device), ByteView(m_header.chain),
                                   static_cast<std::int64_t>(m_header.from) - 1, ByteView(m_header.before)}));
        if (same.empty() && m_header.from > 1) {
            return askForEarlier();
        }
        m_epoch += 1;
        const auto behind = static_cast<std::int64_t>(m_header.from) - 1;
        GH_CHECK(m_connection.query("UPDATE chain SET epoch = $3, may_restart = false WHERE device = $1 AND chain = $2",
                                    {ByteView(m_header.device), ByteView(m_header.chain), m_epoch}));
        GH_CHECK(m_connection.query("UPDATE chain_epoch SET begun_at = now(), begun_behind = $4 WHERE device = $1 AND "
                                    "chain = $2 AND epoch = $3",
                                    {ByteView(m_header.device), ByteView(m_header.chain), m_epoch, behind}));
        return append({m_header.chain, m_header.from - 1, m_header.before});
    }

    // The batch begins in the middle of one that is kept: the sender may have the record at which that one begins.
    Result<Answer> askForEarlier() {
        GH_TRY(const Rows rows,
               m_connection.query("SELECT to_sequence, head FROM batch WHERE device = $1 AND chain = $2 AND "
                                  "to_sequence < $3 ORDER BY to_sequence DESC, epoch DESC LIMIT 1",
                                  {ByteView(m_header.device), ByteView(m_header.chain),
                                   static_cast<std::int64_t>(m_header.from) - 1}));
        ledger::Head head{m_header.chain, 0, {}};
        if (!rows.empty()) {
            head.sequence = static_cast<std::uint64_t>(rows.number(0, 0));
            const ByteView hash = rows.bytes(0, 1);
            std::copy_n(hash.begin(), std::min(hash.size(), head.hash.size()), head.hash.begin());
        }
        return Answer{Verdict::gap, {}, head};
    }

    Result<Answer> contradict(std::string_view kind, Verdict verdict, const ledger::Head& head) {
        if (m_mayRestart) {
            return restart();
        }
        GH_CHECK(m_connection.query(
            "INSERT INTO contradiction (device, name, chain, from_sequence, to_sequence, received_at, content) "
            "SELECT $1, $2, $3, $4, $5, to_timestamp($6 / 1000.0), $7 "
            "WHERE (SELECT count(*) FROM contradiction WHERE device = $1) < $8 ON CONFLICT DO NOTHING",
            {ByteView(m_header.device), ByteView(m_name), ByteView(m_header.chain),
             static_cast<std::int64_t>(m_header.from), static_cast<std::int64_t>(m_header.to), m_nowMs, m_content.bytes,
             kMaxEvidence}));
        Answer answer{verdict, {}, head};
        GH_TRY(answer.isNewAlarm, raise(kind));
        return answer;
    }

    // True when there was no such alarm yet.
    Result<bool> raise(std::string_view kind) {
        GH_TRY(
            const Rows rows,
            m_connection.query("INSERT INTO alarm (kind, device, chain, sequence, batch) VALUES ($1, $2, $3, $4, $5) "
                               "ON CONFLICT DO NOTHING RETURNING id",
                               {kind, ByteView(m_header.device), ByteView(m_header.chain),
                                static_cast<std::int64_t>(m_header.from), ByteView(m_name)}));
        return !rows.empty();
    }

    Connection& m_connection;
    const Sender& m_sender;
    const ledger::BatchHeader& m_header;
    ByteView m_clear;
    const Content& m_content;
    const cms::DeviceKey& m_receiptKey;
    std::int64_t m_nowMs;
    Sha256Digest m_name;
    std::string m_object;
    std::int64_t m_epoch = 0;
    bool m_mayRestart = false;
};

} // namespace

std::string objectName(const ledger::BatchParts& batch) {
    constexpr std::size_t kDigits = 20; // so that names sort as the batches follow each other
    std::string from = std::to_string(batch.header.from);
    from.insert(0, kDigits - std::min(kDigits, from.size()), '0');
    return "batches/" + hexEncode(batch.header.device) + "/" + hexEncode(batch.header.chain) + "/" + from + "-" +
           hexEncode(ledger::hashBatch(batch.headerBytes)) + ".ghb";
}

Result<Answer> ingest(Connection& connection, const Sender& sender, const ledger::BatchParts& batch,
                      const Content& content, const cms::DeviceKey& receiptKey, std::int64_t nowMs) {
    return untilItWins([&] { return Ingest(connection, sender, batch, content, receiptKey, nowMs).run(); });
}

Result<bool> isExpected(Connection& connection, const ledger::BatchHeader& header) {
    GH_TRY(const Rows rows,
           connection.query("SELECT last_sequence, head = $3, may_restart FROM chain WHERE device = "
                            "$1 AND chain = $2",
                            {ByteView(header.device), ByteView(header.chain), ByteView(header.before)}));
    if (rows.empty()) {
        return header.from == 1;
    }
    const auto next = static_cast<std::uint64_t>(rows.number(0, 0)) + 1;
    const bool follows = header.from == next && rows.number(0, 1) != 0;
    return follows || (rows.number(0, 2) != 0 && header.from <= next);
}

Result<ledger::Head> headOf(Connection& connection, const ledger::DeviceId& device, const ledger::ChainId& chain) {
    GH_TRY(const Rows rows, connection.query("SELECT last_sequence, head FROM chain WHERE device = $1 AND chain = $2",
                                             {ByteView(device), ByteView(chain)}));
    ledger::Head head{chain, 0, {}};
    if (!rows.empty()) {
        head.sequence = static_cast<std::uint64_t>(rows.number(0, 0));
        const ByteView hash = rows.bytes(0, 1);
        std::copy_n(hash.begin(), std::min(hash.size(), head.hash.size()), head.hash.begin());
    }
    return head;
}

} // namespace gatehouse::collector
