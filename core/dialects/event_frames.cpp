// SPDX-License-Identifier: Apache-2.0
#include "dialects/event_frames.h"

#include <array>

#include "base/json.h"

namespace gatehouse::dialects {
namespace {

constexpr std::size_t kPrelude = 12; // two lengths and their checksum
constexpr std::size_t kFrameCost = 16;
constexpr char kStringType = 7;

constexpr std::array<std::uint32_t, 256> crcTable() {
    std::array<std::uint32_t, 256> table{};
    for (std::uint32_t i = 0; i < 256; ++i) {
        std::uint32_t value = i;
        for (int bit = 0; bit < 8; ++bit) {
            value = (value & 1U) != 0 ? 0xEDB88320U ^ (value >> 1U) : value >> 1U;
        }
        table[i] = value;
    }
    return table;
}

std::uint32_t number(std::string_view bytes, std::size_t at, std::size_t size) {
    std::uint32_t value = 0;
    for (std::size_t i = 0; i < size; ++i) {
        value = value << 8U | static_cast<unsigned char>(bytes[at + i]);
    }
    return value;
}

struct Headers {
    std::string messageType;
    std::string type; // of the event or the exception
};

// Only texts are expected; a header of another type is a fault.
Result<Headers> readHeaders(std::string_view bytes) {
    Headers headers;
    std::size_t at = 0;
    const auto wrong = [] { return fail(ErrorKind::invalidInput, "event stream: a header is wrong"); };
    while (at < bytes.size()) {
        const std::size_t nameSize = number(bytes, at, 1);
        if (at + 1 + nameSize + 3 > bytes.size()) {
            return wrong();
        }
        const std::string_view name = bytes.substr(at + 1, nameSize);
        at += 1 + nameSize;
        if (bytes[at] != kStringType) {
            return wrong();
        }
        const std::size_t size = number(bytes, at + 1, 2);
        at += 3;
        if (at + size > bytes.size()) {
            return wrong();
        }
        const std::string_view value = bytes.substr(at, size);
        at += size;
        if (name == ":message-type") {
            headers.messageType = value;
        } else if (name == ":event-type" || name == ":exception-type" || name == ":error-code") {
            headers.type = value;
        }
    }
    return headers;
}

Result<StreamFrame> readFrame(std::string_view bytes) {
    const std::size_t headersSize = number(bytes, 4, 4);
    if (headersSize + kFrameCost > bytes.size() ||
        crc32(bytes.substr(0, bytes.size() - 4)) != number(bytes, bytes.size() - 4, 4)) {
        return fail(ErrorKind::invalidInput, "event stream: a checksum is wrong");
    }
    GH_TRY(const Headers headers, readHeaders(bytes.substr(kPrelude, headersSize)));
    std::string_view payload = bytes.substr(kPrelude + headersSize, bytes.size() - kFrameCost - headersSize);
    payload = payload.empty() ? "{}" : payload;
    StreamFrame frame;
    frame.raw = bytes;
    frame.data = headers.messageType == "event" ? "{" + quoteJson(headers.type) + ":" + std::string(payload) + "}"
                                                : R"({"exception":{"type":)" + quoteJson(headers.type) +
                                                      ",\"body\":" + std::string(payload) + "}}";
    return frame;
}

} // namespace

std::uint32_t crc32(std::string_view bytes) {
    static constexpr auto kTable = crcTable();
    std::uint32_t value = 0xFFFFFFFFU;
    for (const char c : bytes) {
        value = kTable[(value ^ static_cast<unsigned char>(c)) & 0xFFU] ^ (value >> 8U);
    }
    return value ^ 0xFFFFFFFFU;
}

Result<std::vector<StreamFrame>> EventReader::push(std::string_view piece) {
    std::vector<StreamFrame> frames;
    m_buffer += piece;
    std::size_t at = 0;
    while (!m_fault && m_buffer.size() - at >= kPrelude) {
        const std::string_view rest = std::string_view(m_buffer).substr(at);
        const std::size_t size = number(rest, 0, 4);
        if (size < kFrameCost || size > kMaxFrame || crc32(rest.substr(0, 8)) != number(rest, 8, 4)) {
            m_fault = Error{ErrorKind::invalidInput, "event stream: a length or checksum is wrong"};
            break;
        }
        if (rest.size() < size) {
            break;
        }
        auto frame = readFrame(rest.substr(0, size));
        if (!frame) {
            m_fault = frame.error();
            break;
        }
        frames.push_back(std::move(*frame));
        at += size;
    }
    m_buffer.erase(0, at);
    // Frames in front of a fault are given first, so that the split of the bytes makes no difference.
    if (m_fault && frames.empty()) {
        return std::unexpected(*m_fault);
    }
    return frames;
}

Result<std::optional<StreamFrame>> EventReader::finish() {
    if (m_fault) {
        return std::unexpected(*m_fault);
    }
    if (!m_buffer.empty()) {
        return fail(ErrorKind::unavailable, "event stream: it ended inside a frame");
    }
    return std::nullopt;
}

} // namespace gatehouse::dialects
