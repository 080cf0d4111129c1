// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <string_view>

namespace gatehouse::dialects {

// Appends `data` line by line, each between `prefix` and `lineEnd`.
void appendDataLines(std::string& out, std::string_view data, std::string_view prefix, std::string_view lineEnd);

} // namespace gatehouse::dialects
