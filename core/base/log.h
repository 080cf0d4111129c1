// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <string_view>

#include <fmt/format.h>

namespace gatehouse {

enum class LogLevel { debug, info, warning, error };

// Where log lines go: stderr always, and a rotating file (5 × 1 MiB, owner only) once openLogFile was called.
// User text, secrets and found values never enter a log: pass ids, counts, kinds and sizes. tools/check_words.py guards
// it.
void logLine(LogLevel level, std::string_view area, std::string_view message);
// Lines below this level are dropped; the default is info.
void setLogLevel(LogLevel level);
// Adds the file; false when it cannot be opened, in which case stderr stays the only place.
bool openLogFile(const std::string& path);

template <class... Values>
void logInfo(std::string_view area, fmt::format_string<Values...> format, Values&&... values) {
    logLine(LogLevel::info, area, fmt::format(format, std::forward<Values>(values)...));
}
template <class... Values>
void logWarning(std::string_view area, fmt::format_string<Values...> format, Values&&... values) {
    logLine(LogLevel::warning, area, fmt::format(format, std::forward<Values>(values)...));
}
template <class... Values>
void logError(std::string_view area, fmt::format_string<Values...> format, Values&&... values) {
    logLine(LogLevel::error, area, fmt::format(format, std::forward<Values>(values)...));
}

} // namespace gatehouse
