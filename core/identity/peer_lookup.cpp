// SPDX-License-Identifier: Apache-2.0
#include <array>
#include <chrono>
#include <utility>

#include "identity/identity.h"
#include "platform/peer_socket.h"

namespace gatehouse::identity {
namespace {

// A kept-alive connection asks again with each request; its owner cannot change, but its port may be used anew once it
// is closed, so that an answer is believed for a short while only. Unknown owners are not remembered.
class CachedPeerLookup final : public PeerLookup {
public:
    explicit CachedPeerLookup(std::unique_ptr<platform::PeerSockets> sockets) : m_sockets(std::move(sockets)) {}

    PeerOwner find(const LoopbackPeer& peer) override {
        const auto now = std::chrono::steady_clock::now();
        auto& entry = m_entries.at(peer.port % m_entries.size());
        if (entry.expires > now && entry.peer.port == peer.port && entry.peer.localPort == peer.localPort &&
            entry.peer.address == peer.address) {
            return entry.owner;
        }
        const platform::SocketEnd client{peer.address, peer.port};
        const platform::SocketEnd own{peer.address, peer.localPort}; // loopback: both ends have the same address
        const auto found = m_sockets->find(client, own);
        PeerOwner owner;
        owner.isUserKnown = found.isUserKnown;
        owner.uid = found.uid;
        owner.process = {found.isProcessKnown, found.pid, found.startTime, found.executable};
        if (owner.isUserKnown) {
            entry = {peer, owner, now + kBelieved};
        }
        return owner;
    }

private:
    static constexpr std::chrono::seconds kBelieved{2};
    struct Entry {
        LoopbackPeer peer;
        PeerOwner owner;
        MonotonicTime expires{};
    };
    std::unique_ptr<platform::PeerSockets> m_sockets;
    std::array<Entry, 256> m_entries;
};

} // namespace

std::unique_ptr<PeerLookup> PeerLookup::create() {
    return std::make_unique<CachedPeerLookup>(platform::PeerSockets::create());
}

} // namespace gatehouse::identity
