// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <atomic>
#include <chrono>
#include <cstdint>
#include <functional>
#include <mutex>
#include <string>
#include <string_view>
#include <thread>
#include <vector>

// A TCP server on a free loopback port whose every connection runs a script of the test, in a thread of its own. For
// what well-behaved servers never do: delays, half chunks, resets, silence.
namespace gatehouse::test {

class ServerConnection {
public:
    explicit ServerConnection(int socket) : m_socket(socket) {}
    // A head and the body that its Content-Length announces; empty when the client left first.
    std::string readRequest();
    bool send(std::string_view bytes);
    void sleep(std::chrono::milliseconds time);
    // Waits until the client has closed; false when it had not within 20 s.
    bool waitForClose();
    void reset(); // closes with RST
    void close();

private:
    int m_socket;
    std::string m_received;
};

class ScriptedServer {
public:
    using Script = std::function<void(ServerConnection&)>;
    explicit ScriptedServer(Script script);
    ~ScriptedServer();
    ScriptedServer(const ScriptedServer&) = delete;
    ScriptedServer& operator=(const ScriptedServer&) = delete;

    [[nodiscard]] std::uint16_t port() const { return m_port; }
    [[nodiscard]] std::string url(std::string_view path) const;
    [[nodiscard]] int connections() const { return m_connections; }

private:
    void accept();
    Script m_script;
    int m_listener = -1;
    std::uint16_t m_port = 0;
    std::atomic<int> m_connections = 0;
    std::atomic<bool> m_isStopping = false;
    std::mutex m_mutex;
    std::vector<std::thread> m_threads;
    std::vector<int> m_sockets;
    std::thread m_thread;
};

} // namespace gatehouse::test
