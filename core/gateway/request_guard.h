// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "gateway/endpoints.h"
#include "gateway/head_guard.h"
#include "gateway/head_parser.h"
#include "types/refusal.h"

// The guards between a well-formed head and the pipeline, cheapest first: DNS rebinding (Host), cross-site requests
// (Origin, Sec-Fetch-Site, preflight), unknown paths and methods, media types. Pure.
namespace gatehouse::gateway {

struct GuardVerdict {
    RefusalReason reason = RefusalReason::malformedRequest;
    std::string message;
    bool mustClose = false; // the connection is not trusted any further
    std::string_view allow; // value of the Allow field, for 405
};

// True for exactly 127.0.0.1:PORT, localhost:PORT and [::1]:PORT, byte for byte.
bool isOwnHost(std::string_view host, std::uint16_t port);

// The first field of that (lower-case) name; nullptr when there is none.
const std::string* findHeader(const pipeline::Headers& headers, std::string_view name);

// The first guard that refuses, or nullopt. `endpoint` is set when it was found.
std::optional<GuardVerdict> guardRequest(const HeadFacts& facts, const ParsedHead& head, const Target& target,
                                         std::uint16_t port, const Endpoint*& endpoint);

} // namespace gatehouse::gateway
