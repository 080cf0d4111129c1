// SPDX-License-Identifier: Apache-2.0
#include "dialects/line_frames.h"

namespace gatehouse::dialects {
namespace {

StreamFrame frameOf(std::string raw) {
    StreamFrame frame;
    std::size_t end = raw.size();
    while (end > 0 && (raw[end - 1] == '\n' || raw[end - 1] == '\r')) {
        --end;
    }
    const bool hasData = raw.find_first_not_of(" \t\r\n") != std::string::npos;
    frame.lines.push_back({0, raw.size(), 0, end, hasData});
    if (hasData) {
        frame.data = raw.substr(0, end);
    }
    frame.raw = std::move(raw);
    return frame;
}

std::unexpected<Error> tooLong() {
    return fail(ErrorKind::limit, "line stream: a line above 4 MiB");
}

} // namespace

Result<std::vector<StreamFrame>> LineReader::push(std::string_view piece) {
    std::vector<StreamFrame> frames;
    while (!m_isBroken && !piece.empty()) {
        const std::size_t feed = piece.find('\n');
        const std::size_t size = feed == std::string_view::npos ? piece.size() : feed + 1;
        if (m_buffer.size() + size > kMaxLine) {
            m_isBroken = true;
            break;
        }
        m_buffer += piece.substr(0, size);
        piece.remove_prefix(size);
        if (feed != std::string_view::npos) {
            frames.push_back(frameOf(std::exchange(m_buffer, {})));
        }
    }
    // Frames in front of a fault are given first, so that the split of the bytes makes no difference.
    if (m_isBroken && frames.empty()) {
        return tooLong();
    }
    return frames;
}

Result<std::optional<StreamFrame>> LineReader::finish() {
    if (m_isBroken) {
        return tooLong();
    }
    if (m_buffer.empty()) {
        return std::nullopt;
    }
    return frameOf(std::exchange(m_buffer, {}));
}

} // namespace gatehouse::dialects
