// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <memory>

#include "base/async.h"
#include "base/result.h"
#include "pipeline/pipeline.h"

// The loopback HTTP/1.1 server (RFC 9110, RFC 9112). It owns sockets, framing, the guards that need no policy (Host,
// Origin, path, method, media type, sizes, times) and the writing of answers; what a request means is the pipeline's
// business. Everything runs on the executor's one thread (gw-io). Endpoints: endpoints.h.
namespace gatehouse::gateway {

// Each default is the value of docs/security.md; each is tested at limit − 1, limit and limit + 1.
struct GatewayLimits {
    std::size_t headBytes = 32UL * 1024UL;       // request line and fields together
    std::size_t lineBytes = 8UL * 1024UL;        // one line of the head
    std::size_t fields = 100;                    // header fields
    std::size_t connections = 256;               // open at once; above it the longest idle one makes room
    std::size_t connectionsPerClient = 64;       // requests of one client token that run at once
    std::chrono::milliseconds headTime{10'000};  // first to last byte of a head
    std::chrono::milliseconds idleTime{75'000};  // without a request on an open connection
    std::chrono::milliseconds bodyGrace{10'000}; // before the rate below is asked of a body
    std::size_t bodyBytesPerSecond = 1024;       // average since the body began
    std::chrono::milliseconds writeTime{30'000}; // in which a reader must take some bytes
    std::chrono::milliseconds lingerTime{2'000}; // reading on after a refusal, so that the client gets to see it
};

struct GatewayOptions {
    std::uint16_t port = 4141; // 0 takes a free one
    GatewayLimits limits;
};

// Listens on 127.0.0.1 and, where the machine has it, on ::1. No setting widens that.
class Gateway {
public:
    // conflict names the program that holds the port. `pipeline` must outlive the gateway and its drain.
    [[nodiscard]] static Result<std::unique_ptr<Gateway>>
    start(const GatewayOptions& options, pipeline::Pipeline& pipeline, const asio::any_io_executor& executor);
    // Stops accepting and cancels what runs; the executor must still run once for that to complete. Prefer drain().
    virtual ~Gateway() = default;
    [[nodiscard]] virtual std::uint16_t port() const = 0;
    [[nodiscard]] virtual bool hasIpv6() const = 0;
    [[nodiscard]] virtual std::size_t connectionCount() const = 0;
    // Stops accepting, closes idle connections, lets running requests end for at most `grace`, then cancels them.
    // Returns when no connection is left. Await it on the gateway's executor.
    [[nodiscard]] virtual Task<> drain(std::chrono::milliseconds grace) = 0;
};

} // namespace gatehouse::gateway
