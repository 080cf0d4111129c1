// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "dialects/stream_frame.h"

// Server-sent events (html.spec.whatwg.org, §9.2), read in pieces of any size and written back byte-identical where
// nothing was changed. Any thread, no I/O.
namespace gatehouse::dialects {

// The lines up to and with one blank line. A frame without data lines (comments, a lone id) is a frame too.
using SseFrame = StreamFrame;

class SseReader final : public FrameReader {
public:
    static constexpr std::size_t kMaxLine = 12UL * 1024UL * 1024UL; // a picture in base64 is one line
    static constexpr std::size_t kMaxFrame = 16UL * 1024UL * 1024UL;

    // Takes the next piece and gives the frames that are complete. The same frames at any split. limit when a line is
    // longer than kMaxLine or a frame than kMaxFrame.
    [[nodiscard]] Result<std::vector<SseFrame>> push(std::string_view piece) override;
    // At the end of the stream: what is left as a last frame (its blank line may be missing); nullopt when nothing is
    // left.
    [[nodiscard]] Result<std::optional<SseFrame>> finish() override;

private:
    void endLine(std::size_t contentEnd, std::size_t lineEnd);
    SseFrame takeFrame();

    SseFrame m_frame;
    std::string m_buffer;      // bytes from the current frame on
    std::size_t m_scanned = 0; // of m_buffer
    std::size_t m_frameBegin = 0;
    std::size_t m_lineBegin = 0; // of the line being read
    bool m_isBroken = false;
    bool m_isFirstLine = true; // of the stream: it may begin with a byte order mark
};

// One frame with `data` and nothing else.
std::string sseFrame(std::string_view data);
// The same with an event name in front.
std::string sseFrame(std::string_view event, std::string_view data);

} // namespace gatehouse::dialects
