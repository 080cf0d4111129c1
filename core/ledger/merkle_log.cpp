// SPDX-License-Identifier: Apache-2.0
#include "ledger/merkle_log.h"

#include <algorithm>
#include <array>
#include <bit>

namespace gatehouse::ledger {
namespace {

Sha256Digest hashPair(const Sha256Digest& left, const Sha256Digest& right) {
    std::array<std::uint8_t, 65> node{};
    node[0] = 1;
    std::copy(left.begin(), left.end(), node.begin() + 1);
    std::copy(right.begin(), right.end(), node.begin() + 33);
    return sha256(node);
}

bool isOdd(std::uint64_t number) {
    return (number & 1U) != 0;
}

// Makes proofs: the recursions of the RFC over ranges of leaves.
class Prover final {
public:
    explicit Prover(const NodeSource& nodes) : m_nodes(nodes) {}

    // [begin, end) is not empty, and begin is a multiple of the largest power of two below its length.
    Result<Sha256Digest> rangeHash(std::uint64_t begin, std::uint64_t end) const {
        const std::uint64_t length = end - begin;
        if (std::has_single_bit(length)) {
            const auto level = static_cast<unsigned>(std::countr_zero(length));
            return m_nodes({level, begin >> level});
        }
        const std::uint64_t middle = begin + std::bit_floor(length - 1);
        GH_TRY(const Sha256Digest left, rangeHash(begin, middle));
        GH_TRY(const Sha256Digest right, rangeHash(middle, end));
        return hashPair(left, right);
    }

    Result<> inclusion(std::uint64_t index, std::uint64_t begin, std::uint64_t end, Proof& proof) const {
        if (end - begin == 1) {
            return {};
        }
        const std::uint64_t middle = begin + std::bit_floor(end - begin - 1);
        const bool isLeft = index < middle;
        GH_CHECK(isLeft ? inclusion(index, begin, middle, proof) : inclusion(index, middle, end, proof));
        return add(isLeft ? rangeHash(middle, end) : rangeHash(begin, middle), proof);
    }

    // The old tree ends at `oldEnd`, in (begin, end]; `isWhole`: its root is known to who checks.
    Result<> consistency(std::uint64_t oldEnd, std::uint64_t begin, std::uint64_t end, bool isWhole,
                         Proof& proof) const {
        if (oldEnd == end) {
            return isWhole ? Result<>() : add(rangeHash(begin, end), proof);
        }
        const std::uint64_t middle = begin + std::bit_floor(end - begin - 1);
        const bool isLeft = oldEnd <= middle;
        GH_CHECK(isLeft ? consistency(oldEnd, begin, middle, isWhole, proof)
                        : consistency(oldEnd, middle, end, false, proof));
        return add(isLeft ? rangeHash(middle, end) : rangeHash(begin, middle), proof);
    }

private:
    static Result<> add(Result<Sha256Digest> hash, Proof& proof) {
        if (!hash) {
            return std::unexpected(hash.error());
        }
        proof.push_back(*hash);
        return {};
    }

    const NodeSource& m_nodes;
};

} // namespace

Sha256Digest hashLeaf(ByteView data) {
    Bytes leaf{0};
    leaf.insert(leaf.end(), data.begin(), data.end());
    return sha256(leaf);
}

std::vector<TreeNode> frontierOf(std::uint64_t size) {
    std::vector<TreeNode> nodes;
    std::uint64_t begin = 0;
    while (begin < size) {
        const std::uint64_t length = std::bit_floor(size - begin);
        const auto level = static_cast<unsigned>(std::countr_zero(length));
        nodes.push_back({level, begin >> level});
        begin += length;
    }
    return nodes;
}

TreeBuilder::TreeBuilder(std::uint64_t size, std::vector<Sha256Digest> frontier)
    : m_size(size)
    , m_frontier(std::move(frontier)) {}

void TreeBuilder::append(const Sha256Digest& leaf, std::vector<HashedNode>& made) {
    HashedNode node{{0, m_size}, leaf};
    made.push_back(node);
    while (isOdd(node.node.position)) {
        node = {{node.node.level + 1, node.node.position >> 1U}, hashPair(m_frontier.back(), node.hash)};
        m_frontier.pop_back();
        made.push_back(node);
    }
    m_frontier.push_back(node.hash);
    m_size += 1;
}

Sha256Digest TreeBuilder::root() const {
    if (m_frontier.empty()) {
        return sha256({});
    }
    Sha256Digest root = m_frontier.back();
    for (auto larger = m_frontier.rbegin() + 1; larger != m_frontier.rend(); ++larger) {
        root = hashPair(*larger, root);
    }
    return root;
}

Result<Proof> proveInclusion(std::uint64_t index, std::uint64_t size, const NodeSource& nodes) {
    if (index >= size) {
        return fail(ErrorKind::invalidInput, "the log has no such leaf");
    }
    Proof proof;
    GH_CHECK(Prover(nodes).inclusion(index, 0, size, proof));
    return proof;
}

Result<Proof> proveConsistency(std::uint64_t oldSize, std::uint64_t size, const NodeSource& nodes) {
    if (oldSize > size) {
        return fail(ErrorKind::invalidInput, "the log is not that large");
    }
    Proof proof;
    if (oldSize > 0) {
        GH_CHECK(Prover(nodes).consistency(oldSize, 0, size, true, proof));
    }
    return proof;
}

bool verifyInclusion(const Sha256Digest& leaf, std::uint64_t index, std::uint64_t size,
                     std::span<const Sha256Digest> proof, const Sha256Digest& root) {
    if (index >= size) {
        return false;
    }
    std::uint64_t first = index;
    std::uint64_t last = size - 1;
    Sha256Digest hash = leaf;
    for (const Sha256Digest& next : proof) {
        if (last == 0) {
            return false;
        }
        if (isOdd(first) || first == last) {
            hash = hashPair(next, hash);
            while (!isOdd(first) && first != 0) {
                first >>= 1U;
                last >>= 1U;
            }
        } else {
            hash = hashPair(hash, next);
        }
        first >>= 1U;
        last >>= 1U;
    }
    return last == 0 && hash == root;
}

bool verifyConsistency(std::uint64_t oldSize, const Sha256Digest& oldRoot, std::uint64_t size, const Sha256Digest& root,
                       std::span<const Sha256Digest> proof) {
    if (oldSize > size) {
        return false;
    }
    if (oldSize == 0 || oldSize == size) {
        return proof.empty() && (oldSize == 0 ? oldRoot == sha256({}) : oldRoot == root);
    }
    Proof path;
    if (std::has_single_bit(oldSize)) {
        path.push_back(oldRoot);
    }
    path.insert(path.end(), proof.begin(), proof.end());
    if (proof.empty()) {
        return false;
    }
    std::uint64_t first = oldSize - 1;
    std::uint64_t last = size - 1;
    while (isOdd(first)) {
        first >>= 1U;
        last >>= 1U;
    }
    Sha256Digest oldHash = path.front();
    Sha256Digest hash = path.front();
    for (const Sha256Digest& next : std::span(path).subspan(1)) {
        if (last == 0) {
            return false;
        }
        if (isOdd(first) || first == last) {
            oldHash = hashPair(next, oldHash);
            hash = hashPair(next, hash);
            while (!isOdd(first) && first != 0) {
                first >>= 1U;
                last >>= 1U;
            }
        } else {
            hash = hashPair(hash, next);
        }
        first >>= 1U;
        last >>= 1U;
    }
    return last == 0 && oldHash == oldRoot && hash == root;
}

} // namespace gatehouse::ledger
