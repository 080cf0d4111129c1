// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <atomic>
#include <chrono>
#include <deque>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>
#include <thread>
#include <vector>

#include <boost/asio/io_context.hpp>

#include "gateway/gateway.h"

// A real gateway on a free port with a pipeline whose answers the test chooses, and a client that sends raw bytes.
namespace gatehouse::gateway::test {

// What the fake pipeline does; set before requests are sent.
struct Script {
    std::vector<std::string> pieces{R"({"answer":"ok"})"};
    bool isStream = false;
    bool isEndless = false;                // repeats the last piece for ever
    std::chrono::milliseconds pause{0};    // before each piece
    std::chrono::milliseconds thinking{0}; // in run(), before the answer
    bool failsAfterPieces = false;         // the body ends with an error
    std::size_t bodyLimit = 8UL * 1024UL * 1024UL;
    std::string client = "test";
    pipeline::Headers headers{{"content-type", "application/json"}};
};

// What the fake pipeline saw. Thread-safe.
class Seen {
public:
    void noteRequest(const pipeline::RequestHead& head);
    void noteBody(std::string body);
    std::vector<pipeline::RequestHead> heads() const;
    std::vector<std::string> bodies() const;

    std::atomic<int> exchangesAlive = 0;
    std::atomic<int> runsBegun = 0;
    std::atomic<int> piecesGiven = 0;
    std::atomic<int> bodiesAlive = 0;
    std::atomic<int> bodiesCompleted = 0; // pulled to their end
    std::atomic<int> refusals = 0;

private:
    mutable std::mutex m_mutex;
    std::vector<pipeline::RequestHead> m_heads;
    std::vector<std::string> m_bodies;
};

struct Response {
    int status = 0;
    std::string head; // with the status line, lower-case
    std::string body; // decoded
    bool isComplete = false;

    [[nodiscard]] std::string field(std::string_view name) const; // lower-case; empty when absent
};

// A blocking TCP client with a receive time-out of 20 s.
class RawClient {
public:
    explicit RawClient(std::uint16_t port, bool isIpv6 = false);
    ~RawClient();
    RawClient(const RawClient&) = delete;
    RawClient& operator=(const RawClient&) = delete;

    [[nodiscard]] bool isConnected() const { return m_socket >= 0; }
    // False once the other side refuses more bytes.
    bool send(std::string_view bytes);
    void shutdownSending();
    void reset(); // closes with RST
    void close();
    // The next response. `isHead`: it has no body.
    Response receive(bool isHead = false);
    // Reads for as long as it takes to see the end of the connection; true when it ended.
    bool waitForEnd();
    // Raw bytes that came; at least one unless the connection ended or nothing came in time.
    std::string receiveSome();
    int handle() const { return m_socket; }

private:
    bool fill();
    int m_socket = -1;
    bool m_hasEnded = false;
    std::string m_received;
};

class GatewayFixture {
public:
    explicit GatewayFixture(GatewayLimits limits = {}, Script script = {});
    ~GatewayFixture();
    GatewayFixture(const GatewayFixture&) = delete;
    GatewayFixture& operator=(const GatewayFixture&) = delete;

    [[nodiscard]] std::uint16_t port() const { return m_port; }
    [[nodiscard]] bool hasIpv6() const { return m_hasIpv6; }
    Seen& seen() { return m_seen; }
    std::size_t connections();
    // Drains on the gateway's thread and waits for it.
    void drain(std::chrono::milliseconds grace);
    // One request on a connection of its own; {PORT} in the text becomes the port.
    Response ask(std::string_view request);
    // A well-formed POST with this body.
    [[nodiscard]] std::string post(std::string_view body, std::string_view extraHeaders = {}) const;
    [[nodiscard]] std::string withPort(std::string_view text) const;
    // Waits up to 20 s for the condition.
    template <class Condition>
    static bool eventually(Condition condition) {
        for (int i = 0; i < 2000; ++i) {
            if (condition()) {
                return true;
            }
            std::this_thread::sleep_for(std::chrono::milliseconds(10));
        }
        return false;
    }

private:
    asio::io_context m_context{1};
    Script m_script;
    Seen m_seen;
    std::unique_ptr<pipeline::Pipeline> m_pipeline;
    std::unique_ptr<Gateway> m_gateway;
    std::thread m_thread;
    std::uint16_t m_port = 0;
    bool m_hasIpv6 = false;
};

} // namespace gatehouse::gateway::test
