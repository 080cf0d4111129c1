// SPDX-License-Identifier: Apache-2.0
#include "ledger/merkle.h"

#include <bit>

#include "base/bytes.h"

namespace gatehouse::ledger {

Sha256Digest merkleRoot(std::span<const Sha256Digest> leaves) {
    if (leaves.empty()) {
        return sha256({});
    }
    if (leaves.size() == 1) {
        return leaves.front();
    }
    // The left side takes the largest power of two that is smaller than the number of leaves.
    const std::size_t split = std::bit_floor(leaves.size() - 1);
    const Sha256Digest left = merkleRoot(leaves.first(split));
    const Sha256Digest right = merkleRoot(leaves.subspan(split));
    Bytes node{1}; // an inner node
    node.insert(node.end(), left.begin(), left.end());
    node.insert(node.end(), right.begin(), right.end());
    return sha256(node);
}

} // namespace gatehouse::ledger
