// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <string_view>

#include "base/clock.h"
#include "base/result.h"

namespace gatehouse {

// RFC 3339 in UTC with milliseconds: 2026-11-20T21:40:36.123Z.
std::string formatTime(WallTime time);
// Takes RFC 3339 in UTC ("Z"), with or without a fraction, or a plain date (midnight UTC).
[[nodiscard]] Result<WallTime> parseTime(std::string_view text);

} // namespace gatehouse
