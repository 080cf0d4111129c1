// SPDX-License-Identifier: Apache-2.0
#include "server.h"

#include <list>

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/ssl/context.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/beast/ssl.hpp>

#include "base/log.h"
#include "http_session.h"
#include "peer_certificate.h"

namespace gatehouse::collector {
namespace {

using Tcp = asio::ip::tcp;
using TlsStream = beast::ssl_stream<beast::tcp_stream>;

constexpr std::chrono::seconds kHandshake{15};

Result<> prepareTls(asio::ssl::context& tls, const Config& config) {
    boost::system::error_code error;
    tls.set_options(asio::ssl::context::default_workarounds | asio::ssl::context::no_sslv2 |
                    asio::ssl::context::no_sslv3 | asio::ssl::context::no_tlsv1 | asio::ssl::context::no_tlsv1_1 |
                    asio::ssl::context::single_dh_use);
    tls.use_certificate_chain_file(config.certificate, error);
    if (error) {
        return fail(ErrorKind::invalidInput, "the file of \"certificate\" cannot be used", error.value());
    }
    tls.use_private_key_file(config.key, asio::ssl::context::pem, error);
    if (error) {
        return fail(ErrorKind::invalidInput, "the file of \"key\" cannot be used", error.value());
    }
    for (const std::string& authority : {config.deviceAuthority, config.caCertificate}) {
        if (!authority.empty()) {
            tls.load_verify_file(authority, error);
        }
        if (error) {
            return fail(ErrorKind::invalidInput, "the file of \"device_ca\" or \"ca_certificate\" cannot be used",
                        error.value());
        }
    }
    // An intermediate authority may be all that is trusted: then its siblings' certificates do not count.
    X509_VERIFY_PARAM_set_flags(SSL_CTX_get0_param(tls.native_handle()), X509_V_FLAG_PARTIAL_CHAIN);
    // Who shows no certificate is told so by an answer, not by a broken handshake.
    tls.set_verify_mode(asio::ssl::verify_peer, error);
    // Sessions belong to this context alone, so that a resumed one was verified by the same authority.
    constexpr std::string_view kName = "gatehouse-collector";
    SSL_CTX_set_session_id_context(tls.native_handle(), bytesOf(kName).data(), kName.size());
    return {};
}

class LiveServer final : public Server, public std::enable_shared_from_this<LiveServer> {
public:
    LiveServer(Context& context, Port kind, const asio::any_io_executor& executor)
        : m_context(context)
        , m_kind(kind)
        , m_executor(executor)
        , m_acceptor(executor)
        , m_pause(executor) {}

    Result<> listen() {
        if (m_kind == Port::devices) {
            GH_CHECK(prepareTls(m_tls, m_context.config));
        }
        const Address& address = m_kind == Port::devices ? m_context.config.listen : m_context.config.status;
        boost::system::error_code error;
        const auto host = asio::ip::make_address(address.host, error);
        if (error) {
            return fail(ErrorKind::invalidInput, address.host + " is not an IP address");
        }
        const Tcp::endpoint endpoint(host, address.port);
        m_acceptor.open(endpoint.protocol(), error);
        if (!error) {
            m_acceptor.set_option(Tcp::acceptor::reuse_address(true), error);
        }
        if (!error) {
            m_acceptor.bind(endpoint, error);
        }
        if (!error) {
            m_acceptor.listen(Tcp::acceptor::max_listen_connections, error);
        }
        if (error) {
            return fail(ErrorKind::unavailable, "the port " + std::to_string(address.port) + " cannot be had",
                        error.value());
        }
        asio::co_spawn(m_executor, accept(), [self = shared_from_this()](const std::exception_ptr& failure) {
            if (failure && !self->m_isDraining) {
                logError("collector", "accepting connections ended by an exception");
            }
        });
        return {};
    }

    [[nodiscard]] std::uint16_t port() const override { return m_acceptor.local_endpoint().port(); }

