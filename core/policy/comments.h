// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <string_view>

#include "base/json.h"
#include "base/result.h"

namespace gatehouse::policy {

// Overwrites // and /* */ comments outside strings, and a leading byte order mark, with blanks. Line ends stay and the
// length stays, so that every offset, line and column of the result is that of the source. invalidInput when a comment
// does not end; `fault` then names its begin.
[[nodiscard]] Result<std::string> blankComments(std::string_view source, JsonFault* fault = nullptr);

// Line and column (from 1, in bytes) of an offset.
JsonFault placeOf(std::string_view source, std::size_t offset);

} // namespace gatehouse::policy
