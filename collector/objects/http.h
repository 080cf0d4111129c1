// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <map>
#include <memory>
#include <mutex>
#include <string>
#include <vector>

#include "base/bytes.h"
#include "base/result.h"

namespace gatehouse::collector {

struct HttpCall {
    std::string method = "GET";
    std::string url;
    std::vector<std::string> headers; // "name: value"
    ByteView body{};
    std::string caPem;   // who vouches for the other side; empty: whom the system trusts
    std::string signing; // libcurl's CURLOPT_AWS_SIGV4, and with it
    std::string userName;
    std::string password;
    std::size_t maxAnswer = 64UL * 1024UL;
};

struct HttpReply {
    long status = 0;
    std::map<std::string, std::string> headers; // names lower-case
    Bytes body;
};

// The collector as somebody's client: https, or http to this machine. No redirects, no proxy's credentials, five
// seconds to connect and thirty in all. Connections are kept. Safe on any thread; blocks.
class HttpClient final {
public:
    HttpClient();
    ~HttpClient();
    HttpClient(const HttpClient&) = delete;
    HttpClient& operator=(const HttpClient&) = delete;
    // unavailable when there is no answer, limit when it is too long.
    [[nodiscard]] Result<HttpReply> call(const HttpCall& call);

private:
    struct Free {
        void operator()(void* handle) const;
    };
    using Handle = std::unique_ptr<void, Free>;
    [[nodiscard]] Handle take();

    std::mutex m_mutex;
    std::vector<Handle> m_idle;
};

// https://, or http:// to 127.0.0.1, [::1] or localhost.
[[nodiscard]] bool isSafeUrl(std::string_view url);

} // namespace gatehouse::collector
