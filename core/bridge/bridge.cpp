// SPDX-License-Identifier: Apache-2.0
#include "bridge/bridge.h"

#include <algorithm>
#include <chrono>
#include <exception>
#include <utility>
#include <vector>

#include <boost/asio/as_tuple.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/local/stream_protocol.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <sys/stat.h>
#include <unistd.h>

#include "base/log.h"
#include "bridge/session.h"
#include "ipc/endpoint.h"

namespace gatehouse::bridge {

namespace {

using Protocol = asio::local::stream_protocol;

constexpr std::size_t kSessionLimit = 32; // browsers × profiles of one person
constexpr auto kNoThrow = asio::as_tuple(asio::use_awaitable);

// The listening half; its accept loop keeps it alive until stop().
class Listener final : public std::enable_shared_from_this<Listener> {
public:
    Listener(BridgeOptions options, governance::Governor& governor, const Clock& clock, asio::any_io_executor executor)
        : m_options(std::move(options))
        , m_governor(governor)
        , m_clock(clock)
        , m_acceptor(executor)
        , m_pause(executor) {}

    Result<> listen() {
        GH_CHECK(ipc::prepareSocketPath(m_options.socketPath));
        boost::system::error_code error;
        m_acceptor.open(Protocol(), error);
        if (!error) {
            // The folder keeps others out already; the mask closes the moment between bind and chmod as well.
            const mode_t mask = ::umask(0177);
            m_acceptor.bind(Protocol::endpoint(m_options.socketPath), error);
            ::umask(mask);
        }
        if (!error) {
            m_acceptor.listen(asio::socket_base::max_listen_connections, error);
        }
        if (error) {
            return fail(ErrorKind::unavailable, "the bridge cannot listen on its socket", error.value());
        }
        struct stat entry{};
        if (::stat(m_options.socketPath.c_str(), &entry) == 0) {
            m_inode = entry.st_ino;
        }
        return {};
    }

    static Task<> accept(std::shared_ptr<Listener> self) {
        while (self->m_acceptor.is_open()) {
            auto [error, socket] = co_await self->m_acceptor.async_accept(kNoThrow);
            if (!error) {
                self->welcome(std::move(socket));
            } else if (self->m_acceptor.is_open()) {
                // Out of descriptors, mostly: waiting beats spinning.
                self->m_pause.expires_after(std::chrono::milliseconds(200));
                co_await self->m_pause.async_wait(kNoThrow);
            }
        }
    }

    void stop() {
        if (!m_acceptor.is_open()) {
            return;
        }
        boost::system::error_code ignored;
        m_acceptor.close(ignored);
        m_pause.cancel();
        if (m_isWatching) {
            m_options.clipboard->watch({});
        }
        for (const auto& session : live()) {
            session->close();
        }
        // Only our own socket is removed; a newer agent's stays.
        struct stat entry{};
        if (::stat(m_options.socketPath.c_str(), &entry) == 0 && entry.st_ino == m_inode) {
            ::unlink(m_options.socketPath.c_str());
        }
    }

    std::vector<std::shared_ptr<Session>> live() {
        std::vector<std::shared_ptr<Session>> sessions;
        std::erase_if(m_sessions, [](const auto& each) { return each.expired(); });
        for (const auto& each : m_sessions) {
            sessions.push_back(each.lock());
        }
        return sessions;
    }

    const BridgeOptions& options() const { return m_options; }

private:
    // A page got or lost the focus, or its browser is gone. The clipboard is only watched while one has it.
    void focusChanged() {
        const auto sessions = live();
        const bool isWanted = m_options.clipboard != nullptr && m_acceptor.is_open() &&
                              std::ranges::any_of(sessions, [](const auto& each) { return each->isFocused(); });
        if (isWanted) {
            // Again for each page: it learns at once what the clipboard holds now.
            m_options.clipboard->watch(
                [weak = weak_from_this(), executor = m_acceptor.get_executor()](const Clip& clip) {
                    asio::post(executor, [weak, clip] {
                        if (const auto self = weak.lock()) {
                            self->clipChanged(clip);
                        }
                    });
                });
        } else if (m_isWatching) {
            m_options.clipboard->watch({});
        }
        m_isWatching = isWanted;
    }

    void clipChanged(const Clip& clip) {
        for (const auto& session : live()) {
            session->clipChanged(clip);
        }
    }

    void welcome(Protocol::socket socket) {
        if (live().size() >= kSessionLimit) {
            logWarning("bridge", "connection refused: {} are open", kSessionLimit);
            return;
        }
        auto session = std::make_shared<Session>(std::move(socket), m_options, m_governor, m_clock);
        session->onFocus([weak = weak_from_this()] {
            if (const auto self = weak.lock()) {
                self->focusChanged();
            }
        });
        m_sessions.push_back(session);
        asio::co_spawn(m_acceptor.get_executor(), Session::run(session), [session](const std::exception_ptr& broken) {
            if (broken) {
                logError("bridge", "a session ended by an exception");
                session->close();
            }
        });
    }

    BridgeOptions m_options;
    governance::Governor& m_governor;
    const Clock& m_clock;
    Protocol::acceptor m_acceptor;
    asio::steady_timer m_pause;
    std::vector<std::weak_ptr<Session>> m_sessions;
    ino_t m_inode = 0;
    bool m_isWatching = false;
};

class LocalBridge final : public Bridge {
public:
    explicit LocalBridge(std::shared_ptr<Listener> listener) : m_listener(std::move(listener)) {}
    ~LocalBridge() override { m_listener->stop(); }
    LocalBridge(const LocalBridge&) = delete;
    LocalBridge& operator=(const LocalBridge&) = delete;

    const std::string& socketPath() const override { return m_listener->options().socketPath; }
    void policyChanged() override {
        for (const auto& session : m_listener->live()) {
            session->pushPolicy();
        }
    }
    std::size_t sessionCount() const override { return m_listener->live().size(); }
    void stop() override { m_listener->stop(); }

private:
    std::shared_ptr<Listener> m_listener;
};

} // namespace

Result<std::unique_ptr<Bridge>> Bridge::start(BridgeOptions options, governance::Governor& governor, const Clock& clock,
                                              asio::any_io_executor executor) {
    if (options.socketPath.empty()) {
        options.socketPath = ipc::defaultSocketPath();
    }
    auto listener = std::make_shared<Listener>(std::move(options), governor, clock, executor);
    GH_CHECK(listener->listen());
    asio::co_spawn(executor, Listener::accept(listener), [listener](const std::exception_ptr& broken) {
        if (broken) {
            logError("bridge", "the accept loop ended by an exception");
        }
    });
    return std::make_unique<LocalBridge>(std::move(listener));
}

} // namespace gatehouse::bridge
