// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <chrono>
#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <string>
#include <string_view>

#include <boost/asio/cancellation_signal.hpp>
#include <boost/asio/ip/tcp.hpp>

#include "gateway/gateway.h"
#include "gateway/request_guard.h"

namespace gatehouse::gateway {

// What the sessions of one gateway share. gw-io only.
struct SessionContext {
    pipeline::Pipeline& pipeline;
    GatewayLimits limits;
    std::uint16_t port = 0;
    bool isDraining = false;
    std::map<std::string, std::size_t> runningPerClient;
};

// One connection: reads requests one after the other, hands them to the pipeline, writes the answers. While a request
// runs the socket is watched, so that a client that leaves cancels what is done for it, before the first byte too; a
// client that shuts down only its sending side counts as gone.
class Session final : public std::enable_shared_from_this<Session> {
public:
    using Socket = asio::ip::tcp::socket;

    Session(Socket socket, std::shared_ptr<SessionContext> context);
    // Runs until the connection ends; then `whenDone` is called, once.
    void start(std::function<void()> whenDone);
    // Ends the connection at once; what runs for it is cancelled.
    void cancel();
    // Cancels when the current deadline has passed.
    void checkDeadline(MonotonicTime now);
    // Waiting for a request, or for the rest of its head: such a connection may be closed without loss.
    [[nodiscard]] bool isWaiting() const { return m_isWaiting; }
    [[nodiscard]] MonotonicTime waitingSince() const { return m_waitingSince; }

private:
    enum class Next { keepAlive, linger, close };
    struct Request {
        HeadFacts facts; // its views are void once the head's bytes are consumed
        ParsedHead head;
        Target target;
        const Endpoint* endpoint = nullptr;
    };
    struct Reply {
        bool hasBody = true; // false for HEAD
        bool isHttp11 = true;
        bool isKeepAlive = true;
    };

    Task<> run();
    Task<Next> serveOne();
    Task<std::expected<std::size_t, Next>> readHead();
    Task<Next> handle(Request request);
    Task<Next> runPipeline(Request request);
    Task<std::expected<std::string, Next>> readBody(const Request& request, std::size_t limit);
    Task<std::expected<std::string, Next>> readSizedBody(std::size_t length);
    Task<std::expected<std::string, Next>> readChunkedBody(std::size_t limit, std::string path);
    Task<bool> readMore();
    Task<Next> refuse(std::string path, RefusalReason reason, std::string message, int status = 0,
                      std::string_view allow = {});
    Task<Next> writeAnswer(pipeline::Answer answer, Reply reply);
    Task<Next> writeHealth(Reply reply);
    Task<Next> writeBuffered(pipeline::Answer answer, Reply reply);
    Task<Next> writeStream(pipeline::Answer answer, Reply reply);
    Task<bool> write(std::string head, std::string_view data, std::string_view tail);
    Task<> linger();

    void watchPeer();
    void stopWatching();
    void onReadable(bool hasFailed, std::uint64_t generation);
    void expireAfter(std::chrono::milliseconds time);
    void neverExpire() { m_deadline = MonotonicTime::max(); }
    [[nodiscard]] pipeline::RequestHead pipelineHead(Request& request) const;

    Socket m_socket;
    decltype(pipeline::RequestHead::peer) m_peer; // of the whole connection
    std::shared_ptr<SessionContext> m_context;
    asio::cancellation_signal m_cancel;
    asio::cancellation_signal m_watchCancel;
    std::string m_received; // read, not yet consumed
    MonotonicTime m_deadline = MonotonicTime::max();
    MonotonicTime m_waitingSince;
    std::uint64_t m_watchGeneration = 0;
    bool m_isWatching = false;
    bool m_isWaiting = true;
    bool m_isHead = false; // the current request's method is HEAD
};

} // namespace gatehouse::gateway
