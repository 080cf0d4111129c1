// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string_view>

#include "base/bytes.h"
#include "base/result.h"

namespace gatehouse {

// RSASSA-PKCS1-v1_5 with SHA-256 (RFC 8017 §8.2; "RS256" of RFC 7518) over `text`, with a private key in PEM (PKCS#8 or
// PKCS#1, not encrypted). invalidInput when it is no such key. Any thread.
[[nodiscard]] Result<Bytes> signRsaSha256(std::string_view privateKeyPem, std::string_view text);

} // namespace gatehouse
