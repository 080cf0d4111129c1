// SPDX-License-Identifier: Apache-2.0
#include "tool_pins.h"

#include "base/json.h"
#include "base/log.h"
#include "platform/secure_file.h"

namespace gatehouse::app {
namespace {

constexpr std::size_t kMaxFile = 4UL * 1024UL * 1024UL;
constexpr std::size_t kMaxPins = 10'000;
constexpr std::size_t kMaxName = 256;

} // namespace

ToolPinsFile::ToolPinsFile(std::string path) : m_path(std::move(path)) {
    load();
}

void ToolPinsFile::load() {
    const auto bytes = platform::readPrivateFile(m_path, kMaxFile);
    if (!bytes) {
        if (bytes.error().kind != ErrorKind::notFound) {
            logWarning("agent", "the pins of tools cannot be read: {}", errorKindWord(bytes.error().kind));
        }
        return;
    }
    const auto json = parseJson(textOf(bytes->view()));
    const Json pins = json && json->is_object() ? json->value("pins", Json::array()) : Json();
    if (!pins.is_array()) {
        logWarning("agent", "the pins of tools have another form than expected");
        return;
    }
    for (const Json& pin : pins) {
        const bool isPin = pin.is_object() && pin.value("server", Json()).is_string() &&
                           pin.value("version", Json()).is_string() && pin.value("tool", Json()).is_string() &&
                           pin.value("sha256", Json()).is_string();
        if (isPin && m_pins.size() < kMaxPins) {
            m_pins[{pin["server"].get<std::string>(), pin["version"].get<std::string>(),
                    pin["tool"].get<std::string>()}] = {pin["sha256"].get<std::string>(),
                                                        pin.value("changed", Json()) == true};
        }
    }
}

pipeline::ToolPins::State ToolPinsFile::check(std::string_view server, std::string_view version, std::string_view tool,
                                              std::string_view digest) {
    const Key key{server, version, tool.substr(0, kMaxName)};
    const auto found = m_pins.find(key);
    if (found != m_pins.end()) {
        const bool isChanged = found->second.digest != digest;
        m_hasNews = m_hasNews || isChanged != found->second.isChanged;
        found->second.isChanged = isChanged;
        return isChanged ? State::changed : State::same;
    }
    if (m_pins.size() < kMaxPins) {
        m_pins[key] = {std::string(digest), false};
        m_hasNews = true;
    }
    return State::first;
}

bool ToolPinsFile::isChanged(std::string_view server, std::string_view version, std::string_view tool) const {
    const auto found = m_pins.find({std::string(server), std::string(version), std::string(tool.substr(0, kMaxName))});
    return found != m_pins.end() && found->second.isChanged;
}

void ToolPinsFile::keep() {
    if (!std::exchange(m_hasNews, false)) {
        return;
    }
    Json pins = Json::array();
    for (const auto& [key, pin] : m_pins) {
        pins.push_back({{"server", std::get<0>(key)},
                        {"version", std::get<1>(key)},
                        {"tool", std::get<2>(key)},
                        {"sha256", pin.digest},
                        {"changed", pin.isChanged}});
    }
    const std::string text = dumpJson({{"pins", std::move(pins)}});
    if (const auto written = platform::writePrivateFile(m_path, bytesOf(text)); !written) {
        logWarning("agent", "the pins of tools cannot be kept: {}", errorKindWord(written.error().kind));
    }
}

} // namespace gatehouse::app
