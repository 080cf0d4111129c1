// SPDX-License-Identifier: Apache-2.0
#include "upstream/curl_transfer.h"

#include <algorithm>
#include <charconv>
#include <cstring>
#include <utility>

#include <boost/asio/as_tuple.hpp>
#include <boost/asio/use_awaitable.hpp>

#include "upstream/address_guard.h"
#include "upstream/curl_error.h"

namespace gatehouse::upstream {
namespace {

constexpr auto kAwaitTuple = asio::as_tuple(asio::use_awaitable);
constexpr std::size_t kHighWater = 64UL * 1024UL; // libcurl adds at most 16 KiB to it
constexpr std::size_t kMaxHeadBytes = 64UL * 1024UL;
constexpr std::size_t kMaxHeadFields = 200;

std::string lowered(std::string_view text) {
    std::string lower(text);
    std::transform(lower.begin(), lower.end(), lower.begin(),
                   [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c; });
    return lower;
}

std::string_view trimmed(std::string_view text) {
    constexpr std::string_view kSpace = " \t\r\n";
    const auto first = text.find_first_not_of(kSpace);
    return first == std::string_view::npos ? std::string_view()
                                           : text.substr(first, text.find_last_not_of(kSpace) - first + 1);
}

} // namespace

CurlTransfer::CurlTransfer(std::shared_ptr<CurlDriver> driver, Request request, const std::string& caFile)
    : m_driver(std::move(driver))
    , m_request(std::move(request))
    , m_changed(m_driver->executor()) {
    if (auto begun = begin(caFile); !begun) {
        m_failure = std::move(begun).error();
    }
}

CurlTransfer::~CurlTransfer() {
    if (m_easy != nullptr) {
        m_driver->remove(m_easy);
        m_driver->giveBack(m_easy);
    }
    if (m_url != nullptr) {
        curl_url_cleanup(m_url);
    }
}

Result<> CurlTransfer::begin(const std::string& caFile) {
    GH_TRY(auto url, checkUrl(m_request.url));
    m_isLoopbackUrl = url.isLoopback;
    m_url = url.handle.release();
    m_easy = m_driver->takeHandle();
    if (m_easy == nullptr) {
        return fail(ErrorKind::internal, "libcurl gave no handle");
    }
    GH_CHECK(setHeaders());
    curl_easy_setopt(m_easy, CURLOPT_CURLU, m_url);
    setMethod();
    setLimits(caFile);
    setCallbacks();
    m_driver->watchClosing(m_easy);
    if (!m_driver->add(m_easy, this)) {
        return fail(ErrorKind::internal, "libcurl did not take the request");
    }
    return {};
}

void CurlTransfer::addHeader(const std::string& line) {
    auto* const longer = curl_slist_append(m_headerList.get(), line.c_str());
    if (longer != nullptr) {
        static_cast<void>(m_headerList.release());
        m_headerList.reset(longer);
    }
}

Result<> CurlTransfer::setHeaders() {
    const auto hasControl = [](const std::string& text) {
        return std::any_of(text.begin(), text.end(), [](char c) { return static_cast<unsigned char>(c) < 0x20; });
    };
    bool hasContentType = false;
    for (const auto& [name, value] : m_request.headers) {
        if (name.empty() || hasControl(name) || hasControl(value) || name.find(':') != std::string::npos) {
            return fail(ErrorKind::invalidInput, "a header for the model server is not well-formed");
        }
        hasContentType = hasContentType || lowered(name) == "content-type";
        // libcurl leaves a field out that has no value; the semicolon form sends it empty.
        addHeader(value.empty() ? name + ";" : name + ": " + value);
    }
    if (!m_request.authorization.reveal().empty()) {
        if (hasControl(m_request.authorization.reveal())) {
            return fail(ErrorKind::invalidInput, "the provider's key is not well-formed");
        }
        addHeader(m_request.authorizationHeader + ": " + m_request.authorization.reveal());
    }
    if (!hasContentType) {
        addHeader("Content-Type:"); // else libcurl would call every body a form
    }
    addHeader("Accept-Encoding: identity"); // what cannot be read cannot be inspected
    addHeader("Expect:");                   // no extra round trip before large bodies
    curl_easy_setopt(m_easy, CURLOPT_HTTPHEADER, m_headerList.get());
    return {};
}

void CurlTransfer::setMethod() {
    const bool hasBody = m_request.method != "GET" && m_request.method != "HEAD";
    if (hasBody) {
        curl_easy_setopt(m_easy, CURLOPT_POST, 1L);
        curl_easy_setopt(m_easy, CURLOPT_POSTFIELDS, m_request.body.data()); // borrowed; m_request outlives the call
        curl_easy_setopt(m_easy, CURLOPT_POSTFIELDSIZE_LARGE, static_cast<curl_off_t>(m_request.body.size()));
        if (m_request.method != "POST") {
            curl_easy_setopt(m_easy, CURLOPT_CUSTOMREQUEST, m_request.method.c_str());
        }
    } else if (m_request.method == "HEAD") {
        curl_easy_setopt(m_easy, CURLOPT_NOBODY, 1L);
    } else {
        curl_easy_setopt(m_easy, CURLOPT_HTTPGET, 1L);
    }
}

void CurlTransfer::setLimits(const std::string& caFile) {
    curl_easy_setopt(m_easy, CURLOPT_PROTOCOLS_STR, "http,https");
    curl_easy_setopt(m_easy, CURLOPT_FOLLOWLOCATION, 0L);
    curl_easy_setopt(m_easy, CURLOPT_NETRC, static_cast<long>(CURL_NETRC_IGNORED));
    curl_easy_setopt(m_easy, CURLOPT_PROXY, ""); // the environment does not choose a proxy
    curl_easy_setopt(m_easy, CURLOPT_NOSIGNAL, 1L);
    curl_easy_setopt(m_easy, CURLOPT_TCP_NODELAY, 1L);
    curl_easy_setopt(m_easy, CURLOPT_TCP_KEEPALIVE, 1L);
    curl_easy_setopt(m_easy, CURLOPT_HTTP_CONTENT_DECODING, 0L);
    curl_easy_setopt(m_easy, CURLOPT_CONNECTTIMEOUT_MS, static_cast<long>(m_request.connectTimeout.count()));
    curl_easy_setopt(m_easy, CURLOPT_TIMEOUT_MS, static_cast<long>(m_request.totalTimeout.count()));
    curl_easy_setopt(m_easy, CURLOPT_SSLVERSION, static_cast<long>(CURL_SSLVERSION_TLSv1_2));
    if (!caFile.empty()) {
        curl_easy_setopt(m_easy, CURLOPT_CAINFO, caFile.c_str());
    }
}

void CurlTransfer::setCallbacks() {
    curl_easy_setopt(m_easy, CURLOPT_HEADERFUNCTION, &CurlTransfer::onHeader);
    curl_easy_setopt(m_easy, CURLOPT_HEADERDATA, this);
    curl_easy_setopt(m_easy, CURLOPT_WRITEFUNCTION, &CurlTransfer::onBody);
    curl_easy_setopt(m_easy, CURLOPT_WRITEDATA, this);
    curl_easy_setopt(m_easy, CURLOPT_OPENSOCKETFUNCTION, &CurlTransfer::onOpenSocket);
    curl_easy_setopt(m_easy, CURLOPT_OPENSOCKETDATA, this);
    curl_easy_setopt(m_easy, CURLOPT_PREREQFUNCTION, &CurlTransfer::onConnected);
    curl_easy_setopt(m_easy, CURLOPT_PREREQDATA, this);
}

void CurlTransfer::failWith(ErrorKind kind, std::string what) {
    if (!m_failure) {
        m_failure = Error{kind, std::move(what), 0};
    }
    wake();
}

void CurlTransfer::ended(CURLcode code) {
    m_code = code;
    wake();
}

// --- the reader's side ---

// Returns when something may have happened before the deadline. Callers look at the state again.
Task<Result<>> CurlTransfer::waitUntil(MonotonicTime deadline) {
    m_changed.expires_at(deadline);
    const auto [error] = co_await m_changed.async_wait(kAwaitTuple);
    const auto state = co_await asio::this_coro::cancellation_state;
    if (state.cancelled() != asio::cancellation_type::none) {
        co_return fail(ErrorKind::cancelled, "the call was cancelled");
    }
    if (!error) {
        co_return fail(ErrorKind::timedOut, "the model server did not answer in time");
    }
    co_return Result<>();
}

Task<Result<Head>> CurlTransfer::head() {
    const auto deadline = std::chrono::steady_clock::now() + m_request.firstByteTimeout;
    for (;;) {
        if (m_isHeadDone) {
            co_return m_head; // what failed after it is told by next()
        }
        if (m_failure) {
            co_return std::unexpected(*m_failure);
        }
        if (m_code) {
            co_return std::unexpected(errorOf(*m_code == CURLE_OK ? CURLE_GOT_NOTHING : *m_code));
        }
        auto waited = co_await waitUntil(deadline);
        if (!waited) {
            m_failure = waited.error();
            m_driver->remove(m_easy);
        }
    }
}

Task<Result<std::optional<std::string>>> CurlTransfer::next() {
    const auto deadline = std::chrono::steady_clock::now() + m_request.idleTimeout;
    for (;;) {
        if (!m_received.empty()) {
            auto piece = std::exchange(m_received, {});
            resume();
            co_return piece;
        }
        if (m_failure) {
            co_return std::unexpected(*m_failure);
        }
        if (m_code) {
            if (*m_code != CURLE_OK) {
                co_return std::unexpected(errorOf(*m_code));
            }
            co_return std::nullopt;
        }
        auto waited = co_await waitUntil(deadline);
        if (!waited) {
            m_failure = waited.error();
            m_driver->remove(m_easy);
        }
    }
}

void CurlTransfer::resume() {
    if (m_isPaused && !m_code) {
        m_isPaused = false;
        curl_easy_pause(m_easy, CURLPAUSE_CONT);
        m_driver->kick();
    }
}

// --- libcurl's side ---

std::size_t CurlTransfer::takeHeaderLine(std::string_view line) {
    m_headBytes += line.size();
    if (m_headBytes > kMaxHeadBytes || m_head.headers.size() > kMaxHeadFields) {
        failWith(ErrorKind::limit, "the model server's answer has too large a head");
        return 0;
    }
    if (m_isHeadDone) {
        return line.size(); // trailers
    }
    if (line.starts_with("HTTP/")) { // an interim answer (RFC 9110 §15.2) starts over
        m_head = {};
        const auto space = line.find(' ');
        if (space != std::string_view::npos) {
            const auto number = line.substr(space + 1, 3);
            std::from_chars(number.data(), number.data() + number.size(), m_head.status);
        }
        return line.size();
    }
    const auto text = trimmed(line);
    if (text.empty()) {
        m_isHeadDone = m_head.status >= 200;
        if (m_isHeadDone) {
            wake();
        }
        return line.size();
    }
    const auto colon = text.find(':');
    if (colon != std::string_view::npos) {
        auto name = lowered(trimmed(text.substr(0, colon)));
        const auto value = trimmed(text.substr(colon + 1));
        if (name == "content-encoding" && lowered(value) != "identity") {
            failWith(ErrorKind::unavailable, "the model server encoded its answer, though it was asked not to");
            return 0;
        }
        m_head.headers.emplace_back(std::move(name), std::string(value));
    }
    return line.size();
}

std::size_t CurlTransfer::takeBody(std::string_view bytes) {
    if (m_received.size() >= kHighWater) {
        m_isPaused = true;
        return CURL_WRITEFUNC_PAUSE;
    }
    m_total += bytes.size();
    if (m_total > m_request.maxAnswerBytes) {
        failWith(ErrorKind::limit, "the model server's answer is too large");
        return 0;
    }
    m_received.append(bytes);
    wake();
    return bytes.size();
}

std::size_t CurlTransfer::onHeader(char* bytes, std::size_t size, std::size_t count, void* transfer) {
    return static_cast<CurlTransfer*>(transfer)->takeHeaderLine({bytes, size * count});
}

std::size_t CurlTransfer::onBody(char* bytes, std::size_t size, std::size_t count, void* transfer) {
    return static_cast<CurlTransfer*>(transfer)->takeBody({bytes, size * count});
}

// Before the connection is made, so that not even a SYN goes to a forbidden address.
curl_socket_t CurlTransfer::onOpenSocket(void* transfer, curlsocktype /*purpose*/, curl_sockaddr* address) {
    auto* const self = static_cast<CurlTransfer*>(transfer);
    asio::ip::tcp::endpoint endpoint;
    if (address->addrlen > endpoint.capacity()) {
        return CURL_SOCKET_BAD;
    }
    std::memcpy(endpoint.data(), &address->addr, address->addrlen);
    endpoint.resize(address->addrlen);
    if (!mayConnectTo(endpoint.address().to_string(), self->m_isLoopbackUrl)) {
        self->failWith(ErrorKind::denied, "the provider's name leads to an address that is not allowed");
        return CURL_SOCKET_BAD;
    }
#if defined(SOCK_CLOEXEC)
    const auto opened = socket(address->family, address->socktype | SOCK_CLOEXEC, address->protocol);
#else
    const auto opened = socket(address->family, address->socktype, address->protocol);
#endif
    if (opened != CURL_SOCKET_BAD) {
        self->m_driver->opened(opened);
    }
    return opened;
}

// Before the request is sent, on connections that are used again, too.
int CurlTransfer::onConnected(void* transfer, char* remote, char* /*local*/, int /*remotePort*/, int /*localPort*/) {
    auto* const self = static_cast<CurlTransfer*>(transfer);
    if (mayConnectTo(remote, self->m_isLoopbackUrl)) {
        return CURL_PREREQFUNC_OK;
    }
    self->failWith(ErrorKind::denied, "the provider's name leads to an address that is not allowed");
    return CURL_PREREQFUNC_ABORT;
}

} // namespace gatehouse::upstream
