// SPDX-License-Identifier: Apache-2.0
#include "support/scripted_server.h"

#include <array>
#include <cstdlib>

#include <arpa/inet.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/socket.h>
#include <sys/time.h>
#include <unistd.h>

namespace gatehouse::test {

std::string ServerConnection::readRequest() {
    for (;;) {
        const auto end = m_received.find("\r\n\r\n");
        if (end != std::string::npos) {
            const auto field = m_received.find("Content-Length: ");
            const auto length = field < end ? std::strtoul(m_received.c_str() + field + 16, nullptr, 10) : 0;
            if (m_received.size() >= end + 4 + length) {
                auto request = m_received.substr(0, end + 4 + length);
                m_received.erase(0, request.size());
                return request;
            }
        }
        std::array<char, 65536> bytes{};
        const auto count = recv(m_socket, bytes.data(), bytes.size(), 0);
        if (count <= 0) {
            return {};
        }
        m_received.append(bytes.data(), static_cast<std::size_t>(count));
    }
}

bool ServerConnection::send(std::string_view bytes) {
    while (!bytes.empty()) {
        const auto sent = ::send(m_socket, bytes.data(), bytes.size(), MSG_NOSIGNAL);
        if (sent <= 0) {
            return false;
        }
        bytes.remove_prefix(static_cast<std::size_t>(sent));
    }
    return true;
}

void ServerConnection::sleep(std::chrono::milliseconds time) {
    std::this_thread::sleep_for(time);
}

bool ServerConnection::waitForClose() {
    const timeval patience{20, 0};
    setsockopt(m_socket, SOL_SOCKET, SO_RCVTIMEO, &patience, sizeof(patience));
    std::array<char, 4096> bytes{};
    for (;;) {
        const auto count = recv(m_socket, bytes.data(), bytes.size(), 0);
        if (count == 0) {
            return true;
        }
        if (count < 0) {
            return errno == ECONNRESET;
        }
    }
}

// The descriptor stays open until the server ends, so that its number is not taken by another connection meanwhile.
void ServerConnection::reset() {
    const linger hard{1, 0};
    setsockopt(m_socket, SOL_SOCKET, SO_LINGER, &hard, sizeof(hard));
    close();
}

void ServerConnection::close() {
    shutdown(m_socket, SHUT_RDWR);
}

ScriptedServer::ScriptedServer(Script script) : m_script(std::move(script)) {
    m_listener = socket(AF_INET, SOCK_STREAM, 0);
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    socklen_t size = sizeof(address);
    if (bind(m_listener, reinterpret_cast<const sockaddr*>(&address), sizeof(address)) != 0 ||
        listen(m_listener, 64) != 0 || getsockname(m_listener, reinterpret_cast<sockaddr*>(&address), &size) != 0) {
        std::abort();
    }
    m_port = ntohs(address.sin_port);
    m_thread = std::thread([this] { accept(); });
}

ScriptedServer::~ScriptedServer() {
    m_isStopping = true;
    shutdown(m_listener, SHUT_RDWR);
    m_thread.join();
    {
        const std::scoped_lock lock(m_mutex);
        for (const int socket : m_sockets) {
            shutdown(socket, SHUT_RDWR);
        }
    }
    for (auto& thread : m_threads) {
        thread.join();
    }
    for (const int socket : m_sockets) {
        close(socket);
    }
    close(m_listener);
}

std::string ScriptedServer::url(std::string_view path) const {
    return "http://127.0.0.1:" + std::to_string(m_port) + std::string(path);
}

void ScriptedServer::accept() {
    while (!m_isStopping) {
        const int socket = ::accept(m_listener, nullptr, nullptr);
        if (socket < 0) {
            return;
        }
        const int yes = 1;
        setsockopt(socket, IPPROTO_TCP, TCP_NODELAY, &yes, sizeof(yes));
        ++m_connections;
        const std::scoped_lock lock(m_mutex);
        m_sockets.push_back(socket);
        m_threads.emplace_back([this, socket] {
            ServerConnection connection(socket);
            m_script(connection);
            shutdown(socket, SHUT_RDWR);
        });
    }
}

} // namespace gatehouse::test
