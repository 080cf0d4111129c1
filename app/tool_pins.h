// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <map>
#include <string>
#include <tuple>

#include "pipeline/tool_pins.h"

namespace gatehouse::app {

// Pins of tools in the data folder's tool-pins.json: digests only, no description. gw-io thread.
class ToolPinsFile final : public pipeline::ToolPins {
public:
    // A file that cannot be read or has another form counts as empty, and that is logged.
    explicit ToolPinsFile(std::string path);
    State check(std::string_view server, std::string_view version, std::string_view tool,
                std::string_view digest) override;
    [[nodiscard]] bool isChanged(std::string_view server, std::string_view version,
                                 std::string_view tool) const override;
    void keep() override;

private:
    struct Pin {
        std::string digest;
        bool isChanged = false; // as of the last check
    };
    using Key = std::tuple<std::string, std::string, std::string>; // server, version, tool
    void load();

    std::string m_path;
    std::map<Key, Pin> m_pins;
    bool m_hasNews = false;
};

} // namespace gatehouse::app
