// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"

// How the answers of different APIs are cut into events. Every reader gives the same frames at any split of the bytes,
// and a frame that was not changed is written back byte-identical. Any thread, no I/O.
namespace gatehouse::dialects {

enum class Framing {
    sse,         // server-sent events (sse.h)
    ndjson,      // one JSON document per line (line_frames.h)
    jsonArray,   // the elements of one JSON array (array_frames.h)
    eventStream, // AWS event stream frames (event_frames.h); only read
};

// One event of a stream with all bytes that belong to it. A frame without data (comments, a blank line, the end of an
// array) is a frame too.
struct StreamFrame {
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

class FrameReader {
public:
    virtual ~FrameReader() = default;
    // Takes the next piece and gives the frames that are complete. limit when one is longer than its cap, invalidInput
    // when the bytes do not have the framing's form.
    [[nodiscard]] virtual Result<std::vector<StreamFrame>> push(std::string_view piece) = 0;
    // At the end of the stream: what is left as a last frame; nullopt when nothing is left.
    [[nodiscard]] virtual Result<std::optional<StreamFrame>> finish() = 0;
};

std::unique_ptr<FrameReader> makeFrameReader(Framing framing);

// The media type of a stream ("text/event-stream", …).
std::string_view mediaTypeOf(Framing framing);

} // namespace gatehouse::dialects
