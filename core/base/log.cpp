// SPDX-License-Identifier: Apache-2.0
#include "base/log.h"

#include <filesystem>
#include <memory>
#include <vector>

#include <spdlog/sinks/rotating_file_sink.h>
#include <spdlog/sinks/stdout_sinks.h>
#include <spdlog/spdlog.h>

#include "base/json.h"
#include "base/log_form.h"
#include "base/printable.h"

namespace gatehouse {
namespace {

constexpr std::size_t kFileBytes = 1024UL * 1024UL;
constexpr std::size_t kFileCount = 5;
constexpr std::size_t kLineBytes = 8UL * 1024UL;

std::shared_ptr<spdlog::logger> makeLogger() {
    auto logger = std::make_shared<spdlog::logger>("gatehouse", std::make_shared<spdlog::sinks::stderr_sink_mt>());
    logger->set_pattern("%Y-%m-%dT%H:%M:%S.%eZ %L %v", spdlog::pattern_time_type::utc);
    logger->flush_on(spdlog::level::warn);
    return logger;
}

// spdlog keeps its loggers in a process-wide registry; this is our one name in it.
spdlog::logger& logger() {
    static const std::shared_ptr<spdlog::logger> shared = makeLogger();
    return *shared;
}

constexpr const char* kJsonLine = R"({"time":"%Y-%m-%dT%H:%M:%S.%eZ","level":"%l",%v})";

// As the logger: one for the process, set before there are threads.
bool& isJson() {
    static bool is = false;
    return is;
}

spdlog::level::level_enum levelOf(LogLevel level) {
    switch (level) {
    case LogLevel::debug:
        return spdlog::level::debug;
    case LogLevel::info:
        return spdlog::level::info;
    case LogLevel::warning:
        return spdlog::level::warn;
    case LogLevel::error:
        return spdlog::level::err;
    }
    return spdlog::level::err;
}

} // namespace

void logLine(LogLevel level, std::string_view area, std::string_view message) {
    if (isJson()) {
        logger().log(levelOf(level), R"("area":{},"message":{})", quoteJson(area),
                     quoteJson(printable(message.substr(0, kLineBytes), ' ')));
        return;
    }
    // One event is one line.
    logger().log(levelOf(level), "{}: {}", area, printable(message.substr(0, kLineBytes), ' '));
}

void logAsJson() {
    logger().set_pattern(kJsonLine, spdlog::pattern_time_type::utc);
    isJson() = true;
}

void setLogLevel(LogLevel level) {
    logger().set_level(levelOf(level));
}

bool openLogFile(const std::string& path) {
    // Opening a pipe would wait for its reader for ever.
    std::error_code none;
    const auto status = std::filesystem::status(path, none);
    if (std::filesystem::exists(status) && !std::filesystem::is_regular_file(status)) {
        return false;
    }
    try {
        auto sink = std::make_shared<spdlog::sinks::rotating_file_sink_mt>(path, kFileBytes, kFileCount);
        sink->set_pattern("%Y-%m-%dT%H:%M:%S.%eZ %L %v");
        logger().sinks().push_back(std::move(sink));
        return true;
    } catch (const spdlog::spdlog_ex&) {
        return false;
    }
}

} // namespace gatehouse
