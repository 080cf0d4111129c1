// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <string_view>
#include <vector>

#include "ipc/messages.h"

// Offsets as JavaScript counts them; used on the bridge's wire only.
namespace gatehouse::bridge {

// UTF-16 code units that `text` (valid UTF-8) takes.
std::size_t utf16Length(std::string_view text);

// What has to be replaced in `original` to get `changed`: at most one span, from the first difference to the last, cut
// at code points of both texts. Both must be valid UTF-8.
std::vector<ipc::Span> spansBetween(std::string_view original, std::string_view changed);

} // namespace gatehouse::bridge
