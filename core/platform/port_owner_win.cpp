// SPDX-License-Identifier: Apache-2.0
#include "platform/port_owner.h"

namespace gatehouse::platform {

// Not implemented on this system yet.
std::optional<ProcessFacts> findPortOwner(std::uint16_t /*port*/) {
    return std::nullopt;
}

std::string describePortOwner(std::uint16_t port) {
    return "port " + std::to_string(port) + " is taken by another program";
}

} // namespace gatehouse::platform
