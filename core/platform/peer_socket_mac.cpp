// SPDX-License-Identifier: Apache-2.0
#include "platform/peer_socket.h"

namespace gatehouse::platform {
namespace {

// Not implemented on this system yet: every owner is unknown, and rules treat an unknown program as the strictest.
class UnknownPeerSockets final : public PeerSockets {
public:
    SocketOwner find(const SocketEnd& /*peer*/, const SocketEnd& /*own*/) override { return {}; }
};

} // namespace

std::unique_ptr<PeerSockets> PeerSockets::create() {
    return std::make_unique<UnknownPeerSockets>();
}

} // namespace gatehouse::platform
