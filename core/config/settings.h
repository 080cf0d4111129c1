// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"

// What a person may choose about the program itself: never anything that security depends on, which is policy's alone.
// One JSON file, <data>/settings.json; a managed file above it wins field by field. Read at start; any thread.
namespace gatehouse::config {

enum class Theme { system, light, dark };
enum class LogDetail { warning, info, debug };

struct Settings {
    // The tray starts with the session, because a gateway that is not there protects nobody.
    bool startsAtLogin = true;
    // Blocks and redactions are shown as they happen: people should not have to ask why a text changed.
    bool showsNotifications = true;
    // As the desktop has it.
    Theme theme = Theme::system;
    // The model that the chat window starts with; empty: the first local one, else the preview.
    std::string chatModel;
    // Lines of the log file; debug never shows texts either.
    LogDetail logDetail = LogDetail::info;
    // How often local model servers are looked for. Often enough that a started server appears while one waits for it.
    std::chrono::seconds discoveryPause{30};
    // How long a shutdown waits for running requests. Session managers lose patience after some ten seconds.
    std::chrono::seconds drainTime{5};

    friend bool operator==(const Settings&, const Settings&) = default;
};

// Reads the JSON object; fields that are not there keep the values of `base`. invalidInput names the field that is
// unknown, of the wrong type or out of range: a typing error is not silently a default.
[[nodiscard]] Result<Settings> parseSettings(std::string_view json, const Settings& base = {});
std::string formatSettings(const Settings& settings);

// The person's file with the managed one (may be empty: none) laid over it. Missing files are no error; a broken one of
// the person's keeps the defaults, a broken managed one is ignored, and both are told in `problems`.
Settings loadSettings(const std::string& path, const std::string& managedPath, std::vector<std::string>& problems);

// Replaces the person's file, 0600.
[[nodiscard]] Result<> saveSettings(const std::string& path, const Settings& settings);

} // namespace gatehouse::config
