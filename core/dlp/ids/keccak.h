// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <cstdint>
#include <string_view>

namespace gatehouse::dlp::ids {

// Keccak-256 with the padding of the original submission, as Ethereum uses it (not FIPS 202's SHA3-256). For texts of
// up to 135 bytes, one block; longer ones are cut.
std::array<std::uint8_t, 32> keccak256(std::string_view text);

} // namespace gatehouse::dlp::ids
