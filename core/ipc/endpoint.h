// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <string>

#include "base/result.h"
#include "types/interaction.h"

// Where the agent's local socket is and who stands at its other end. Both ends check the other's OS user: the folder's
// and the socket's owner before anything is sent, the peer's user id (SO_PEERCRED) once connected. Blocking calls of
// the OS, all short. Linux: endpoint_linux.cpp.
namespace gatehouse::ipc {

// GATEHOUSE_SOCKET where set; else $XDG_RUNTIME_DIR/gatehouse/agent.sock; else /tmp/gatehouse-<uid>/agent.sock, whose
// folder is checked like any other.
std::string defaultSocketPath();

// Server side. Makes the folder (0700) where it is missing and clears a socket that nobody answers any more. denied
// when folder or path belong to somebody else, are links, or are open to others (somebody may have put them there);
// conflict when a live agent answers; limit when the path is too long for a socket address (107 bytes on Linux).
[[nodiscard]] Result<> prepareSocketPath(const std::string& path);

// Client side: a connected, non-blocking, close-on-exec descriptor that the caller closes. denied when folder, socket
// or peer belong to another user; unavailable when nobody listens.
[[nodiscard]] Result<int> connectToAgent(const std::string& path);

struct Peer {
    std::uint32_t uid = 0;
    std::int64_t pid = 0;
};
// The process at the other end of a connected local socket, as it was when it connected.
[[nodiscard]] Result<Peer> peerOf(int descriptor);
// denied unless the peer runs as the same OS user as this process.
[[nodiscard]] Result<Peer> requireSameUser(int descriptor);

// What the OS tells about a process; isKnown is false when it is gone or not ours to see.
Process describeProcess(std::int64_t pid);
// 0 when unknown.
std::int64_t parentOf(std::int64_t pid);

} // namespace gatehouse::ipc
