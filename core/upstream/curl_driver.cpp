// SPDX-License-Identifier: Apache-2.0
#include "upstream/curl_driver.h"

#include <chrono>
#include <utility>

#include <boost/asio/post.hpp>

namespace gatehouse::upstream {
namespace {

constexpr std::size_t kSpareHandles = 32;
using Socket = asio::ip::tcp::socket;

} // namespace

// A socket of libcurl's under Asio's eyes, from its first use until libcurl closes it: a kept-alive connection is not
// registered anew for each request. libcurl owns the descriptor: it is released, never closed, by Asio.
struct CurlDriver::Watch {
    explicit Watch(const asio::any_io_executor& executor) : socket(executor) {}
    Socket socket;
    curl_socket_t descriptor = CURL_SOCKET_BAD;
    int wanted = CURL_POLL_NONE;
    bool isReadArmed = false;
    bool isWriteArmed = false;
};

CurlDriver::CurlDriver(const asio::any_io_executor& executor, std::size_t maxPerHost, std::size_t maxIdle)
    : m_executor(executor)
    , m_multi(curl_multi_init())
    , m_timer(executor) {
    if (m_multi == nullptr) {
        return;
    }
    curl_multi_setopt(m_multi, CURLMOPT_SOCKETFUNCTION, &CurlDriver::onSocket);
    curl_multi_setopt(m_multi, CURLMOPT_SOCKETDATA, this);
    curl_multi_setopt(m_multi, CURLMOPT_TIMERFUNCTION, &CurlDriver::onTimer);
    curl_multi_setopt(m_multi, CURLMOPT_TIMERDATA, this);
    curl_multi_setopt(m_multi, CURLMOPT_MAX_HOST_CONNECTIONS, static_cast<long>(maxPerHost));
    curl_multi_setopt(m_multi, CURLMOPT_MAXCONNECTS, static_cast<long>(maxIdle));
}

CurlDriver::~CurlDriver() {
    shutdown();
    for (auto* const easy : m_spare) {
        curl_easy_cleanup(easy);
    }
    if (m_multi != nullptr) {
        curl_multi_cleanup(m_multi); // closes idle connections through onClose
    }
    for (const auto& [descriptor, watch] : m_watches) {
        boost::system::error_code ignored;
        watch->socket.release(ignored);
    }
}

CURL* CurlDriver::takeHandle() {
    if (m_spare.empty()) {
        return curl_easy_init();
    }
    auto* const easy = m_spare.back();
    m_spare.pop_back();
    return easy;
}

void CurlDriver::giveBack(CURL* easy) {
    if (m_spare.size() >= kSpareHandles) {
        curl_easy_cleanup(easy);
        return;
    }
    curl_easy_reset(easy);
    m_spare.push_back(easy);
}

void CurlDriver::watchClosing(CURL* easy) {
    curl_easy_setopt(easy, CURLOPT_CLOSESOCKETFUNCTION, &CurlDriver::onClose);
    curl_easy_setopt(easy, CURLOPT_CLOSESOCKETDATA, this);
}

bool CurlDriver::add(CURL* easy, TransferEnd* end) {
    if (m_multi == nullptr) {
        return false;
    }
    m_running.emplace(easy, end);
    m_isKicking = true; // what libcurl asks for by a timer of zero is done just below
    const bool isAdded = curl_multi_add_handle(m_multi, easy) == CURLM_OK;
    m_isKicking = false;
    if (!isAdded) {
        m_running.erase(easy);
        return false;
    }
    kick();
    return true;
}

void CurlDriver::remove(CURL* easy) {
    if (m_running.erase(easy) > 0) {
        curl_multi_remove_handle(m_multi, easy);
    }
}

void CurlDriver::kick() {
    if (m_multi == nullptr) {
        return;
    }
    act(CURL_SOCKET_TIMEOUT, 0);
}

void CurlDriver::shutdown() {
    m_timer.cancel();
    for (auto running = std::exchange(m_running, {}); const auto& [easy, end] : running) {
        curl_multi_remove_handle(m_multi, easy);
        end->ended(CURLE_ABORTED_BY_CALLBACK);
    }
}

int CurlDriver::onSocket(CURL* /*easy*/, curl_socket_t socket, int what, void* driver, void* /*watch*/) {
    static_cast<CurlDriver*>(driver)->watch(socket, what);
    return 0;
}

int CurlDriver::onClose(void* driver, curl_socket_t socket) {
    auto* const self = static_cast<CurlDriver*>(driver);
    self->forget(socket);
    self->m_opened.erase(socket);
    Socket last(self->m_executor); // closes on every system alike
    boost::system::error_code error;
    last.assign(asio::ip::tcp::v4(), socket, error);
    if (!error) {
        last.close(error);
    }
    return error ? 1 : 0;
}

void CurlDriver::opened(curl_socket_t socket) {
    forget(socket);
    m_opened.insert(socket);
}

void CurlDriver::forget(curl_socket_t socket) {
    if (const auto found = m_watches.find(socket); found != m_watches.end()) {
        boost::system::error_code ignored;
        found->second->wanted = CURL_POLL_NONE;
        found->second->socket.release(ignored);
        m_watches.erase(found);
    }
}

int CurlDriver::onTimer(CURLM* /*multi*/, long timeoutMs, void* driver) {
    static_cast<CurlDriver*>(driver)->setTimer(timeoutMs);
    return 0;
}

void CurlDriver::watch(curl_socket_t socket, int what) {
    const auto found = m_watches.find(socket);
    boost::system::error_code ignored;
    if (what == CURL_POLL_REMOVE) {
        if (found != m_watches.end()) {
            found->second->wanted = CURL_POLL_NONE;
        }
        if (!m_opened.contains(socket)) { // of a name look-up: libcurl closes it without a word
            forget(socket);
        }
        return;
    }
    auto watch = found == m_watches.end() ? std::make_shared<Watch>(m_executor) : found->second;
    if (found == m_watches.end()) {
        watch->descriptor = socket;
        watch->socket.assign(asio::ip::tcp::v4(), socket, ignored); // the family matters to nothing that is used here
        m_watches.emplace(socket, watch);
    }
    watch->wanted = what;
    arm(watch);
}

void CurlDriver::arm(const std::shared_ptr<Watch>& watch) {
    const auto armOne = [&](bool& isArmed, Socket::wait_type direction, int events) {
        isArmed = true;
        watch->socket.async_wait(
            direction, [weak = weak_from_this(), watch, &isArmed, events](const boost::system::error_code& error) {
                isArmed = false;
                const auto driver = weak.lock();
                const bool isCurrent = watch->wanted != CURL_POLL_NONE;
                if (!driver || !isCurrent || error == asio::error::operation_aborted) {
                    return;
                }
                driver->act(watch->descriptor, error ? CURL_CSELECT_ERR : events);
                if (watch->wanted != CURL_POLL_NONE) {
                    driver->arm(watch);
                }
            });
    };
    if ((watch->wanted & CURL_POLL_IN) != 0 && !watch->isReadArmed) {
        armOne(watch->isReadArmed, Socket::wait_read, CURL_CSELECT_IN);
    }
    if ((watch->wanted & CURL_POLL_OUT) != 0 && !watch->isWriteArmed) {
        armOne(watch->isWriteArmed, Socket::wait_write, CURL_CSELECT_OUT);
    }
}

void CurlDriver::act(curl_socket_t socket, int events) {
    int running = 0;
    curl_multi_socket_action(m_multi, socket, events, &running);
    collectEnded();
}

// libcurl forbids calls of its multi functions from within its timer callback, so that zero waits for the loop, too.
// A timer of the system is set only for a time before the one that it is set for already: libcurl's time-outs are
// pushed back with each request and hardly ever reached, and setting a timer costs as much as sending the request.
void CurlDriver::setTimer(long timeoutMs) {
    m_due = MonotonicTime::max();
    if (timeoutMs == 0) {
        if (!m_isKicking) {
            asio::post(m_executor, [weak = weak_from_this()] {
                if (const auto driver = weak.lock()) {
                    driver->kick();
                }
            });
        }
        return;
    }
    if (timeoutMs > 0) {
        m_due = std::chrono::steady_clock::now() + std::chrono::milliseconds(timeoutMs);
        armTimer();
    }
}

void CurlDriver::armTimer() {
    if (m_due >= m_armed) {
        return;
    }
    m_armed = m_due;
    m_timer.expires_at(m_due);
    m_timer.async_wait([weak = weak_from_this()](const boost::system::error_code& error) {
        const auto driver = weak.lock();
        if (!driver || error) {
            return; // set anew for an earlier time, or shut down
        }
        driver->m_armed = MonotonicTime::max();
        if (driver->m_due <= std::chrono::steady_clock::now()) {
            driver->m_due = MonotonicTime::max();
            driver->kick();
        }
        driver->armTimer();
    });
}

void CurlDriver::collectEnded() {
    int left = 0;
    while (const auto* message = curl_multi_info_read(m_multi, &left)) {
        if (message->msg != CURLMSG_DONE) {
            continue;
        }
        auto* const easy = message->easy_handle;
        const auto code = message->data.result;
        const auto found = m_running.find(easy);
        if (found == m_running.end()) {
            continue;
        }
        auto* const end = found->second;
        remove(easy);
        end->ended(code);
    }
}

} // namespace gatehouse::upstream
