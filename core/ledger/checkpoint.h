// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "base/crypto.h"
#include "base/result.h"

namespace gatehouse::ledger {

// What a log says of itself at one moment (C2SP tlog-checkpoint): which log, how many leaves, their root. The text is
// the one that a signed note carries (cms/signed_note.h).
struct Checkpoint {
    std::string origin;
    std::uint64_t size = 0;
    Sha256Digest root{};
    friend bool operator==(const Checkpoint&, const Checkpoint&) = default;
};

// "origin\nsize\nroot in base64\n".
std::string writeCheckpoint(const Checkpoint& checkpoint);
// Further lines are extensions and left alone. invalidInput: another form, a size with leading zeros.
[[nodiscard]] Result<Checkpoint> readCheckpoint(std::string_view text);

} // namespace gatehouse::ledger
