// SPDX-License-Identifier: Apache-2.0
#include "transparency/log.h"

#include <algorithm>
#include <map>

#include "cms/signed_note.h"
#include "ledger/checkpoint.h"

namespace gatehouse::collector {
namespace {

using ledger::HashedNode;
using ledger::TreeNode;

constexpr std::int64_t kLock = 0x474154484C; // "GATHL": of PostgreSQL's advisory locks
constexpr std::int64_t kMaxSize = std::int64_t{1} << 62;

// PostgreSQL's text form of an array.
template <class Item, class Text>
std::string arrayOf(const std::vector<Item>& items, Text textOfItem) {
    std::string out = "{";
    for (const Item& item : items) {
        out += (out.size() > 1 ? "," : "") + textOfItem(item);
    }
    return out + "}";
}

std::string levelsOf(const std::vector<TreeNode>& nodes) {
    return arrayOf(nodes, [](const TreeNode& node) { return std::to_string(node.level); });
}
std::string positionsOf(const std::vector<TreeNode>& nodes) {
    return arrayOf(nodes, [](const TreeNode& node) { return std::to_string(node.position); });
}

Sha256Digest digestOf(ByteView bytes) {
    Sha256Digest digest{};
    std::copy_n(bytes.begin(), std::min(bytes.size(), digest.size()), digest.begin());
    return digest;
}

// The hashes of these nodes, in one query.
Result<std::map<TreeNode, Sha256Digest>> fetch(Connection& connection, const std::vector<TreeNode>& wanted) {
    const std::string levels = levelsOf(wanted);
    const std::string positions = positionsOf(wanted);
    GH_TRY(
        const Rows rows,
        connection.query("SELECT n.level, n.position, n.hash FROM log_node n JOIN unnest($1::bigint[], $2::bigint[]) "
                         "AS w(level, position) ON n.level = w.level AND n.position = w.position",
                         {std::string_view(levels), std::string_view(positions)}));
    std::map<TreeNode, Sha256Digest> nodes;
    for (std::size_t row = 0; row < rows.size(); ++row) {
        const TreeNode node{static_cast<unsigned>(rows.number(row, 0)),
                            static_cast<std::uint64_t>(rows.number(row, 1))};
        nodes[node] = digestOf(rows.bytes(row, 2));
    }
    return nodes.size() == wanted.size() ? Result<std::map<TreeNode, Sha256Digest>>(std::move(nodes))
                                         : fail(ErrorKind::corrupt, "the log lacks nodes of its tree");
}

// Runs `prove` twice: first to see which nodes it asks for, then with their hashes. One query instead of sixty.
template <class Prove>
Result<ledger::Proof> proveWith(Connection& connection, Prove prove) {
    std::vector<TreeNode> wanted;
    const ledger::NodeSource note = [&wanted](TreeNode node) -> Result<Sha256Digest> {
        wanted.push_back(node);
        return Sha256Digest{};
    };
    GH_TRY(const ledger::Proof draft, prove(note));
    if (draft.empty()) {
        return draft;
    }
    std::ranges::sort(wanted);
    const auto repeated = std::ranges::unique(wanted);
    wanted.erase(repeated.begin(), repeated.end());
    GH_TRY(const auto nodes, fetch(connection, wanted));
    const ledger::NodeSource look = [&nodes](TreeNode node) -> Result<Sha256Digest> { return nodes.at(node); };
    return prove(look);
}

Result<std::int64_t> sizeOf(Connection& connection) {
    GH_TRY(const Rows rows, connection.query("SELECT coalesce(max(size), 0) FROM log_checkpoint"));
    return rows.number(0, 0);
}

Result<ledger::TreeBuilder> builderFor(Connection& connection, std::uint64_t size) {
    const std::vector<TreeNode> frontier = ledger::frontierOf(size);
    std::vector<Sha256Digest> hashes;
    if (!frontier.empty()) {
        GH_TRY(const auto nodes, fetch(connection, frontier));
        for (const TreeNode& node : frontier) {
            hashes.push_back(nodes.at(node));
        }
    }
    return ledger::TreeBuilder(size, std::move(hashes));
}

Result<> write(Connection& connection, const std::vector<HashedNode>& made, const ledger::Checkpoint& checkpoint,
               const LogKey& log) {
    const std::string levels = arrayOf(made, [](const HashedNode& each) { return std::to_string(each.node.level); });
    const std::string positions =
        arrayOf(made, [](const HashedNode& each) { return std::to_string(each.node.position); });
    const std::string hashes =
        arrayOf(made, [](const HashedNode& each) { return "\"\\\\x" + hexEncode(each.hash) + "\""; });
    GH_CHECK(connection.query("INSERT INTO log_node (level, position, hash) SELECT * FROM unnest($1::bigint[], "
                              "$2::bigint[], $3::bytea[])",
                              {std::string_view(levels), std::string_view(positions), std::string_view(hashes)}));
    GH_TRY(const std::string note, cms::signNote(ledger::writeCheckpoint(checkpoint), log.origin, log.key));
    GH_CHECK(connection.query("INSERT INTO log_checkpoint (size, note) VALUES ($1, $2)",
                              {static_cast<std::int64_t>(checkpoint.size), std::string_view(note)}));
    return {};
}

} // namespace

Result<std::size_t> growLog(Connection& connection, const LogKey& log, std::size_t most) {
    GH_TRY(Transaction transaction, Transaction::beginLocking(connection));
    GH_TRY(const Rows lock, connection.query("SELECT pg_try_advisory_xact_lock($1)", {kLock}));
    if (lock.number(0, 0) == 0) {
        return 0;
    }
    GH_TRY(const Rows waiting, connection.query("SELECT id, hash FROM log_pending ORDER BY id LIMIT $1",
                                                {static_cast<std::int64_t>(most)}));
    if (waiting.empty()) {
        return 0;
    }
    GH_TRY(const std::int64_t size, sizeOf(connection));
    GH_TRY(ledger::TreeBuilder builder, builderFor(connection, static_cast<std::uint64_t>(size)));
    std::vector<HashedNode> made;
    std::vector<std::int64_t> ids;
    for (std::size_t row = 0; row < waiting.size(); ++row) {
        ids.push_back(waiting.number(row, 0));
        builder.append(digestOf(waiting.bytes(row, 1)), made);
    }
    GH_CHECK(write(connection, made, {log.origin, builder.size(), builder.root()}, log));
    const std::string moved = arrayOf(ids, [](std::int64_t id) { return std::to_string(id); });
    GH_CHECK(connection.query("DELETE FROM log_pending WHERE id = ANY($1::bigint[])", {std::string_view(moved)}));
    GH_CHECK(transaction.commit());
    return ids.size();
}

Result<std::optional<std::string>> newestCheckpoint(Connection& connection) {
    GH_TRY(const Rows rows, connection.query("SELECT note FROM log_checkpoint ORDER BY size DESC LIMIT 1"));
    return rows.empty() ? std::nullopt : std::optional(std::string(textOf(rows.bytes(0, 0))));
}

Result<std::optional<InclusionAnswer>> inclusionOf(Connection& connection, const Sha256Digest& leaf,
                                                   std::uint64_t size) {
    GH_TRY(const std::int64_t whole, sizeOf(connection));
    if (size == 0 || size > static_cast<std::uint64_t>(std::min(whole, kMaxSize))) {
        return fail(ErrorKind::invalidInput, "the log is not that large");
    }
    GH_TRY(const Rows rows,
           connection.query("SELECT position FROM log_node WHERE level = 0 AND hash = $1", {ByteView(leaf)}));
    if (rows.empty() || static_cast<std::uint64_t>(rows.number(0, 0)) >= size) {
        return std::nullopt;
    }
    InclusionAnswer answer;
    answer.index = static_cast<std::uint64_t>(rows.number(0, 0));
    GH_TRY(answer.proof, proveWith(connection, [&](const ledger::NodeSource& nodes) {
               return ledger::proveInclusion(answer.index, size, nodes);
           }));
    return answer;
}

Result<ledger::Proof> consistencyOf(Connection& connection, std::uint64_t oldSize, std::uint64_t size) {
    GH_TRY(const std::int64_t whole, sizeOf(connection));
    if (oldSize > size || size > static_cast<std::uint64_t>(std::min(whole, kMaxSize))) {
        return fail(ErrorKind::invalidInput, "the log is not that large");
    }
    return proveWith(connection,
                     [&](const ledger::NodeSource& nodes) { return ledger::proveConsistency(oldSize, size, nodes); });
}

} // namespace gatehouse::collector
