// SPDX-License-Identifier: Apache-2.0
#include "platform/peer_socket.h"

#include <array>
#include <cstring>
#include <map>
#include <optional>

#include <arpa/inet.h>
#include <linux/inet_diag.h>
#include <linux/netlink.h>
#include <linux/sock_diag.h>
#include <netinet/tcp.h>
#include <sys/socket.h>
#include <unistd.h>

#include "platform/process.h"

namespace gatehouse::platform {
namespace {

struct DiagRequest {
    nlmsghdr header{};
    inet_diag_req_v2 body{};
};

struct DiagAnswer {
    std::uint32_t uid = 0;
    std::uint64_t inode = 0;
};

bool setAddress(const std::string& text, int family, std::uint32_t (&out)[4]) {
    return inet_pton(family, text.c_str(), out) == 1;
}

// An exact question, not a dump: the kernel looks the four-tuple up in its hash table.
std::optional<DiagRequest> makeRequest(const SocketEnd& peer, const SocketEnd& own, std::uint32_t sequence) {
    const int family = peer.address.find(':') == std::string::npos ? AF_INET : AF_INET6;
    DiagRequest request;
    request.header.nlmsg_len = sizeof(request);
    request.header.nlmsg_type = SOCK_DIAG_BY_FAMILY;
    request.header.nlmsg_flags = NLM_F_REQUEST;
    request.header.nlmsg_seq = sequence;
    request.body.sdiag_family = static_cast<std::uint8_t>(family);
    request.body.sdiag_protocol = IPPROTO_TCP;
    request.body.idiag_states = ~0U;
    request.body.id.idiag_sport = htons(peer.port);
    request.body.id.idiag_dport = htons(own.port);
    request.body.id.idiag_cookie[0] = INET_DIAG_NOCOOKIE;
    request.body.id.idiag_cookie[1] = INET_DIAG_NOCOOKIE;
    if (!setAddress(peer.address, family, request.body.id.idiag_src) ||
        !setAddress(own.address, family, request.body.id.idiag_dst)) {
        return std::nullopt;
    }
    return request;
}

class LinuxPeerSockets final : public PeerSockets {
public:
    LinuxPeerSockets() : m_socket(socket(AF_NETLINK, SOCK_DGRAM | SOCK_CLOEXEC, NETLINK_SOCK_DIAG)) {
        const timeval patience{0, 200'000};
        if (m_socket >= 0) {
            setsockopt(m_socket, SOL_SOCKET, SO_RCVTIMEO, &patience, sizeof(patience));
        }
    }
    ~LinuxPeerSockets() override {
        if (m_socket >= 0) {
            close(m_socket);
        }
    }
    LinuxPeerSockets(const LinuxPeerSockets&) = delete;
    LinuxPeerSockets& operator=(const LinuxPeerSockets&) = delete;

    SocketOwner find(const SocketEnd& peer, const SocketEnd& own) override {
        SocketOwner owner;
        const auto answer = ask(peer, own);
        if (!answer) {
            return owner;
        }
        owner.isUserKnown = true;
        owner.uid = answer->uid;
        // A program opens many connections one after the other: the last one found for this user is asked first.
        const auto facts = processOfSocket(answer->inode, m_lastPid[answer->uid]);
        if (facts) {
            m_lastPid[answer->uid] = facts->pid;
            owner.isProcessKnown = true;
            owner.pid = facts->pid;
            owner.startTime = facts->startTime;
            owner.executable = facts->executable;
        }
        return owner;
    }

private:
    std::optional<DiagAnswer> ask(const SocketEnd& peer, const SocketEnd& own) {
        const auto request = makeRequest(peer, own, ++m_sequence);
        sockaddr_nl kernel{};
        kernel.nl_family = AF_NETLINK;
        if (m_socket < 0 || !request ||
            sendto(m_socket, &*request, sizeof(*request), 0, reinterpret_cast<const sockaddr*>(&kernel),
                   sizeof(kernel)) != static_cast<ssize_t>(sizeof(*request))) {
            return std::nullopt;
        }
        for (;;) {
            alignas(nlmsghdr) std::array<char, 4096> bytes{};
            const auto size = recv(m_socket, bytes.data(), bytes.size(), 0);
            if (size < static_cast<ssize_t>(sizeof(nlmsghdr))) {
                return std::nullopt;
            }
            nlmsghdr header{};
            std::memcpy(&header, bytes.data(), sizeof(header));
            if (header.nlmsg_seq != m_sequence) {
                continue; // the late answer to an earlier question
            }
            return read(header, bytes.data(), static_cast<std::size_t>(size));
        }
    }

    // A closing socket has no inode, and in TIME_WAIT the kernel says uid 0 for everybody: both are "unknown".
    static std::optional<DiagAnswer> read(const nlmsghdr& header, const char* bytes, std::size_t size) {
        if (header.nlmsg_type != SOCK_DIAG_BY_FAMILY || size < NLMSG_LENGTH(sizeof(inet_diag_msg))) {
            return std::nullopt;
        }
        inet_diag_msg message{};
        std::memcpy(&message, bytes + NLMSG_HDRLEN, sizeof(message));
        const bool isOpen = message.idiag_state == TCP_ESTABLISHED || message.idiag_state == TCP_CLOSE_WAIT;
        if (!isOpen || message.idiag_inode == 0) {
            return std::nullopt;
        }
        return DiagAnswer{message.idiag_uid, message.idiag_inode};
    }

    int m_socket = -1;
    std::uint32_t m_sequence = 0;
    std::map<std::uint32_t, std::int64_t> m_lastPid;
};

} // namespace

std::unique_ptr<PeerSockets> PeerSockets::create() {
    return std::make_unique<LinuxPeerSockets>();
}

} // namespace gatehouse::platform
