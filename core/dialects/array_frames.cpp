// SPDX-License-Identifier: Apache-2.0
#include "dialects/array_frames.h"

namespace gatehouse::dialects {
namespace {

bool isSpace(char c) {
    return c == ' ' || c == '\n' || c == '\r' || c == '\t';
}

} // namespace

Result<std::vector<StreamFrame>> ArrayReader::push(std::string_view piece) {
    std::vector<StreamFrame> frames;
    for (const char c : piece) {
        if (m_fault) {
            break;
        }
        m_buffer += c;
        if (!take(c, frames)) {
            m_fault = Error{ErrorKind::invalidInput, "array stream: not a list of objects"};
        } else if (m_buffer.size() > kMaxElement) {
            m_fault = Error{ErrorKind::limit, "array stream: an element above 4 MiB"};
        }
    }
    if (m_fault && frames.empty()) {
        return std::unexpected(*m_fault);
    }
    return frames;
}

bool ArrayReader::take(char c, std::vector<StreamFrame>& frames) {
    if (m_place != Place::inside) {
        return takeBetween(c, frames);
    }
    if (m_isInString) {
        if (m_isEscaped) {
            m_isEscaped = false;
        } else if (c == '\\') {
            m_isEscaped = true;
        } else {
            m_isInString = c != '"';
        }
        return true;
    }
    if (c == '"') {
        m_isInString = true;
    } else if (c == '{' || c == '[') {
        ++m_depth;
    } else if (c == '}' || c == ']') {
        --m_depth;
        if (m_depth == 0) {
            endElement(frames);
        }
    }
    return true;
}

bool ArrayReader::takeBetween(char c, std::vector<StreamFrame>& frames) {
    if (isSpace(c)) {
        return true;
    }
    if (m_place == Place::start && c == '[') {
        m_isArray = true;
        m_place = Place::before;
        return true;
    }
    const bool mayBegin = m_place == Place::start || (m_place == Place::before && !m_needsComma);
    if (c == '{' && mayBegin) {
        m_place = Place::inside;
        m_depth = 1;
        m_valueBegin = m_buffer.size() - 1;
        return true;
    }
    if (m_place == Place::before && c == ',' && m_needsComma) {
        m_needsComma = false;
        return true;
    }
    if (m_place == Place::before && c == ']') {
        m_place = Place::after;
        StreamFrame frame;
        frame.raw = std::exchange(m_buffer, {});
        frame.lines.push_back({0, frame.raw.size(), 0, 0, false});
        frames.push_back(std::move(frame));
        return true;
    }
    return false;
}

void ArrayReader::endElement(std::vector<StreamFrame>& frames) {
    StreamFrame frame;
    frame.raw = std::exchange(m_buffer, {});
    frame.lines.push_back({0, frame.raw.size(), m_valueBegin, frame.raw.size(), true});
    frame.data = frame.raw.substr(m_valueBegin);
    frames.push_back(std::move(frame));
    m_place = m_isArray ? Place::before : Place::after;
    m_needsComma = true;
}

Result<std::optional<StreamFrame>> ArrayReader::finish() {
    if (m_fault) {
        return std::unexpected(*m_fault);
    }
    if (m_place == Place::inside || m_place == Place::before) {
        return fail(ErrorKind::unavailable, "array stream: it ended before its closing bracket");
    }
    if (m_buffer.empty()) {
        return std::nullopt;
    }
    StreamFrame frame; // white space
    frame.raw = std::exchange(m_buffer, {});
    frame.lines.push_back({0, frame.raw.size(), 0, 0, false});
    return frame;
}

} // namespace gatehouse::dialects
