// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string_view>

// The two policies that the program carries itself, in source form.
namespace gatehouse::policy {

extern const std::string_view kStarterSource;
extern const std::string_view kStrictSource;

} // namespace gatehouse::policy
