// SPDX-License-Identifier: Apache-2.0
#include "gateway_fixture.h"

#include <algorithm>
#include <cctype>
#include <cstdlib>
#include <future>
#include <utility>

#include <arpa/inet.h>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/executor_work_guard.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/asio/use_future.hpp>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/socket.h>
#include <sys/time.h>
#include <unistd.h>

namespace gatehouse::gateway::test {
namespace {

class Counted {
public:
    explicit Counted(std::atomic<int>& count) : m_count(count) { ++m_count; }
    ~Counted() { --m_count; }
    Counted(const Counted&) = delete;
    Counted& operator=(const Counted&) = delete;

private:
    std::atomic<int>& m_count;
};

class FakeExchange final : public pipeline::Exchange {
public:
    FakeExchange(const Script& script, Seen& seen) : m_script(script), m_alive(seen.exchangesAlive) {}
    [[nodiscard]] std::size_t bodyLimit() const override { return m_script.bodyLimit; }
    [[nodiscard]] std::string clientId() const override { return m_script.client; }

private:
    const Script& m_script;
    Counted m_alive;
};

Task<> sleepFor(std::chrono::milliseconds time) {
    asio::steady_timer timer(co_await asio::this_coro::executor, time);
    co_await timer.async_wait(asio::use_awaitable);
}

class FakeBody final : public pipeline::BodySource {
public:
    FakeBody(const Script& script, Seen& seen) : m_script(script), m_seen(seen), m_alive(seen.bodiesAlive) {}
    Task<Result<std::optional<std::string>>> next() override {
        if (m_script.pause.count() > 0) {
            co_await sleepFor(m_script.pause);
        }
        if (m_next < m_script.pieces.size()) {
            const auto index = m_next;
            if (!m_script.isEndless || m_next + 1 < m_script.pieces.size()) {
                ++m_next;
            }
            ++m_seen.piecesGiven;
            co_return m_script.pieces[index];
        }
        if (m_script.failsAfterPieces) {
            co_return fail(ErrorKind::unavailable, "the script says so");
        }
        ++m_seen.bodiesCompleted;
        co_return std::nullopt;
    }

private:
    const Script& m_script;
    Seen& m_seen;
    Counted m_alive;
    std::size_t m_next = 0;
};

class TextBody final : public pipeline::BodySource {
public:
    explicit TextBody(std::string text) : m_text(std::move(text)) {}
    Task<Result<std::optional<std::string>>> next() override {
        auto text = std::exchange(m_text, std::nullopt);
        co_return text;
    }

private:
    std::optional<std::string> m_text;
};

class FakePipeline final : public pipeline::Pipeline {
public:
    FakePipeline(const Script& script, Seen& seen) : m_script(script), m_seen(seen) {}
    Task<std::expected<std::unique_ptr<pipeline::Exchange>, pipeline::Answer>>
    begin(pipeline::RequestHead head) override {
        m_seen.noteRequest(head);
        const bool isAuthorised =
            std::find(head.headers.begin(), head.headers.end(),
                      std::pair<std::string, std::string>("authorization", "Bearer good")) != head.headers.end() ||
            head.pathToken == "good";
        if (!isAuthorised) {
            Refusal refusal;
            refusal.reason = RefusalReason::unauthenticated;
            co_return std::unexpected(refuse(head.path, refusal));
        }
        std::unique_ptr<pipeline::Exchange> exchange = std::make_unique<FakeExchange>(m_script, m_seen);
        co_return exchange;
    }
    Task<pipeline::Answer> run(std::unique_ptr<pipeline::Exchange> exchange, std::string body) override {
        ++m_seen.runsBegun;
        m_seen.noteBody(std::move(body));
        if (m_script.thinking.count() > 0) {
            co_await sleepFor(m_script.thinking);
        }
        exchange.reset();
        pipeline::Answer answer;
        answer.headers = m_script.headers;
        answer.isStream = m_script.isStream;
        answer.body = std::make_unique<FakeBody>(m_script, m_seen);
        co_return answer;
    }
    pipeline::Answer refuse(const std::string& path, const Refusal& refusal) override {
        ++m_seen.refusals;
        pipeline::Answer answer;
        answer.status = refusalStatus(refusal.reason);
        answer.headers = {{"content-type", "application/json"}, {"x-refused-path", path}};
        answer.body = std::make_unique<TextBody>(R"({"error":")" + std::string(refusalWord(refusal.reason)) + "\"}");
        return answer;
    }

private:
    const Script& m_script;
    Seen& m_seen;
};

std::string lowered(std::string text) {
    std::transform(text.begin(), text.end(), text.begin(),
                   [](unsigned char c) { return static_cast<char>(std::tolower(c)); });
    return text;
}

} // namespace

