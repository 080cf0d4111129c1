// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <cstdint>
#include <expected>
#include <optional>
#include <string_view>

// Looks at the raw bytes of a request head before any HTTP parser does, and refuses what parsers disagree about (RFC
// 9112 §2.2, §3, §5, §6, §11.2): the ground of request smuggling. Pure; no allocation; fuzzed.
namespace gatehouse::gateway {

struct HeadLimits {
    std::size_t headBytes = 32UL * 1024UL;
    std::size_t lineBytes = 8UL * 1024UL;
    std::size_t fields = 100;
};

enum class HeadFaultKind { malformed, tooLarge };

struct HeadFault {
    HeadFaultKind kind = HeadFaultKind::malformed;
    std::string_view what; // a constant sentence; never holds bytes of the request
};

// Finds the end of a head in bytes that arrive in any split. One scanner per head.
class HeadScanner final {
public:
    explicit HeadScanner(const HeadLimits& limits) : m_limits(limits) {}
    // `received` is everything that came since the head's first byte. Gives the head's length with its empty line,
    // nullopt while more is needed, or the first fault of line form and size.
    [[nodiscard]] std::expected<std::optional<std::size_t>, HeadFault> scan(std::string_view received);

private:
    HeadLimits m_limits;
    std::size_t m_scanned = 0;
    std::size_t m_lineBegin = 0;
    std::size_t m_lines = 0;
};

// What the framing of the request is, when it is beyond doubt.
struct HeadFacts {
    std::string_view method;
    std::string_view target;
    bool isHttp11 = true;
    std::string_view host; // the only Host field's value
    std::optional<std::uint64_t> contentLength;
    bool isChunked = false;
};

// Checks a complete head, as HeadScanner delimited it. The views point into `head`.
[[nodiscard]] std::expected<HeadFacts, HeadFault> checkHead(std::string_view head);

} // namespace gatehouse::gateway
