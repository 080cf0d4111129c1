// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <algorithm>
#include <array>
#include <cstdint>

#include "ledger/tlv.h"

namespace gatehouse::ledger {

// A field of fixed size: an identifier, a hash. Rejects the whole when it has another one.
template <std::size_t size>
void readArray(TlvReader& reader, std::uint16_t tag, std::array<std::uint8_t, size>& out) {
    const ByteView bytes = reader.bytes(tag);
    if (bytes.size() != size) {
        reader.reject("an identifier or hash has a wrong length");
        return;
    }
    std::copy(bytes.begin(), bytes.end(), out.begin());
}

} // namespace gatehouse::ledger
