// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>

#include "base/result.h"

// Frames of both hops of the bridge (browser ↔ native host, native host ↔ agent): a length of four bytes in the byte
// order of the machine, as browsers define it, then that many bytes of UTF-8 JSON. Format:
// docs/formats/native-message.md.
namespace gatehouse::ipc {

// The most bytes that one frame carries after its length. Browsers close the port at one byte more towards them.
inline constexpr std::size_t kFrameLimit = 1024UL * 1024UL;

// Cuts frames out of a byte stream that comes in pieces of any size. Keeps at most one frame and what was pushed since.
class FrameDecoder final {
public:
    explicit FrameDecoder(std::size_t limit = kFrameLimit) : m_limit(limit) {}

    void push(std::string_view bytes);
    // The next whole frame's payload, or nullopt when more bytes are needed. limit as soon as a length above the cap is
    // seen, invalidInput for a length of 0; after a failure every call fails, because the stream has lost its rhythm.
    [[nodiscard]] Result<std::optional<std::string>> next();
    // True when the stream may end here without cutting a frame.
    [[nodiscard]] bool isAtBoundary() const { return m_begin == m_buffer.size(); }

private:
    std::size_t m_limit;
    std::string m_buffer;
    std::size_t m_begin = 0; // bytes before it are done with
};

// Length and payload. limit above kFrameLimit, invalidInput for an empty payload.
[[nodiscard]] Result<std::string> encodeFrame(std::string_view payload);

} // namespace gatehouse::ipc
