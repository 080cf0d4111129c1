// SPDX-License-Identifier: Apache-2.0
#include "gateway/gateway.h"

#include <algorithm>
#include <unordered_map>
#include <utility>
#include <vector>

#include <boost/asio/as_tuple.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/use_awaitable.hpp>

#include "base/log.h"
#include "gateway/listener.h"
#include "gateway/session.h"

namespace gatehouse::gateway {
namespace {

constexpr auto kAwaitTuple = asio::as_tuple(asio::use_awaitable);

// How often deadlines are looked at while connections are open: an eighth of the shortest limit, 20 ms to 1 s.
std::chrono::milliseconds sweepInterval(const GatewayLimits& limits) {
    const auto shortest =
        std::min({limits.headTime, limits.idleTime, limits.bodyGrace, limits.writeTime, limits.lingerTime});
    return std::clamp(shortest / 8, std::chrono::milliseconds(20), std::chrono::milliseconds(1000));
}

// Owns the open sessions; shared with their completion handlers, which may run after the gateway is gone.
class SessionSet final : public std::enable_shared_from_this<SessionSet> {
public:
    SessionSet(const asio::any_io_executor& executor, std::shared_ptr<SessionContext> context)
        : m_context(std::move(context))
        , m_sweep(executor)
        , m_emptied(executor)
        , m_interval(sweepInterval(m_context->limits)) {}

    void add(asio::ip::tcp::socket socket) {
        if (m_sessions.size() >= m_context->limits.connections && !evictLongestWaiting()) {
            return; // every connection is at work: the new one is closed
        }
        auto session = std::make_shared<Session>(std::move(socket), m_context);
        m_sessions.emplace(session.get(), session);
        session->start([set = weak_from_this(), key = session.get()] {
            if (const auto alive = set.lock()) {
                alive->remove(key);
            }
        });
        sweep();
    }
    void cancelAll() {
        for (const auto& session : copy()) {
            session->cancel();
        }
    }
    void cancelWaiting() {
        for (const auto& session : copy()) {
            if (session->isWaiting()) {
                session->cancel();
            }
        }
    }
    [[nodiscard]] std::size_t size() const { return m_sessions.size(); }
    // True once no session is left, false when the time is over first.
    Task<bool> waitUntilEmpty(std::chrono::milliseconds time) {
        m_emptied.expires_after(time);
        while (!m_sessions.empty()) {
            const auto [error] = co_await m_emptied.async_wait(kAwaitTuple);
            if (!error) {
                break;
            }
        }
        co_return m_sessions.empty();
    }

private:
    [[nodiscard]] std::vector<std::shared_ptr<Session>> copy() const {
        std::vector<std::shared_ptr<Session>> sessions;
        sessions.reserve(m_sessions.size());
        for (const auto& [key, session] : m_sessions) {
            sessions.push_back(session);
        }
        return sessions;
    }
    // A connection that only waits loses nothing when it is closed, and slow or idle ones must not lock others out.
    bool evictLongestWaiting() {
        std::shared_ptr<Session> longest;
        for (const auto& [key, session] : m_sessions) {
            if (session->isWaiting() && (!longest || session->waitingSince() < longest->waitingSince())) {
                longest = session;
            }
        }
        if (!longest) {
            return false;
        }
        longest->cancel();
        m_sessions.erase(longest.get());
        return true;
    }
    void remove(Session* key) {
        m_sessions.erase(key);
        if (m_sessions.empty()) {
            m_emptied.cancel();
        }
    }
    void sweep() {
        if (m_isSweeping || m_sessions.empty()) {
            return;
        }
        m_isSweeping = true;
        m_sweep.expires_after(m_interval);
        m_sweep.async_wait([weak = weak_from_this()](const boost::system::error_code& error) {
            const auto alive = weak.lock();
            if (!alive || error) {
                return;
            }
            alive->m_isSweeping = false;
            const auto now = std::chrono::steady_clock::now();
            for (const auto& session : alive->copy()) {
                session->checkDeadline(now);
            }
            alive->sweep();
        });
    }

    std::shared_ptr<SessionContext> m_context;
    std::unordered_map<Session*, std::shared_ptr<Session>> m_sessions;
    asio::steady_timer m_sweep;
    asio::steady_timer m_emptied;
    std::chrono::milliseconds m_interval;
    bool m_isSweeping = false;
};

class LoopbackGateway final : public Gateway {
public:
    LoopbackGateway(Listeners listeners, std::shared_ptr<SessionContext> context, const asio::any_io_executor& executor)
        : m_context(std::move(context))
        , m_sessions(std::make_shared<SessionSet>(executor, m_context))
        , m_listeners(std::move(listeners)) {
        for (const auto& acceptor : m_listeners.acceptors) {
            accept(acceptor);
        }
    }
    ~LoopbackGateway() override {
        closeListeners();
        m_sessions->cancelAll();
    }
    LoopbackGateway(const LoopbackGateway&) = delete;
    LoopbackGateway& operator=(const LoopbackGateway&) = delete;

    [[nodiscard]] std::uint16_t port() const override { return m_context->port; }
    [[nodiscard]] bool hasIpv6() const override { return m_listeners.hasIpv6; }
    [[nodiscard]] std::size_t connectionCount() const override { return m_sessions->size(); }

    Task<> drain(std::chrono::milliseconds grace) override {
        m_context->isDraining = true;
        closeListeners();
        m_sessions->cancelWaiting();
        const bool isEmpty = co_await m_sessions->waitUntilEmpty(grace);
        if (!isEmpty) {
            logWarning("gateway", "{} connections are cut off at shutdown", m_sessions->size());
            m_sessions->cancelAll();
            co_await m_sessions->waitUntilEmpty(std::chrono::hours(1));
        }
    }

private:
    // The handler may run after the gateway is gone: it touches `this` only while the acceptor is open, and the
    // destructor closes that.
    void accept(const Acceptor& acceptor) {
        acceptor->async_accept([acceptor, sessions = m_sessions, this](const boost::system::error_code& error,
                                                                       asio::ip::tcp::socket socket) {
            if (!acceptor->is_open()) {
                return;
            }
            if (!error) {
                sessions->add(std::move(socket));
                accept(acceptor);
                return;
            }
            // Out of descriptors, most likely: accepting again at once would spin.
            logWarning("gateway", "accepting failed with error {}", error.value());
            auto pause = std::make_shared<asio::steady_timer>(acceptor->get_executor(), std::chrono::milliseconds(200));
            pause->async_wait([acceptor, pause, this](const boost::system::error_code& /*error*/) {
                if (acceptor->is_open()) {
                    accept(acceptor);
                }
            });
        });
    }
    void closeListeners() {
        for (const auto& acceptor : m_listeners.acceptors) {
            boost::system::error_code ignored;
            acceptor->close(ignored);
        }
    }

    std::shared_ptr<SessionContext> m_context;
    std::shared_ptr<SessionSet> m_sessions;
    Listeners m_listeners;
};

} // namespace

Result<std::unique_ptr<Gateway>> Gateway::start(const GatewayOptions& options, pipeline::Pipeline& pipeline,
                                                const asio::any_io_executor& executor) {
    GH_TRY(auto listeners, listenOnLoopback(options.port, executor));
    auto context =
        std::make_shared<SessionContext>(SessionContext{pipeline, options.limits, listeners.port, false, {}});
    logInfo("gateway", "listening on 127.0.0.1:{}{}", listeners.port, listeners.hasIpv6 ? " and [::1]" : "");
    return std::make_unique<LoopbackGateway>(std::move(listeners), std::move(context), executor);
}

} // namespace gatehouse::gateway
