// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "platform/process.h"

namespace gatehouse::platform {

// The process that listens on a TCP port of this machine's loopback (or of all addresses). nullopt when none is found,
// or when it belongs to another user.
std::optional<ProcessFacts> findPortOwner(std::uint16_t port);

// "port 4141 is taken by nginx (pid 812)", or "… by a program that cannot be seen from here".
std::string describePortOwner(std::uint16_t port);

} // namespace gatehouse::platform
