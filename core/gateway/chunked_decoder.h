// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

// Decodes a chunked request body (RFC 9112 §7.1) that arrives in any split. Stricter than the RFC asks of servers: no
// chunk extensions, no trailers, no bare line feeds; no model client sends them and each has smuggled requests
// somewhere.
namespace gatehouse::gateway {

class ChunkedDecoder final {
public:
    enum class Status { needsMore, done, tooLarge, malformed };

    explicit ChunkedDecoder(std::size_t bodyLimit) : m_limit(bodyLimit) {}

    // Appends what `bytes` decode to to `body` and sets `consumed`; bytes after the body's end are left alone.
    [[nodiscard]] Status feed(std::string_view bytes, std::string& body, std::size_t& consumed);

private:
    enum class State { size, sizeLineFeed, data, dataReturn, dataLineFeed, endReturn, endLineFeed, done };

    Status step(std::string_view bytes, std::string& body, std::size_t& consumed);
    bool takeSizeByte(char c);

    std::size_t m_limit;
    State m_state = State::size;
    std::uint64_t m_size = 0;
    unsigned m_digits = 0;
    std::size_t m_total = 0;
};

} // namespace gatehouse::gateway
