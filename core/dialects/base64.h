// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string_view>

namespace gatehouse::dialects {

// True for at least 64 characters of RFC 4648 base64 (either alphabet) and nothing else: bytes, not a text.
bool isBase64(std::string_view text);

} // namespace gatehouse::dialects