    void drain(std::function<void()> whenDone) override {
        m_isDraining = true;
        m_whenDone = std::move(whenDone);
        boost::system::error_code ignored;
        m_acceptor.close(ignored);
        m_pause.cancel();
        closeSessions(false);
        tellWhenDone();
    }

    void stop() override { closeSessions(true); }

private:
    using Sessions = std::list<SessionState>;

    Task<> accept() {
        while (!m_isDraining) {
            auto [error, socket] = co_await m_acceptor.async_accept(kAwaitTuple);
            if (m_isDraining) {
                co_return;
            }
            if (error) {
                // Out of descriptors: nothing is gained by asking again at once.
                m_pause.expires_after(std::chrono::milliseconds(200));
                [[maybe_unused]] const auto waited = co_await m_pause.async_wait(kAwaitTuple);
                continue;
            }
            if (m_sessions.size() >= m_context.config.connections) {
                continue; // closed at once
            }
            begin(std::move(socket));
        }
    }

    void begin(Tcp::socket socket) {
        m_context.metrics.add(Count::connections);
        boost::system::error_code ignored;
        socket.set_option(Tcp::no_delay(true), ignored);
        const auto place = m_sessions.emplace(m_sessions.end());
        auto task =
            m_kind == Port::devices ? serveDevice(std::move(socket), *place) : serveOperator(std::move(socket), *place);
        asio::co_spawn(m_executor, std::move(task),
                       [self = shared_from_this(), place](const std::exception_ptr& failure) {
                           if (failure) {
                               logError("collector", "a connection ended by an exception");
                           }
                           self->m_sessions.erase(place);
                           self->tellWhenDone();
                       });
    }

    Task<> serveDevice(Tcp::socket socket, SessionState& state) {
        TlsStream stream(std::move(socket), m_tls);
        state.close = [&stream] { beast::get_lowest_layer(stream).close(); };
        beast::get_lowest_layer(stream).expires_after(kHandshake);
        const auto [error] = co_await stream.async_handshake(asio::ssl::stream_base::server, kAwaitTuple);
        if (!error) {
            std::optional<Sender> sender = senderOf(stream.native_handle());
            co_await serveHttp(stream, m_context, state, std::move(sender), &answerDevice);
            beast::get_lowest_layer(stream).expires_after(kHandshake);
            [[maybe_unused]] const auto shut = co_await stream.async_shutdown(kAwaitTuple);
        }
        state.close = nullptr;
    }

    Task<> serveOperator(Tcp::socket socket, SessionState& state) {
        beast::tcp_stream stream(std::move(socket));
        state.close = [&stream] { stream.close(); };
        std::optional<Sender> nobody;
        co_await serveHttp(stream, m_context, state, std::move(nobody), &answerOperator);
        state.close = nullptr;
    }

    void closeSessions(bool withBusy) {
        for (SessionState& session : m_sessions) {
            if (session.close && (withBusy || !session.isBusy)) {
                session.close();
            }
        }
    }

    void tellWhenDone() {
        if (m_isDraining && m_sessions.empty() && m_whenDone) {
            std::exchange(m_whenDone, nullptr)();
        }
    }

    Context& m_context;
    Port m_kind;
    asio::any_io_executor m_executor;
    asio::ssl::context m_tls{asio::ssl::context::tls_server};
    Tcp::acceptor m_acceptor;
    asio::steady_timer m_pause;
    Sessions m_sessions;
    std::function<void()> m_whenDone;
    bool m_isDraining = false;
};

} // namespace

Result<std::shared_ptr<Server>> Server::start(Context& context, Port port, const asio::any_io_executor& executor) {
    auto server = std::make_shared<LiveServer>(context, port, executor);
    GH_CHECK(server->listen());
    return std::shared_ptr<Server>(std::move(server));
}

} // namespace gatehouse::collector