void Seen::noteRequest(const pipeline::RequestHead& head) {
    const std::scoped_lock lock(m_mutex);
    m_heads.push_back(head);
}
void Seen::noteBody(std::string body) {
    const std::scoped_lock lock(m_mutex);
    m_bodies.push_back(std::move(body));
}
std::vector<pipeline::RequestHead> Seen::heads() const {
    const std::scoped_lock lock(m_mutex);
    return m_heads;
}
std::vector<std::string> Seen::bodies() const {
    const std::scoped_lock lock(m_mutex);
    return m_bodies;
}

std::string Response::field(std::string_view name) const {
    const auto at = head.find("\r\n" + std::string(name) + ": ");
    if (at == std::string::npos) {
        return {};
    }
    const auto begin = at + name.size() + 4;
    return head.substr(begin, head.find("\r\n", begin) - begin);
}

RawClient::RawClient(std::uint16_t port, bool isIpv6) : m_socket(socket(isIpv6 ? AF_INET6 : AF_INET, SOCK_STREAM, 0)) {
    const timeval patience{20, 0};
    setsockopt(m_socket, SOL_SOCKET, SO_RCVTIMEO, &patience, sizeof(patience));
    const int yes = 1;
    setsockopt(m_socket, IPPROTO_TCP, TCP_NODELAY, &yes, sizeof(yes));
    sockaddr_in v4{};
    v4.sin_family = AF_INET;
    v4.sin_port = htons(port);
    v4.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    sockaddr_in6 v6{};
    v6.sin6_family = AF_INET6;
    v6.sin6_port = htons(port);
    v6.sin6_addr = in6addr_loopback;
    const auto* const address =
        isIpv6 ? reinterpret_cast<const sockaddr*>(&v6) : reinterpret_cast<const sockaddr*>(&v4);
    if (connect(m_socket, address, isIpv6 ? sizeof(v6) : sizeof(v4)) != 0) {
        close();
    }
}
RawClient::~RawClient() {
    close();
}
void RawClient::close() {
    if (m_socket >= 0) {
        ::close(m_socket);
        m_socket = -1;
    }
}
void RawClient::reset() {
    const linger hard{1, 0};
    setsockopt(m_socket, SOL_SOCKET, SO_LINGER, &hard, sizeof(hard));
    close();
}
void RawClient::shutdownSending() {
    shutdown(m_socket, SHUT_WR);
}
bool RawClient::send(std::string_view bytes) {
    while (!bytes.empty()) {
        const auto sent = ::send(m_socket, bytes.data(), bytes.size(), MSG_NOSIGNAL);
        if (sent <= 0) {
            return false;
        }
        bytes.remove_prefix(static_cast<std::size_t>(sent));
    }
    return true;
}
bool RawClient::fill() {
    std::array<char, 65536> bytes{};
    const auto count = recv(m_socket, bytes.data(), bytes.size(), 0);
    if (count <= 0) {
        m_hasEnded = count == 0 || errno == ECONNRESET;
        return false;
    }
    m_received.append(bytes.data(), static_cast<std::size_t>(count));
    return true;
}
std::string RawClient::receiveSome() {
    if (m_received.empty()) {
        fill();
    }
    return std::exchange(m_received, {});
}
bool RawClient::waitForEnd() {
    while (fill()) {
        m_received.clear();
    }
    return m_hasEnded;
}

