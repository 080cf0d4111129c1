// SPDX-License-Identifier: Apache-2.0
#include "config/settings.h"

#include <algorithm>
#include <array>

#include "base/json.h"
#include "platform/secure_file.h"

namespace gatehouse::config {
namespace {

constexpr std::size_t kMaxFile = 64UL * 1024UL;
constexpr std::size_t kMaxModelName = 256;
constexpr std::size_t kShownName = 64;
constexpr std::array<std::string_view, 3> kThemes{"system", "light", "dark"};
constexpr std::array<std::string_view, 3> kLogDetails{"warning", "info", "debug"};

Result<> wrong(std::string_view field, std::string_view expected) {
    return fail(ErrorKind::invalidInput, "settings: " + std::string(field) + " must be " + std::string(expected));
}

Result<> readFlag(const Json& value, std::string_view field, bool& out) {
    if (!value.is_boolean()) {
        return wrong(field, "true or false");
    }
    out = value.get<bool>();
    return {};
}

Result<> readSeconds(const Json& value, std::string_view field, std::int64_t most, std::chrono::seconds& out) {
    if (!value.is_number_integer() || value < 1 || value > most) {
        return wrong(field, "a whole number of seconds from 1 to " + std::to_string(most));
    }
    out = std::chrono::seconds(value.get<std::int64_t>());
    return {};
}

template <class Enum>
Result<> readWord(const Json& value, std::string_view field, const std::array<std::string_view, 3>& words, Enum& out) {
    const auto* const found =
        value.is_string() ? std::find(words.begin(), words.end(), value.get_ref<const std::string&>()) : words.end();
    if (found == words.end()) {
        std::string list;
        for (const auto word : words) {
            list.append(list.empty() ? "" : ", ").append(word);
        }
        return wrong(field, "one of " + list);
    }
    out = static_cast<Enum>(found - words.begin());
    return {};
}

Result<> readModel(const Json& value, std::string_view field, std::string& out) {
    if (!value.is_string() || value.get_ref<const std::string&>().size() > kMaxModelName) {
        return wrong(field, "a model's name");
    }
    out = value.get<std::string>();
    return {};
}

// One row per field: its name, how it is read, how it is written.
struct Field {
    std::string_view name;
    Result<> (*read)(const Json& value, std::string_view field, Settings& settings);
    Json (*write)(const Settings& settings);
};

constexpr std::array kFields{
    Field{"starts_at_login",
          [](const Json& v, std::string_view f, Settings& s) { return readFlag(v, f, s.startsAtLogin); },
          [](const Settings& s) { return Json(s.startsAtLogin); }},
    Field{"shows_notifications",
          [](const Json& v, std::string_view f, Settings& s) { return readFlag(v, f, s.showsNotifications); },
          [](const Settings& s) { return Json(s.showsNotifications); }},
    Field{"theme", [](const Json& v, std::string_view f, Settings& s) { return readWord(v, f, kThemes, s.theme); },
          [](const Settings& s) { return Json(kThemes.at(static_cast<std::size_t>(s.theme))); }},
    Field{"chat_model", [](const Json& v, std::string_view f, Settings& s) { return readModel(v, f, s.chatModel); },
          [](const Settings& s) { return Json(s.chatModel); }},
    Field{"log_detail",
          [](const Json& v, std::string_view f, Settings& s) { return readWord(v, f, kLogDetails, s.logDetail); },
          [](const Settings& s) { return Json(kLogDetails.at(static_cast<std::size_t>(s.logDetail))); }},
    Field{"discovery_seconds",
          [](const Json& v, std::string_view f, Settings& s) { return readSeconds(v, f, 3600, s.discoveryPause); },
          [](const Settings& s) { return Json(s.discoveryPause.count()); }},
    Field{"drain_seconds",
          [](const Json& v, std::string_view f, Settings& s) { return readSeconds(v, f, 60, s.drainTime); },
          [](const Settings& s) { return Json(s.drainTime.count()); }},
};

Settings layered(const std::string& path, const Settings& base, std::vector<std::string>& problems) {
    if (path.empty() || !platform::fileExists(path)) {
        return base;
    }
    const auto content = platform::readFile(path, kMaxFile);
    const auto settings = content ? parseSettings(textOf(*content), base) : std::unexpected(content.error());
    if (!settings) {
        problems.push_back(path + ": " + settings.error().what);
        return base;
    }
    return *settings;
}

} // namespace

Result<Settings> parseSettings(std::string_view json, const Settings& base) {
    JsonFault fault;
    const auto document = parseJson(json, {}, &fault);
    if (!document || !document->is_object()) {
        return fail(ErrorKind::invalidInput, "settings: not a JSON object, line " + std::to_string(fault.line));
    }
    Settings settings = base;
    for (const auto& [name, value] : document->items()) {
        const auto* const field =
            std::find_if(kFields.begin(), kFields.end(), [&name](const Field& row) { return row.name == name; });
        if (field == kFields.end()) {
            return fail(ErrorKind::invalidInput, "settings: unknown field \"" + name.substr(0, kShownName) + "\"");
        }
        GH_CHECK(field->read(value, field->name, settings));
    }
    return settings;
}

std::string formatSettings(const Settings& settings) {
    Json json = Json::object();
    for (const auto& field : kFields) {
        json[std::string(field.name)] = field.write(settings);
    }
    return json.dump(2) + "\n";
}

Settings loadSettings(const std::string& path, const std::string& managedPath, std::vector<std::string>& problems) {
    return layered(managedPath, layered(path, {}, problems), problems);
}

Result<> saveSettings(const std::string& path, const Settings& settings) {
    return platform::writePrivateFile(path, bytesOf(formatSettings(settings)));
}

} // namespace gatehouse::config
