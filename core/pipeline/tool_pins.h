// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <map>
#include <memory>
#include <string>
#include <string_view>

namespace gatehouse::pipeline {

// How a tool is described, against how it was described when it was first seen: a server that changes what a tool
// claims to do after somebody trusted it is noticed. gw-io thread.
class ToolPins {
public:
    enum class State { first, same, changed };
    virtual ~ToolPins() = default;
    // Remembers the digest where none is known for this server, version (policy's `tools_version`) and tool. What
    // cannot be kept is remembered until the agent ends.
    [[nodiscard]] virtual State check(std::string_view server, std::string_view version, std::string_view tool,
                                      std::string_view digest) = 0;
    // True when the last check of this tool said `changed`.
    [[nodiscard]] virtual bool isChanged(std::string_view server, std::string_view version,
                                         std::string_view tool) const = 0;
    // A list of tools was checked: what is new in it is kept.
    virtual void keep() {}
};

// Pins that end with the process: for tests, and where there is no data folder.
std::unique_ptr<ToolPins> makeMemoryPins();

} // namespace gatehouse::pipeline
