// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"

namespace gatehouse {

using Bytes = std::vector<std::uint8_t>;
using ByteView = std::span<const std::uint8_t>;

ByteView bytesOf(std::string_view text);
std::string_view textOf(ByteView bytes);

// Lower-case hexadecimal (RFC 4648 §8 alphabet, lower case); decoding takes either case and refuses anything else.
std::string hexEncode(ByteView bytes);
[[nodiscard]] Result<Bytes> hexDecode(std::string_view text);

// RFC 4648 §4 (base64, padded) and §5 (base64url, unpadded). Decoding is strict: right alphabet, right padding.
std::string base64Encode(ByteView bytes);
[[nodiscard]] Result<Bytes> base64Decode(std::string_view text);
std::string base64UrlEncode(ByteView bytes);
[[nodiscard]] Result<Bytes> base64UrlDecode(std::string_view text);

} // namespace gatehouse
