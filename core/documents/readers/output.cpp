// SPDX-License-Identifier: Apache-2.0
#include "documents/readers/output.h"

#include <algorithm>

#include "base/utf8.h"

namespace gatehouse::documents {
namespace {

constexpr std::size_t kNameBytes = 1024;
constexpr std::size_t kRatioFrom = std::size_t{16} * 1024U * 1024U;

bool isBlank(std::string_view text) {
    return text.find_first_not_of(" \t\r\n\f\v") == std::string_view::npos;
}

} // namespace

std::string cleanUtf8(std::string_view text) {
    if (isUtf8(text)) {
        return std::string(text);
    }
    std::string out;
    out.reserve(text.size());
    for (std::size_t i = 0; i < text.size();) {
        const CodePoint point = decodeUtf8(text, i);
        if (point.size == 0) {
            out += "\xEF\xBF\xBD";
            ++i;
        } else {
            out += text.substr(i, point.size);
            i += point.size;
        }
    }
    return out;
}

std::string cleanName(std::string_view name) {
    std::string out = cleanUtf8(name.substr(0, kNameBytes));
    if (out.size() > kNameBytes) {
        out.resize(utf8Boundary(out, kNameBytes));
    }
    return out;
}

void Output::format(std::string_view word) {
    if (!m_hasFormat) {
        m_hasFormat = true;
        m_take(FrameKind::format, word, "");
    }
}

// One frame stays free for the gap that says so, one for the format and one for the end.
bool Output::hasRoom(std::string_view name) {
    if (m_isFull) {
        return false;
    }
    if (m_frames + 3 >= m_limits.frames) {
        m_isFull = true;
        m_take(FrameKind::gap, name.empty() ? "the rest" : name, "there are more places than are read");
        return false;
    }
    ++m_frames;
    return true;
}

void Output::piece(std::string_view name, std::string_view text) {
    if (isBlank(text)) {
        return;
    }
    const std::string clean = cleanUtf8(text);
    const std::string place = cleanName(name.empty() ? "text" : name);
    if (!hasRoom(place)) {
        return;
    }
    // A gap's reason counts as text, too: some room stays for it.
    const std::size_t room = m_limits.text - std::min(m_limits.text, m_text + 4096);
    if (clean.size() > room) {
        m_isFull = true;
        m_take(FrameKind::piece, place, std::string_view(clean).substr(0, utf8Boundary(clean, room)));
        m_take(FrameKind::gap, place, "there is more text than is read");
        return;
    }
    m_text += clean.size();
    m_take(FrameKind::piece, place, clean);
}

void Output::gap(std::string_view name, std::string_view reason) {
    if (hasRoom(name)) {
        m_text += reason.size();
        m_take(FrameKind::gap, cleanName(name), reason);
    }
}

bool Output::takeUnpacked(std::string_view name, std::size_t bytes, std::size_t packed) {
    m_unpacked += bytes;
    const bool isBomb = m_unpacked > kRatioFrom && m_unpacked / std::max<std::size_t>(packed, 1) > m_limits.ratio;
    if (m_unpacked <= m_limits.unpacked && !isBomb) {
        return true;
    }
    if (!m_hasSaidUnpacked) {
        m_hasSaidUnpacked = true;
        gap(name, isBomb ? "it unpacks to far more than it holds" : "it unpacks to more than is read");
    }
    return false;
}

bool Output::isNewPicture(std::string_view bytes) {
    return m_pictures.emplace(std::hash<std::string_view>()(bytes), bytes.size()).second;
}

bool Output::takeDecoration() {
    return m_decorations++ < m_limits.decorations;
}

bool Output::takeEntry(std::string_view name) {
    if (++m_entries <= m_limits.entries) {
        return true;
    }
    if (m_entries == m_limits.entries + 1) {
        gap(name, "it holds more files than are read");
    }
    return false;
}

} // namespace gatehouse::documents
