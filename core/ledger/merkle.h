// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <span>

#include "base/crypto.h"

namespace gatehouse::ledger {

// The root of the Merkle tree of RFC 9162 §2.1.1 over leaves that are hashed already (hashEntry hashes a record as a
// leaf). Of no leaf: the SHA-256 of nothing.
Sha256Digest merkleRoot(std::span<const Sha256Digest> leaves);

} // namespace gatehouse::ledger
