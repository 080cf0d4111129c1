// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include <boost/asio/steady_timer.hpp>
#include <curl/curl.h>

#include "base/clock.h"
#include "upstream/curl_driver.h"
#include "upstream/upstream.h"

namespace gatehouse::upstream {

// One request and its answer. libcurl pushes bytes in, the reader pulls them out; above a mark the transfer is paused,
// so that a slow reader slows the server and not our memory.
class CurlTransfer final : public Transfer, private TransferEnd {
public:
    CurlTransfer(std::shared_ptr<CurlDriver> driver, Request request, const std::string& caFile);
    ~CurlTransfer() override;
    CurlTransfer(const CurlTransfer&) = delete;
    CurlTransfer& operator=(const CurlTransfer&) = delete;

    [[nodiscard]] Task<Result<Head>> head() override;
    [[nodiscard]] Task<Result<std::optional<std::string>>> next() override;

private:
    struct FreeList {
        void operator()(curl_slist* list) const { curl_slist_free_all(list); }
    };

    Result<> begin(const std::string& caFile);
    Result<> setHeaders();
    void setMethod();
    void setLimits(const std::string& caFile);
    void setCallbacks();
    void addHeader(const std::string& line);
    void ended(CURLcode code) override;
    Task<Result<>> waitUntil(MonotonicTime deadline);
    void resume();
    void wake() { m_changed.cancel(); }
    std::size_t takeHeaderLine(std::string_view line);
    std::size_t takeBody(std::string_view bytes);
    void failWith(ErrorKind kind, std::string what);

    static std::size_t onHeader(char* bytes, std::size_t size, std::size_t count, void* transfer);
    static std::size_t onBody(char* bytes, std::size_t size, std::size_t count, void* transfer);
    static curl_socket_t onOpenSocket(void* transfer, curlsocktype purpose, curl_sockaddr* address);
    static int onConnected(void* transfer, char* remote, char* local, int remotePort, int localPort);

    std::shared_ptr<CurlDriver> m_driver;
    Request m_request;
    CURL* m_easy = nullptr;
    CURLU* m_url = nullptr;
    std::unique_ptr<curl_slist, FreeList> m_headerList;
    asio::steady_timer m_changed; // expires at the deadline, is cancelled when something happened
    Head m_head;
    std::string m_received; // body bytes not yet given out
    std::uint64_t m_total = 0;
    std::size_t m_headBytes = 0;
    std::optional<Error> m_failure; // ours; it wins over libcurl's code
    std::optional<CURLcode> m_code; // set when the transfer has ended
    bool m_isLoopbackUrl = false;
    bool m_isHeadDone = false;
    bool m_isPaused = false;
};

} // namespace gatehouse::upstream
