// SPDX-License-Identifier: Apache-2.0
#include "gateway/chunked_decoder.h"

#include <algorithm>

namespace gatehouse::gateway {
namespace {

constexpr unsigned kMaxDigits = 8; // 4 GiB; every limit is far below

int hexValue(char c) {
    if (c >= '0' && c <= '9') {
        return c - '0';
    }
    if (c >= 'a' && c <= 'f') {
        return c - 'a' + 10;
    }
    if (c >= 'A' && c <= 'F') {
        return c - 'A' + 10;
    }
    return -1;
}

} // namespace

bool ChunkedDecoder::takeSizeByte(char c) {
    if (c == '\r') {
        m_state = State::sizeLineFeed;
        return m_digits > 0;
    }
    const int value = hexValue(c);
    if (value < 0 || ++m_digits > kMaxDigits) {
        return false;
    }
    m_size = m_size * 16 + static_cast<std::uint64_t>(value);
    return true;
}

ChunkedDecoder::Status ChunkedDecoder::step(std::string_view bytes, std::string& body, std::size_t& consumed) {
    const char c = bytes[consumed];
    const auto expect = [&](char wanted, State next) {
        ++consumed;
        m_state = next;
        return c == wanted ? Status::needsMore : Status::malformed;
    };
    switch (m_state) {
    case State::size:
        ++consumed;
        return takeSizeByte(c) ? Status::needsMore : Status::malformed;
    case State::sizeLineFeed:
        m_digits = 0;
        // By the announced size, so that an oversized chunk is refused before it is buffered.
        if (m_size > m_limit - m_total) {
            return Status::tooLarge;
        }
        return expect('\n', m_size == 0 ? State::endReturn : State::data);
    case State::data: {
        const auto count = std::min<std::size_t>(m_size, bytes.size() - consumed);
        body.append(bytes, consumed, count);
        consumed += count;
        m_total += count;
        m_size -= count;
        if (m_size == 0) {
            m_state = State::dataReturn;
        }
        return Status::needsMore;
    }
    case State::dataReturn:
        return expect('\r', State::dataLineFeed);
    case State::dataLineFeed:
        return expect('\n', State::size);
    case State::endReturn:
        return expect('\r', State::endLineFeed);
    case State::endLineFeed:
        return expect('\n', State::done);
    case State::done:
        break;
    }
    return Status::done;
}

ChunkedDecoder::Status ChunkedDecoder::feed(std::string_view bytes, std::string& body, std::size_t& consumed) {
    consumed = 0;
    while (m_state != State::done && consumed < bytes.size()) {
        if (const auto status = step(bytes, body, consumed); status != Status::needsMore) {
            return status;
        }
    }
    return m_state == State::done ? Status::done : Status::needsMore;
}

} // namespace gatehouse::gateway
