// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "base/async.h"
#include "base/redacted.h"
#include "base/result.h"

// HTTP to model servers and providers, by libcurl. Schemes pinned, redirects off, no netrc, no cookies, decoded bytes
// counted; bytes wait (the transfer is paused) when the reader is slow. Called from gw-io only.
namespace gatehouse::upstream {

using Headers = std::vector<std::pair<std::string, std::string>>;

struct Request {
    std::string method = "POST";
    std::string url;                     // http only for loopback hosts, https for all others; else denied
    Headers headers;                     // no Host, no Content-Length, no hop-by-hop
    Redacted<std::string> authorization; // value of the header that carries the key; empty for none
    std::string authorizationHeader = "Authorization";
    std::string body;
    std::chrono::milliseconds connectTimeout{10'000};
    std::chrono::milliseconds firstByteTimeout{120'000};
    std::chrono::milliseconds idleTimeout{120'000};
    std::chrono::milliseconds totalTimeout{1'800'000};
    std::uint64_t maxAnswerBytes = 64ULL * 1024ULL * 1024ULL;
};

struct Head {
    int status = 0;
    Headers headers; // names lower-case
};

// One running transfer. Destroying it cancels the transfer, before the first byte too.
class Transfer {
public:
    virtual ~Transfer() = default;
    // Waits for the status line and headers. timedOut, unavailable (refused, reset, TLS), limit.
    [[nodiscard]] virtual Task<Result<Head>> head() = 0;
    // The next piece of the body, nullopt at its end. An early end is unavailable, never a silent nullopt.
    [[nodiscard]] virtual Task<Result<std::optional<std::string>>> next() = 0;
};

struct UpstreamOptions {
    std::size_t maxConnectionsPerHost = 64;
    std::size_t maxIdleConnections = 32;
    std::string caFile; // PEM; empty: the system's trust store
};

class Upstream {
public:
    // On the executor's one thread. internal when libcurl cannot start.
    [[nodiscard]] static Result<std::unique_ptr<Upstream>> create(const asio::any_io_executor& executor,
                                                                  UpstreamOptions options = {});
    // Cancels what runs; transfers that are still held end with cancelled.
    virtual ~Upstream() = default;
    [[nodiscard]] virtual std::unique_ptr<Transfer> start(Request request) = 0;
};

} // namespace gatehouse::upstream
