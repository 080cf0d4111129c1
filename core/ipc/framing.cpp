// SPDX-License-Identifier: Apache-2.0
#include "ipc/framing.h"

#include <cstdint>
#include <cstring>

namespace gatehouse::ipc {

namespace {

constexpr std::size_t kHeader = sizeof(std::uint32_t);

} // namespace

void FrameDecoder::push(std::string_view bytes) {
    if (m_begin > 0) {
        m_buffer.erase(0, m_begin);
        m_begin = 0;
    }
    m_buffer.append(bytes);
}

Result<std::optional<std::string>> FrameDecoder::next() {
    const std::size_t available = m_buffer.size() - m_begin;
    if (available < kHeader) {
        return std::optional<std::string>();
    }
    std::uint32_t length = 0;
    std::memcpy(&length, m_buffer.data() + m_begin, kHeader);
    if (length == 0) {
        return fail(ErrorKind::invalidInput, "empty frame");
    }
    if (length > m_limit) {
        return fail(ErrorKind::limit, "frame above " + std::to_string(m_limit) + " bytes");
    }
    if (available - kHeader < length) {
        return std::optional<std::string>();
    }
    std::string payload = m_buffer.substr(m_begin + kHeader, length);
    m_begin += kHeader + length;
    return std::optional<std::string>(std::move(payload));
}

Result<std::string> encodeFrame(std::string_view payload) {
    if (payload.empty()) {
        return fail(ErrorKind::invalidInput, "empty frame");
    }
    if (payload.size() > kFrameLimit) {
        return fail(ErrorKind::limit, "frame above " + std::to_string(kFrameLimit) + " bytes");
    }
    const auto length = static_cast<std::uint32_t>(payload.size());
    std::string frame(kHeader, '\0');
    std::memcpy(frame.data(), &length, kHeader);
    frame.append(payload);
    return frame;
}

} // namespace gatehouse::ipc