Response RawClient::receive(bool isHead) {
    Response response;
    std::size_t end = 0;
    while ((end = m_received.find("\r\n\r\n")) == std::string::npos) {
        if (!fill()) {
            return response;
        }
    }
    response.head = lowered(m_received.substr(0, end + 4));
    m_received.erase(0, end + 4);
    response.status = std::atoi(response.head.substr(9, 3).c_str());
    if (isHead || response.status == 100) {
        response.isComplete = true;
        return response;
    }
    if (response.field("transfer-encoding") == "chunked") {
        for (;;) {
            std::size_t line = 0;
            while ((line = m_received.find("\r\n")) == std::string::npos) {
                if (!fill()) {
                    return response;
                }
            }
            const auto size = std::strtoul(m_received.c_str(), nullptr, 16);
            while (m_received.size() < line + 2 + size + 2) {
                if (!fill()) {
                    return response;
                }
            }
            response.body.append(m_received, line + 2, size);
            m_received.erase(0, line + 2 + size + 2);
            if (size == 0) {
                response.isComplete = true;
                return response;
            }
        }
    }
    const auto length = response.field("content-length");
    if (length.empty()) {
        while (fill()) {
        }
        response.body = std::exchange(m_received, {});
        response.isComplete = true;
        return response;
    }
    const auto size = std::strtoul(length.c_str(), nullptr, 10);
    while (m_received.size() < size) {
        if (!fill()) {
            return response;
        }
    }
    response.body = m_received.substr(0, size);
    m_received.erase(0, size);
    response.isComplete = true;
    return response;
}

GatewayFixture::GatewayFixture(GatewayLimits limits, Script script)
    : m_script(std::move(script))
    , m_pipeline(std::make_unique<FakePipeline>(m_script, m_seen)) {
    GatewayOptions options;
    options.port = 0;
    options.limits = limits;
    auto started = Gateway::start(options, *m_pipeline, m_context.get_executor());
    if (!started) {
        std::abort();
    }
    m_gateway = std::move(*started);
    m_port = m_gateway->port();
    m_hasIpv6 = m_gateway->hasIpv6();
    m_thread = std::thread([this] { m_context.run(); });
}
GatewayFixture::~GatewayFixture() {
    drain(std::chrono::milliseconds(0));
    asio::post(m_context, [this] { m_gateway.reset(); });
    m_thread.join();
}
void GatewayFixture::drain(std::chrono::milliseconds grace) {
    asio::co_spawn(m_context, m_gateway->drain(grace), asio::use_future).get();
}
std::size_t GatewayFixture::connections() {
    std::promise<std::size_t> count;
    asio::post(m_context, [this, &count] { count.set_value(m_gateway->connectionCount()); });
    return count.get_future().get();
}
std::string GatewayFixture::withPort(std::string_view text) const {
    std::string out(text);
    constexpr std::string_view kMark = "{PORT}";
    for (std::size_t at = 0; (at = out.find(kMark)) != std::string::npos;) {
        out.replace(at, kMark.size(), std::to_string(m_port));
    }
    return out;
}
std::string GatewayFixture::post(std::string_view body, std::string_view extraHeaders) const {
    return withPort("POST /v1/chat/completions HTTP/1.1\r\nHost: 127.0.0.1:{PORT}\r\nAuthorization: Bearer good\r\n"
                    "Content-Type: application/json\r\nContent-Length: " +
                    std::to_string(body.size()) + "\r\n" + std::string(extraHeaders) + "\r\n" + std::string(body));
}
Response GatewayFixture::ask(std::string_view request) {
    RawClient client(m_port);
    client.send(withPort(request));
    return client.receive();
}

} // namespace gatehouse::gateway::test
