// SPDX-License-Identifier: Apache-2.0
#include "gateway/session.h"

#include <array>
#include <exception>
#include <utility>

#include <boost/asio/as_tuple.hpp>
#include <boost/asio/bind_cancellation_slot.hpp>
#include <boost/asio/buffer.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/use_awaitable.hpp>

#include "base/log.h"
#include "gateway/answer_head.h"

namespace gatehouse::gateway {
namespace {

constexpr auto kAwaitTuple = asio::as_tuple(asio::use_awaitable);
constexpr std::size_t kReadBytes = 16UL * 1024UL;
constexpr std::size_t kMaxPipelined = 64UL * 1024UL; // bytes of later requests that are taken in while one runs

// A client's share of running requests, given back on every exit.
class ClientSlot final {
public:
    ClientSlot(SessionContext& context, std::string client) : m_context(context), m_client(std::move(client)) {
        m_running = ++m_context.runningPerClient[m_client];
    }
    ~ClientSlot() {
        const auto found = m_context.runningPerClient.find(m_client);
        if (--found->second == 0) {
            m_context.runningPerClient.erase(found);
        }
    }
    ClientSlot(const ClientSlot&) = delete;
    ClientSlot& operator=(const ClientSlot&) = delete;
    [[nodiscard]] bool isAbove(std::size_t limit) const { return m_running > limit; }

private:
    SessionContext& m_context;
    std::string m_client;
    std::size_t m_running = 0;
};

} // namespace

Session::Session(Socket socket, std::shared_ptr<SessionContext> context)
    : m_socket(std::move(socket))
    , m_context(std::move(context))
    , m_waitingSince(std::chrono::steady_clock::now()) {}

void Session::start(std::function<void()> whenDone) {
    boost::system::error_code ignored;
    m_socket.non_blocking(true, ignored);
    m_socket.set_option(asio::ip::tcp::no_delay(true), ignored);
    const auto remote = m_socket.remote_endpoint(ignored);
    const auto local = m_socket.local_endpoint(ignored);
    m_peer = {remote.address().to_string(), remote.port(), local.port()};
    auto self = shared_from_this();
    asio::co_spawn(m_socket.get_executor(), run(),
                   asio::bind_cancellation_slot(m_cancel.slot(), [self, whenDone](const std::exception_ptr& error) {
                       // A cancelled session ends by an exception of Asio's; anything else is a bug of ours.
                       try {
                           if (error) {
                               std::rethrow_exception(error);
                           }
                       } catch (const boost::system::system_error& failure) {
                           if (failure.code() != asio::error::operation_aborted) {
                               logError("gateway", "a session ended by error {}", failure.code().value());
                           }
                       } catch (const std::exception&) {
                           logError("gateway", "a session ended by an unexpected exception");
                       }
                       boost::system::error_code closing;
                       self->m_socket.close(closing);
                       whenDone();
                   }));
}

void Session::cancel() {
    m_cancel.emit(asio::cancellation_type::terminal);
}

void Session::checkDeadline(MonotonicTime now) {
    if (now >= m_deadline) {
        neverExpire();
        cancel();
    }
}

void Session::expireAfter(std::chrono::milliseconds time) {
    m_deadline = std::chrono::steady_clock::now() + time;
}

Task<> Session::run() {
    auto next = Next::keepAlive;
    while (next == Next::keepAlive) {
        next = co_await serveOne();
    }
    if (next == Next::linger) {
        co_await linger();
    }
    boost::system::error_code ignored;
    m_socket.shutdown(Socket::shutdown_both, ignored);
}

Task<Session::Next> Session::serveOne() {
    if (m_context->isDraining) {
        co_return Next::close;
    }
    const auto length = co_await readHead();
    if (!length) {
        co_return length.error();
    }
    Request request;
    const auto facts = checkHead(std::string_view(m_received).substr(0, *length));
    if (!facts) {
        co_return co_await refuse({}, RefusalReason::malformedRequest, std::string(facts.error().what));
    }
    request.facts = *facts;
    auto parsed = parseHead(std::string_view(m_received).substr(0, *length), *facts);
    auto target = splitTarget(facts->target);
    if (!parsed || !target) {
        co_return co_await refuse({}, RefusalReason::malformedRequest, "the request cannot be read");
    }
    request.head = std::move(*parsed);
    request.target = std::move(*target);
    const auto verdict = guardRequest(*facts, request.head, request.target, m_context->port, request.endpoint);
    request.facts.method = request.facts.target = request.facts.host = {};
    m_received.erase(0, *length);
    m_isHead = request.head.method == "HEAD";
    if (verdict) {
        co_return co_await refuse(request.target.path, verdict->reason, verdict->message, 0, verdict->allow);
    }
    co_return co_await handle(std::move(request));
}

Task<std::expected<std::size_t, Session::Next>> Session::readHead() {
    HeadScanner scanner({m_context->limits.headBytes, m_context->limits.lineBytes, m_context->limits.fields});
    m_isHead = false;
    m_isWaiting = true;
    m_waitingSince = std::chrono::steady_clock::now();
    expireAfter(m_received.empty() ? m_context->limits.idleTime : m_context->limits.headTime);
    for (;;) {
        const auto found = scanner.scan(m_received);
        if (!found) {
            m_isWaiting = false;
            const bool isSize = found.error().kind == HeadFaultKind::tooLarge;
            const auto reason = isSize ? RefusalReason::tooLarge : RefusalReason::malformedRequest;
            const auto next = co_await refuse({}, reason, std::string(found.error().what), isSize ? 431 : 0);
            co_return std::unexpected(next);
        }
        if (*found) {
            m_isWaiting = false;
            neverExpire();
            co_return **found;
        }
        const bool wasEmpty = m_received.empty();
        const bool isOpen = co_await readMore();
        if (!isOpen) {
            co_return std::unexpected(Next::close);
        }
        if (wasEmpty) {
            expireAfter(m_context->limits.headTime);
        }
    }
}

Task<bool> Session::readMore() {
    const auto before = m_received.size();
    m_received.resize_and_overwrite(before + kReadBytes, [](char*, std::size_t size) { return size; });
    const auto [error, count] =
        co_await m_socket.async_read_some(asio::buffer(m_received.data() + before, kReadBytes), kAwaitTuple);
    m_received.resize(before + count);
    co_return !error;
}

pipeline::RequestHead Session::pipelineHead(Request& request) const {
    pipeline::RequestHead head;
    // HEAD is GET whose body is not sent; the pipeline need not know.
    head.method = request.head.method == "HEAD" ? "GET" : request.head.method;
    head.path = request.target.path;
    head.query = std::move(request.target.query);
    head.headers = std::move(request.head.headers);
    head.pathToken = std::move(request.target.pathToken);
    head.peer = m_peer;
    return head;
}

Task<Session::Next> Session::handle(Request request) {
    if (request.endpoint->kind == EndpointKind::health) {
        const Reply reply{!m_isHead, request.head.isHttp11, request.head.isKeepAlive && !m_context->isDraining};
        co_return co_await writeHealth(reply);
    }
    const auto next = co_await runPipeline(std::move(request));
    stopWatching();
    co_return next;
}

Task<Session::Next> Session::runPipeline(Request request) {
    const Reply reply{!m_isHead, request.head.isHttp11, request.head.isKeepAlive};
    const auto path = request.target.path;
    const bool hasBody = request.facts.isChunked || request.facts.contentLength.value_or(0) > 0;
    const auto* const expect = findHeader(request.head.headers, "expect");
    const bool wantsContinue = expect != nullptr && hasBody && request.head.isHttp11;
    auto head = pipelineHead(request);
    auto begun = co_await m_context->pipeline.begin(std::move(head));
    if (!begun) {
        auto unread = reply;
        unread.isKeepAlive = reply.isKeepAlive && !hasBody;
        const auto next = co_await writeAnswer(std::move(begun).error(), unread);
        co_return hasBody ? Next::linger : next;
    }
    auto exchange = std::move(*begun);
    const ClientSlot slot(*m_context, exchange->clientId());
    if (slot.isAbove(m_context->limits.connectionsPerClient)) {
        co_return co_await refuse(path, RefusalReason::limited, "This client runs too many requests at once.");
    }
    const auto limit = exchange->bodyLimit();
    if (request.facts.contentLength.value_or(0) > limit) {
        co_return co_await refuse(path, RefusalReason::tooLarge, "The body is larger than policy allows.");
    }
    if (wantsContinue && m_received.empty()) {
        const bool isWritten = co_await write("HTTP/1.1 100 Continue\r\n\r\n", {}, {});
        if (!isWritten) {
            co_return Next::close;
        }
    }
    auto body = co_await readBody(request, limit);
    if (!body) {
        co_return body.error();
    }
    watchPeer();
    auto answer = co_await m_context->pipeline.run(std::move(exchange), std::move(*body));
    co_return co_await writeAnswer(std::move(answer), reply);
}

Task<Session::Next> Session::refuse(std::string path, RefusalReason reason, std::string message, int status,
                                    std::string_view allow) {
    Refusal refusal;
    refusal.reason = reason;
    refusal.message = std::move(message);
    auto answer = m_context->pipeline.refuse(path, refusal);
    if (status != 0) {
        answer.status = status;
    }
    if (!allow.empty()) {
        answer.headers.emplace_back("allow", std::string(allow));
    }
    const Reply reply{!m_isHead, true, false};
    co_await writeAnswer(std::move(answer), reply);
    co_return Next::linger;
}

// A connection that is closed while the client still sends is reset, and the reset may overtake the refusal. So the
// sending side is shut first, and what the client sends is read and dropped for a while.
Task<> Session::linger() {
    boost::system::error_code ignored;
    m_socket.shutdown(Socket::shutdown_send, ignored);
    m_received.clear();
    m_received.shrink_to_fit();
    expireAfter(m_context->limits.lingerTime);
    std::array<char, kReadBytes> dropped{};
    for (;;) {
        const auto [error, count] = co_await m_socket.async_read_some(asio::buffer(dropped), kAwaitTuple);
        if (error || count == 0) {
            co_return;
        }
    }
}

void Session::watchPeer() {
    m_isWatching = true;
    const auto generation = ++m_watchGeneration;
    m_socket.async_wait(Socket::wait_read,
                        asio::bind_cancellation_slot(m_watchCancel.slot(), [self = shared_from_this(), generation](
                                                                               const boost::system::error_code& error) {
                            self->onReadable(static_cast<bool>(error), generation);
                        }));
}

void Session::stopWatching() {
    if (m_isWatching) {
        m_isWatching = false;
        ++m_watchGeneration;
        m_watchCancel.emit(asio::cancellation_type::terminal);
    }
}

void Session::onReadable(bool hasFailed, std::uint64_t generation) {
    if (hasFailed || generation != m_watchGeneration) {
        return;
    }
    std::array<char, 4096> bytes{};
    boost::system::error_code error;
    const auto count = m_socket.read_some(asio::buffer(bytes), error);
    if (error && error != asio::error::would_block && error != asio::error::try_again) {
        m_isWatching = false;
        cancel();
        return;
    }
    m_received.append(bytes.data(), count);
    if (m_received.size() < kMaxPipelined) {
        watchPeer();
    }
}

} // namespace gatehouse::gateway
