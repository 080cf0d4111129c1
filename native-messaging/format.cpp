// SPDX-License-Identifier: Apache-2.0
// The one function of fmt that base calls, compiled in: Debian has no static library of it.
#define FMT_HEADER_ONLY 1
#include <fmt/format.h>

namespace gatehouse::host {

extern std::string (*const kFormat)(fmt::string_view, fmt::format_args);
[[gnu::used]] std::string (*const kFormat)(fmt::string_view, fmt::format_args) = &fmt::vformat;

} // namespace gatehouse::host
