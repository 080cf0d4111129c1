// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

#include "base/json.h"
#include "base/result.h"

// How the fields of a bridge message are read: strictly, and never quoted in a fault.
namespace gatehouse::ipc {

inline constexpr std::size_t kIdLimit = 64;
inline constexpr std::size_t kWordLimit = 64;

// A required string of at most `limit` bytes.
[[nodiscard]] Result<std::string> textOf(const Json& body, const char* name, std::size_t limit);
// The same; empty when it is not there.
[[nodiscard]] Result<std::string> optionalText(const Json& body, const char* name, std::size_t limit);
[[nodiscard]] Result<bool> flagOf(const Json& body, const char* name, bool isOptional);
// Letters, digits, "-" and "_", at most kIdLimit.
[[nodiscard]] Result<std::string> idText(const Json& body, const char* name);
// What every message begins with.
[[nodiscard]] Json envelope(std::string_view type, std::string_view id);

} // namespace gatehouse::ipc
