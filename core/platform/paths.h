// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>

#include "base/result.h"

// Where Gatehouse keeps its files (XDG Base Directory Specification 0.8). Absolute paths without a slash at the end;
// nothing is created here. The environment is read at each call; safe while nobody changes it.
namespace gatehouse::platform {

// $XDG_CONFIG_HOME/gatehouse, else ~/.config/gatehouse: the person's policy and settings.
[[nodiscard]] Result<std::string> configFolder();
// $GATEHOUSE_DATA as it stands, else $XDG_DATA_HOME/gatehouse, else ~/.local/share/gatehouse: database, keys, logs.
[[nodiscard]] Result<std::string> dataFolder();
// $XDG_RUNTIME_DIR/gatehouse, else /run/user/<uid>/gatehouse where that is ours, else <data folder>/run: the sockets.
[[nodiscard]] Result<std::string> runtimeFolder();
// $GATEHOUSE_SOCKET, else <runtime folder>/agent.sock: where the native host finds the agent.
[[nodiscard]] Result<std::string> agentSocketPath();

} // namespace gatehouse::platform
