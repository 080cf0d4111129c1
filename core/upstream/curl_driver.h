// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <map>
#include <memory>
#include <set>
#include <vector>

#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/steady_timer.hpp>
#include <curl/curl.h>

#include "base/async.h"
#include "base/clock.h"

// Runs libcurl's multi interface by socket actions on the executor's thread. The choice between this and a thread of
// its own lives in these two files alone (docs/decisions/0009-libcurl-on-the-io-thread.md).
namespace gatehouse::upstream {

// Told, on the executor, how a transfer ended; add() may tell it before it returns.
class TransferEnd {
public:
    virtual ~TransferEnd() = default;
    virtual void ended(CURLcode code) = 0;
};

class CurlDriver final : public std::enable_shared_from_this<CurlDriver> {
public:
    CurlDriver(const asio::any_io_executor& executor, std::size_t maxPerHost, std::size_t maxIdle);
    ~CurlDriver();
    CurlDriver(const CurlDriver&) = delete;
    CurlDriver& operator=(const CurlDriver&) = delete;

    [[nodiscard]] bool isUsable() const { return m_multi != nullptr; }
    [[nodiscard]] const asio::any_io_executor& executor() const { return m_executor; }
    // A clean easy handle, perhaps a used one; null when there is no memory.
    CURL* takeHandle();
    void giveBack(CURL* easy);
    // A socket that libcurl was given to connect; it stays registered until libcurl closes it.
    void opened(curl_socket_t socket);
    // Before add(): lets the driver close the sockets of this handle's connections.
    void watchClosing(CURL* easy);
    // Starts, and does at once what can be done without waiting; `end` must stay until it was told or remove() was
    // called.
    bool add(CURL* easy, TransferEnd* end);
    // Stops a transfer at once and closes its connection if it was in use. Harmless when it has ended.
    void remove(CURL* easy);
    // After curl_easy_pause().
    void kick();
    // Ends all transfers with CURLE_ABORTED_BY_CALLBACK and refuses new ones.
    void shutdown();

private:
    struct Watch;

    static int onSocket(CURL* easy, curl_socket_t socket, int what, void* driver, void* watch);
    static int onClose(void* driver, curl_socket_t socket);
    static int onTimer(CURLM* multi, long timeoutMs, void* driver);
    void watch(curl_socket_t socket, int what);
    void arm(const std::shared_ptr<Watch>& watch);
    void act(curl_socket_t socket, int events);
    void forget(curl_socket_t socket);
    void setTimer(long timeoutMs);
    void armTimer();
    void collectEnded();

    asio::any_io_executor m_executor;
    CURLM* m_multi = nullptr;
    asio::steady_timer m_timer;
    MonotonicTime m_due = MonotonicTime::max();   // when libcurl wants to be called
    MonotonicTime m_armed = MonotonicTime::max(); // when m_timer fires
    bool m_isKicking = false;
    std::map<curl_socket_t, std::shared_ptr<Watch>> m_watches;
    std::set<curl_socket_t> m_opened;
    std::map<CURL*, TransferEnd*> m_running;
    std::vector<CURL*> m_spare;
};

} // namespace gatehouse::upstream
