// SPDX-License-Identifier: Apache-2.0
#include "dialects/stream_frame.h"

#include "dialects/array_frames.h"
#include "dialects/data_lines.h"
#include "dialects/event_frames.h"
#include "dialects/line_frames.h"
#include "dialects/sse.h"

namespace gatehouse::dialects {

void appendDataLines(std::string& out, std::string_view data, std::string_view prefix, std::string_view lineEnd) {
    std::size_t at = 0;
    for (;;) {
        const std::size_t feed = data.find('\n', at);
        out += prefix;
        out += data.substr(at, feed == std::string_view::npos ? feed : feed - at);
        out += lineEnd;
        if (feed == std::string_view::npos) {
            return;
        }
        at = feed + 1;
    }
}

std::string StreamFrame::rest() const {
    std::string out;
    for (const Line& line : lines) {
        if (!line.isData) {
            out.append(raw, line.begin, line.end - line.begin);
        }
    }
    return out;
}

std::string StreamFrame::withData(std::string_view newData) const {
    std::string out;
    bool isWritten = false;
    for (const Line& line : lines) {
        if (!line.isData) {
            out.append(raw, line.begin, line.end - line.begin);
        } else if (!isWritten) {
            const std::string_view all = raw;
            appendDataLines(out, newData, all.substr(line.begin, line.valueBegin - line.begin),
                            line.end > line.valueEnd ? all.substr(line.valueEnd, line.end - line.valueEnd) : "\n");
            isWritten = true;
        }
    }
    return out;
}

std::unique_ptr<FrameReader> makeFrameReader(Framing framing) {
    switch (framing) {
    case Framing::ndjson:
        return std::make_unique<LineReader>();
    case Framing::jsonArray:
        return std::make_unique<ArrayReader>();
    case Framing::eventStream:
        return std::make_unique<EventReader>();
    case Framing::sse:
        break;
    }
    return std::make_unique<SseReader>();
}

std::string_view mediaTypeOf(Framing framing) {
    switch (framing) {
    case Framing::ndjson:
        return "application/x-ndjson";
    case Framing::jsonArray:
        return "application/json";
    case Framing::eventStream:
        return "application/vnd.amazon.eventstream";
    case Framing::sse:
        break;
    }
    return "text/event-stream";
}

} // namespace gatehouse::dialects
