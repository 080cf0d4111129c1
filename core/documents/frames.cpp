// SPDX-License-Identifier: Apache-2.0
#include "documents/frames.h"

#include <algorithm>
#include <cstdint>

#include "base/utf8.h"

namespace gatehouse::documents {
namespace {

constexpr std::size_t kHead = 9;

void appendLength(std::string& out, std::size_t length) {
    for (unsigned shift = 0; shift < 32; shift += 8) {
        out += static_cast<char>((length >> shift) & 0xFFU);
    }
}

std::size_t lengthAt(std::string_view bytes, std::size_t at) {
    std::size_t length = 0;
    for (unsigned i = 0; i < 4; ++i) {
        length |= std::size_t{static_cast<unsigned char>(bytes[at + i])} << (8 * i);
    }
    return length;
}

} // namespace

std::string encodeFrame(FrameKind kind, std::string_view name, std::string_view text) {
    std::string out(1, static_cast<char>(kind));
    appendLength(out, name.size());
    appendLength(out, text.size());
    out += name;
    out += text;
    return out;
}

Result<> FrameReader::push(std::string_view bytes) {
    m_buffer += bytes;
    for (;;) {
        GH_TRY(const bool hasRead, readOne());
        if (!hasRead) {
            break;
        }
    }
    if (m_at > 0) {
        m_buffer.erase(0, m_at);
        m_at = 0;
    }
    return {};
}

Result<bool> FrameReader::readOne() {
    const std::string_view rest = std::string_view(m_buffer).substr(m_at);
    if (m_isComplete && !rest.empty()) {
        return fail(ErrorKind::corrupt, "bytes behind the last frame");
    }
    if (rest.size() < kHead) {
        return false;
    }
    const std::size_t name = lengthAt(rest, 1);
    const std::size_t text = lengthAt(rest, 5);
    if (name > kMaxName || text > kMaxText - m_text || m_frames >= kMaxFrames) {
        return fail(ErrorKind::limit, "a frame above its limit");
    }
    if (rest.size() < kHead + name + text) {
        return false;
    }
    GH_CHECK(take(static_cast<FrameKind>(rest[0]), rest.substr(kHead, name), rest.substr(kHead + name, text)));
    m_at += kHead + name + text;
    m_text += text;
    ++m_frames;
    return true;
}

Result<> FrameReader::take(FrameKind kind, std::string_view name, std::string_view text) {
    if (!isUtf8(name) || !isUtf8(text)) {
        return fail(ErrorKind::corrupt, "a frame that is not UTF-8");
    }
    switch (kind) {
    case FrameKind::format:
        m_extraction.format = name;
        return {};
    case FrameKind::piece:
        m_extraction.pieces.push_back({std::string(name), std::string(text)});
        return {};
    case FrameKind::gap:
        m_extraction.gaps.push_back({std::string(name), std::string(text)});
        return {};
    case FrameKind::end:
        m_isComplete = true;
        return {};
    }
    return fail(ErrorKind::corrupt, "a frame of an unknown kind");
}

Result<Extraction> FrameReader::finish() {
    if (!m_isComplete) {
        return fail(ErrorKind::corrupt, "the frames end early");
    }
    return std::move(m_extraction);
}

std::string encodeHead(std::string_view name) {
    std::string out;
    const std::string_view kept = name.substr(0, std::min(name.size(), kMaxName));
    appendLength(out, kept.size());
    out += kept;
    return out;
}

Result<Asked> decodeAsked(std::string_view input) {
    if (input.size() < 4 || lengthAt(input, 0) > std::min(kMaxName, input.size() - 4)) {
        return fail(ErrorKind::invalidInput, "the head is cut");
    }
    const std::size_t name = lengthAt(input, 0);
    return Asked{input.substr(4, name), input.substr(4 + name)};
}

} // namespace gatehouse::documents
