// SPDX-License-Identifier: Apache-2.0
// The head guard alone must never crash; split anywhere it must say the same; and what it accepts, Beast must read
// alike.
#include <cstdint>
#include <cstdlib>
#include <optional>
#include <string_view>

#include "gateway/endpoints.h"
#include "gateway/head_guard.h"
#include "gateway/head_parser.h"
#include "gateway/request_guard.h"

namespace {

using namespace gatehouse::gateway;

// The head's length, 0 for a fault, nullopt while more is needed.
std::optional<std::size_t> scanned(HeadScanner& scanner, std::string_view bytes) {
    const auto found = scanner.scan(bytes);
    return found ? *found : std::optional<std::size_t>(0);
}

} // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    if (size == 0) {
        return 0;
    }
    const std::string_view bytes(reinterpret_cast<const char*>(data + 1), size - 1);
    const auto split = bytes.empty() ? 0 : data[0] % bytes.size();
    const HeadLimits limits{2048, 256, 8};
    HeadScanner whole(limits);
    const auto atOnce = scanned(whole, bytes);
    HeadScanner parts(limits);
    auto inParts = scanned(parts, bytes.substr(0, split));
    if (!inParts) {
        inParts = scanned(parts, bytes);
    }
    if (atOnce != inParts) {
        std::abort();
    }
    if (!atOnce || *atOnce == 0) {
        return 0;
    }
    const auto head = bytes.substr(0, *atOnce);
    const auto facts = checkHead(head);
    if (!facts) {
        return 0;
    }
    if (facts->isChunked && facts->contentLength) {
        std::abort();
    }
    const auto parsed = parseHead(head, *facts);
    const auto target = splitTarget(facts->target);
    if (parsed && target) {
        const Endpoint* endpoint = nullptr;
        const auto verdict = guardRequest(*facts, *parsed, *target, 4141, endpoint);
        const bool isOwn = isOwnHost(facts->host, 4141);
        if (!verdict && (!isOwn || endpoint == nullptr || findHeader(parsed->headers, "origin") != nullptr)) {
            std::abort();
        }
    }
    return 0;
}
