// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>

#include "dialects/stream_frame.h"

namespace gatehouse::dialects {

// AWS event stream frames (docs.aws.amazon.com, "Event stream encoding"): lengths, headers, payload, two CRC-32. A
// frame's data is {"<event type>":<payload>}; an exception's {"exception":{"type":…,"body":<payload>}}.
class EventReader final : public FrameReader {
public:
    static constexpr std::size_t kMaxFrame = 16UL * 1024UL * 1024UL;

    // invalidInput when a length, a checksum or a header is wrong.
    [[nodiscard]] Result<std::vector<StreamFrame>> push(std::string_view piece) override;
    // unavailable when the stream ends inside a frame.
    [[nodiscard]] Result<std::optional<StreamFrame>> finish() override;

private:
    std::string m_buffer;
    std::optional<Error> m_fault;
};

// CRC-32 (ISO 3309, polynomial 0x04C11DB7 reflected), as zlib's.
std::uint32_t crc32(std::string_view bytes);

} // namespace gatehouse::dialects
