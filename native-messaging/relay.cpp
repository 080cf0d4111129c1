// SPDX-License-Identifier: Apache-2.0
#include "relay.h"

#include <array>
#include <cerrno>

#include <fcntl.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

#include "ipc/endpoint.h"
#include "ipc/messages.h"

namespace gatehouse::host {

namespace {

// Beyond this we stop reading from the other side until it drained: two whole frames always fit.
constexpr std::size_t kBacklog = 2 * (ipc::kFrameLimit + 4);
// A hello is small; larger frames need no look inside while the agent is there.
constexpr std::size_t kHelloLimit = 4096;
constexpr std::size_t kChunk = 64UL * 1024UL;

void makeNonBlocking(int descriptor) {
    const int flags = ::fcntl(descriptor, F_GETFL);
    if (flags >= 0) {
        ::fcntl(descriptor, F_SETFL, flags | O_NONBLOCK);
    }
}

bool isTransient(int error) {
    return error == EAGAIN || error == EWOULDBLOCK || error == EINTR;
}

// Writes what the descriptor takes now; false when its reader is gone.
bool drain(int descriptor, std::string& bytes, bool isSocket) {
    while (!bytes.empty()) {
        const ssize_t count = isSocket ? ::send(descriptor, bytes.data(), bytes.size(), MSG_NOSIGNAL)
                                       : ::write(descriptor, bytes.data(), bytes.size());
        if (count < 0) {
            return isTransient(errno);
        }
        bytes.erase(0, static_cast<std::size_t>(count));
    }
    return true;
}

enum class ReadEnd { open, closed };

// Reads what is there now into the decoder.
ReadEnd fill(int descriptor, ipc::FrameDecoder& decoder) {
    std::array<char, kChunk> chunk{};
    const ssize_t count = ::read(descriptor, chunk.data(), chunk.size());
    if (count > 0) {
        decoder.push({chunk.data(), static_cast<std::size_t>(count)});
        return ReadEnd::open;
    }
    return count < 0 && isTransient(errno) ? ReadEnd::open : ReadEnd::closed;
}

} // namespace

Relay::Relay(RelayOptions options) : m_options(std::move(options)) {
    makeNonBlocking(m_options.input);
    makeNonBlocking(m_options.output);
}

Relay::~Relay() {
    if (m_agent >= 0) {
        ::close(m_agent);
    }
}

RelayEnd Relay::run() {
    connectAgent();
    for (;;) {
        if (const auto end = step()) {
            if (m_agent >= 0) {
                drain(m_agent, m_toAgent, true); // a last event may still get through
            }
            return *end;
        }
    }
}

int Relay::waitMilliseconds() const {
    if (m_agent >= 0) {
        return -1;
    }
    const auto left =
        std::chrono::duration_cast<std::chrono::milliseconds>(m_nextTry - std::chrono::steady_clock::now());
    return left.count() < 0 ? 0 : static_cast<int>(left.count()) + 1;
}

std::optional<RelayEnd> Relay::step() {
    const auto events = [](bool wantsRead, bool wantsWrite) {
        return static_cast<short>((wantsRead ? POLLIN : 0) | (wantsWrite ? POLLOUT : 0));
    };
    std::array<pollfd, 3> waits{{
        {m_toAgent.size() < kBacklog && m_toBrowser.size() < kBacklog ? m_options.input : -1, POLLIN, 0},
        {m_toBrowser.empty() ? -1 : m_options.output, POLLOUT, 0},
        {m_agent, events(m_toBrowser.size() < kBacklog, !m_toAgent.empty()), 0},
    }};
    if (::poll(waits.data(), waits.size(), waitMilliseconds()) < 0 && errno != EINTR) {
        return RelayEnd::outputLost;
    }
    if (m_agent < 0 && std::chrono::steady_clock::now() >= m_nextTry) {
        connectAgent();
    }
    if (waits[2].fd >= 0 && waits[2].fd == m_agent && waits[2].revents != 0) {
        if ((waits[2].revents & POLLOUT) != 0 && !drain(m_agent, m_toAgent, true)) {
            loseAgent();
        } else if ((waits[2].revents & (POLLIN | POLLHUP | POLLERR)) != 0) {
            readAgent();
        }
    }
    if (waits[1].revents != 0 && !drain(m_options.output, m_toBrowser, false)) {
        return RelayEnd::outputLost;
    }
    return waits[0].revents != 0 ? readBrowser() : std::nullopt;
}

std::optional<RelayEnd> Relay::readBrowser() {
    const ReadEnd end = fill(m_options.input, m_fromBrowser);
    for (;;) {
        auto frame = m_fromBrowser.next();
        if (!frame) {
            return RelayEnd::brokenFrames;
        }
        if (!*frame) {
            break;
        }
        if (!takeFromBrowser(**frame)) {
            queueToBrowser(ipc::errorReply(ipc::idOf(**frame), "agent_down", "the agent does not answer"));
        }
    }
    return end == ReadEnd::closed ? std::optional(RelayEnd::browserLeft) : std::nullopt;
}

// False when nobody is there to take it.
bool Relay::takeFromBrowser(const std::string& payload) {
    bool isHello = false;
    if (payload.size() <= kHelloLimit) {
        const auto message = ipc::parseMessage(payload);
        isHello = message && message->type == "hello";
    }
    if (isHello) {
        m_hello = payload;
    }
    if (m_agent < 0) {
        connectAgent(); // says the hello itself
        return m_agent >= 0 && (isHello || (queueToAgent(payload), true));
    }
    queueToAgent(payload);
    return true;
}

void Relay::connectAgent() {
    m_nextTry = std::chrono::steady_clock::now() + m_options.retry;
    const auto descriptor = ipc::connectToAgent(m_options.socketPath);
    if (!descriptor) {
        return;
    }
    m_agent = *descriptor;
    m_fromAgent = ipc::FrameDecoder();
    m_toAgent.clear();
    queueToAgent(ipc::attachMessage({m_options.origin, m_options.version}));
    if (!m_hello.empty()) {
        queueToAgent(m_hello);
    }
}

void Relay::loseAgent() {
    ::close(m_agent);
    m_agent = -1;
    m_toAgent.clear();
    m_nextTry = std::chrono::steady_clock::now() + m_options.retry;
    queueToBrowser(ipc::agentDownNotice());
}

void Relay::readAgent() {
    const ReadEnd end = fill(m_agent, m_fromAgent);
    for (;;) {
        auto frame = m_fromAgent.next();
        if (!frame) {
            loseAgent();
            return;
        }
        if (!*frame) {
            break;
        }
        queueToBrowser(**frame);
    }
    if (end == ReadEnd::closed) {
        loseAgent();
    }
}

void Relay::queueToBrowser(std::string_view payload) {
    if (auto frame = ipc::encodeFrame(payload)) {
        m_toBrowser.append(*frame);
    }
}

void Relay::queueToAgent(std::string_view payload) {
    if (auto frame = ipc::encodeFrame(payload)) {
        m_toAgent.append(*frame);
    }
}

} // namespace gatehouse::host
