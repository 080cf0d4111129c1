// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <span>
#include <vector>

#include "base/bytes.h"
#include "base/crypto.h"
#include "base/result.h"

// A Merkle tree that only grows (RFC 9162 §2.1): what is appended can neither be taken out nor changed without every
// later root telling. The keeper makes proofs, whoever holds an older root checks them. Pure functions, any thread.
namespace gatehouse::ledger {

// SHA-256(0x00 ‖ data): a leaf.
Sha256Digest hashLeaf(ByteView data);

// A whole subtree of 2^level leaves, the position-th of its level, counting from 0.
struct TreeNode {
    unsigned level = 0;
    std::uint64_t position = 0;
    friend auto operator<=>(const TreeNode&, const TreeNode&) = default;
};
struct HashedNode {
    TreeNode node;
    Sha256Digest hash{};
};
// Where the keeper has the hashes of whole subtrees.
using NodeSource = std::function<Result<Sha256Digest>(TreeNode)>;
using Proof = std::vector<Sha256Digest>;

// The whole subtrees that make up the first `size` leaves, largest first: what appending needs.
std::vector<TreeNode> frontierOf(std::uint64_t size);

// Goes on behind `size` leaves.
class TreeBuilder final {
public:
    // `frontier`: the hashes of frontierOf(size), in its order.
    TreeBuilder(std::uint64_t size, std::vector<Sha256Digest> frontier);
    // Appends to `made` every subtree that this leaf completes, itself first.
    void append(const Sha256Digest& leaf, std::vector<HashedNode>& made);
    [[nodiscard]] std::uint64_t size() const { return m_size; }
    // Of no leaf: the SHA-256 of nothing.
    [[nodiscard]] Sha256Digest root() const;

private:
    std::uint64_t m_size;
    std::vector<Sha256Digest> m_frontier; // largest first
};

// Proofs over the first `size` leaves (RFC 9162 §2.1.3.1 and §2.1.4.1). invalidInput when index or sizes do not fit.
[[nodiscard]] Result<Proof> proveInclusion(std::uint64_t index, std::uint64_t size, const NodeSource& nodes);
[[nodiscard]] Result<Proof> proveConsistency(std::uint64_t oldSize, std::uint64_t size, const NodeSource& nodes);

// RFC 9162 §2.1.3.2 and §2.1.4.2. Everything grows out of the empty tree, by an empty proof.
bool verifyInclusion(const Sha256Digest& leaf, std::uint64_t index, std::uint64_t size,
                     std::span<const Sha256Digest> proof, const Sha256Digest& root);
bool verifyConsistency(std::uint64_t oldSize, const Sha256Digest& oldRoot, std::uint64_t size, const Sha256Digest& root,
                       std::span<const Sha256Digest> proof);

} // namespace gatehouse::ledger
