// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"

// Server-sent events (html.spec.whatwg.org, §9.2), read in pieces of any size and written back byte-identical where
// nothing was changed. Any thread, no I/O.
namespace gatehouse::dialects {

// The lines up to and with one blank line. A frame without data lines (comments, a lone id) is a frame too.
struct SseFrame {
    struct Line {
        std::size_t begin = 0;      // in `raw`
        std::size_t end = 0;        // behind its line end
        std::size_t valueBegin = 0; // of a data line: behind "data:" and one space
        std::size_t valueEnd = 0;   // before its line end
        bool isData = false;
    };
    std::string raw; // as it came, line ends too
    std::vector<Line> lines;
    std::optional<std::string> data; // data lines joined by a line feed
    // Everything but the data: comments, event names, ids.
    [[nodiscard]] std::string rest() const;
    // The frame with other data; every other byte as it came. Line feeds in `newData` make several data lines.
    [[nodiscard]] std::string withData(std::string_view newData) const;
};

class SseReader final {
public:
    static constexpr std::size_t kMaxLine = 1024UL * 1024UL;
    static constexpr std::size_t kMaxFrame = 4UL * 1024UL * 1024UL;

    // Takes the next piece and gives the frames that are complete. The same frames at any split. limit when a line is
    // longer than kMaxLine or a frame than kMaxFrame.
    [[nodiscard]] Result<std::vector<SseFrame>> push(std::string_view piece);
    // At the end of the stream: what is left as a last frame (its blank line may be missing); nullopt when nothing is
    // left.
    [[nodiscard]] Result<std::optional<SseFrame>> finish();

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

} // namespace gatehouse::dialects
