// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <memory>
#include <string>

// Who owns the other end of a loopback TCP connection, as the operating system tells. Linux: sock_diag(7) for user and
// inode (5 µs), then the /proc/PID/fd of processes that may be read (2 ms for a hundred processes).
namespace gatehouse::platform {

struct SocketEnd {
    std::string address; // literal, without brackets
    std::uint16_t port = 0;
};

struct SocketOwner {
    bool isUserKnown = false;
    std::uint32_t uid = 0;
    bool isProcessKnown = false; // only ever for processes of our own user that let themselves be read
    std::int64_t pid = 0;
    std::uint64_t startTime = 0; // clock ticks since boot; tells a reused pid
    std::string executable;      // absolute path
};

class PeerSockets {
public:
    // Never fails: where the system offers nothing, every owner is unknown.
    static std::unique_ptr<PeerSockets> create();
    virtual ~PeerSockets() = default;
    // The owner of the socket whose own end is `peer` and whose other end is `own`. Unknown is an answer, a wrong owner
    // is not: a socket that is closing has none. One thread at a time.
    [[nodiscard]] virtual SocketOwner find(const SocketEnd& peer, const SocketEnd& own) = 0;
};

} // namespace gatehouse::platform
