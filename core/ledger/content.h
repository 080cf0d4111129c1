// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "base/bytes.h"
#include "base/crypto.h"
#include "base/result.h"

// What a record says without holding it: a text and its plain hash live beside the chain, salted; the chain holds a
// commitment. Who erases salt and content leaves a hash that says nothing, and the chain still verifies.
namespace gatehouse::ledger {

struct Content {
    std::string hash;                // SHA-256 hex that the caller gave; may be empty
    std::optional<std::string> text; // the text itself, where policy keeps it

    [[nodiscard]] bool isEmpty() const { return hash.empty() && !text; }
    friend bool operator==(const Content&, const Content&) = default;
};

using Salt = std::array<std::uint8_t, 32>;

// The canonical bytes (TLV: 1 hash, 2 "is there a text", 3 text).
Bytes encodeContent(const Content& content);
Bytes encodeContent(std::string_view hash, const std::optional<std::string>& text);
// corrupt for anything that encodeContent would not write; limit above 64 MiB.
[[nodiscard]] Result<Content> decodeContent(ByteView bytes);
// SHA-256(0x02 ‖ "gatehouse/content/v1" ‖ 0x00 ‖ salt ‖ bytes).
Sha256Digest commitContent(const Salt& salt, ByteView bytes);

} // namespace gatehouse::ledger
