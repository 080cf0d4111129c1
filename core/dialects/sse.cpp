// SPDX-License-Identifier: Apache-2.0
#include "dialects/sse.h"

#include "dialects/data_lines.h"

namespace gatehouse::dialects {
namespace {

constexpr std::string_view kByteOrderMark = "\xEF\xBB\xBF";

} // namespace

Result<std::vector<SseFrame>> SseReader::push(std::string_view piece) {
    std::vector<SseFrame> frames;
    m_buffer += piece;
    while (!m_isBroken && m_scanned < m_buffer.size()) {
        const std::size_t found = m_buffer.find_first_of("\r\n", m_scanned);
        const std::size_t end = found == std::string::npos ? m_buffer.size() : found;
        if (end - m_lineBegin > kMaxLine || end - m_frameBegin > kMaxFrame) {
            m_isBroken = true;
            break;
        }
        m_scanned = end;
        // A carriage return at the very end may be the first half of CR LF: the next piece tells.
        if (end == m_buffer.size() || (m_buffer[end] == '\r' && end + 1 == m_buffer.size())) {
            break;
        }
        const bool isBlank = end == m_lineBegin;
        endLine(end, end + (m_buffer[end] == '\r' && m_buffer[end + 1] == '\n' ? 2 : 1));
        if (isBlank) {
            frames.push_back(takeFrame());
        }
    }
    // Frames in front of a fault are given first, so that the split of the bytes makes no difference.
    if (m_isBroken && frames.empty()) {
        return fail(ErrorKind::limit, "event stream: a line above 1 MiB or an event above 4 MiB");
    }
    m_buffer.erase(0, m_frameBegin);
    m_scanned -= m_frameBegin;
    m_lineBegin -= m_frameBegin;
    m_frameBegin = 0;
    return frames;
}

void SseReader::endLine(std::size_t contentEnd, std::size_t lineEnd) {
    std::string_view content = std::string_view(m_buffer).substr(m_lineBegin, contentEnd - m_lineBegin);
    std::size_t skipped = 0;
    if (m_isFirstLine && content.starts_with(kByteOrderMark)) {
        skipped = kByteOrderMark.size();
        content.remove_prefix(skipped);
    }
    m_isFirstLine = false;
    SseFrame::Line line{m_lineBegin - m_frameBegin, lineEnd - m_frameBegin, 0, contentEnd - m_frameBegin, false};
    if (content == "data" || content.starts_with("data:")) {
        line.isData = true;
        const std::size_t field = content.size() == 4 ? 4 : content.substr(5).starts_with(' ') ? 6 : 5;
        line.valueBegin = line.begin + skipped + field;
        content.remove_prefix(field);
        if (m_frame.data) {
            *m_frame.data += '\n';
            *m_frame.data += content;
        } else {
            m_frame.data.emplace(content);
        }
    }
    m_frame.lines.push_back(line);
    m_lineBegin = lineEnd;
    m_scanned = lineEnd;
}

SseFrame SseReader::takeFrame() {
    SseFrame frame = std::move(m_frame);
    frame.raw = m_buffer.substr(m_frameBegin, m_lineBegin - m_frameBegin);
    m_frameBegin = m_lineBegin;
    m_frame = {};
    return frame;
}

Result<std::optional<SseFrame>> SseReader::finish() {
    if (m_isBroken) {
        return fail(ErrorKind::limit, "event stream: a line above 1 MiB or an event above 4 MiB");
    }
    if (m_lineBegin < m_buffer.size()) {
        const bool endsWithReturn = m_buffer.back() == '\r';
        endLine(m_buffer.size() - (endsWithReturn ? 1 : 0), m_buffer.size());
    }
    if (m_frameBegin == m_buffer.size()) {
        return std::nullopt;
    }
    return takeFrame();
}

std::string sseFrame(std::string_view data) {
    std::string out;
    appendDataLines(out, data, "data: ", "\n");
    out += '\n';
    return out;
}

std::string sseFrame(std::string_view event, std::string_view data) {
    return "event: " + std::string(event) + "\n" + sseFrame(data);
}

} // namespace gatehouse::dialects
