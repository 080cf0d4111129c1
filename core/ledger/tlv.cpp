// SPDX-License-Identifier: Apache-2.0
#include "ledger/tlv.h"

#include <array>
#include <bit>
#include <cmath>

namespace gatehouse::ledger {
namespace {

constexpr std::size_t kHeadBytes = 6;
constexpr std::size_t kLengthBytes = 4;
constexpr std::size_t kMaxFieldBytes = 64UL * 1024UL * 1024UL;

} // namespace

void putBigEndian(Bytes& out, std::uint64_t value, std::size_t size) {
    std::array<std::uint8_t, 8> bytes{};
    for (std::size_t i = 0; i < size; ++i) {
        bytes.at(i) = static_cast<std::uint8_t>(value >> (8 * (size - 1 - i)));
    }
    out.insert(out.end(), bytes.begin(), bytes.begin() + static_cast<std::ptrdiff_t>(size));
}

std::uint64_t getBigEndian(ByteView data) {
    std::uint64_t value = 0;
    for (const std::uint8_t byte : data) {
        value = (value << 8U) | byte;
    }
    return value;
}

void TlvWriter::bytes(std::uint16_t tag, ByteView value) {
    if (value.empty()) {
        return;
    }
    putBigEndian(m_out, tag, 2);
    putBigEndian(m_out, value.size(), kLengthBytes);
    m_out.insert(m_out.end(), value.begin(), value.end());
}

void TlvWriter::text(std::uint16_t tag, std::string_view value) {
    bytes(tag, bytesOf(value));
}

void TlvWriter::number(std::uint16_t tag, std::uint64_t value) {
    if (value != 0) {
        putBigEndian(m_out, tag, 2);
        putBigEndian(m_out, 8, kLengthBytes);
        putBigEndian(m_out, value, 8);
    }
}

void TlvWriter::signedNumber(std::uint16_t tag, std::int64_t value) {
    number(tag, std::bit_cast<std::uint64_t>(value));
}

void TlvWriter::real(std::uint16_t tag, std::optional<double> value) {
    if (!value || !std::isfinite(*value)) {
        return;
    }
    putBigEndian(m_out, tag, 2);
    putBigEndian(m_out, 8, kLengthBytes);
    putBigEndian(m_out, *value == 0 ? 0 : std::bit_cast<std::uint64_t>(*value), 8);
}

void TlvWriter::list(std::uint16_t tag, const std::vector<Bytes>& items) {
    Bytes joined;
    for (const Bytes& item : items) {
        putBigEndian(joined, item.size(), kLengthBytes);
        joined.insert(joined.end(), item.begin(), item.end());
    }
    bytes(tag, joined);
}

void TlvReader::reject(std::string_view why) {
    if (m_fault.empty()) {
        m_fault = why;
    }
}

std::optional<ByteView> TlvReader::field(std::uint16_t tag) {
    if (!m_fault.empty() || m_data.empty()) {
        return std::nullopt;
    }
    if (m_data.size() < kHeadBytes) {
        reject("a field is cut short");
        return std::nullopt;
    }
    const std::uint64_t found = getBigEndian(m_data.first(2));
    if (found > tag) {
        return std::nullopt;
    }
    if (found < tag) {
        reject("a field is unknown, repeated or out of order");
        return std::nullopt;
    }
    const std::uint64_t size = getBigEndian(m_data.subspan(2, kLengthBytes));
    if (size == 0 || size > kMaxFieldBytes || size > m_data.size() - kHeadBytes) {
        reject("a field has a wrong length");
        return std::nullopt;
    }
    const ByteView value = m_data.subspan(kHeadBytes, static_cast<std::size_t>(size));
    m_data = m_data.subspan(kHeadBytes + static_cast<std::size_t>(size));
    return value;
}

std::optional<std::uint64_t> TlvReader::fixed(std::uint16_t tag) {
    const auto value = field(tag);
    if (!value) {
        return std::nullopt;
    }
    if (value->size() != 8) {
        reject("a number does not have 8 bytes");
        return std::nullopt;
    }
    return getBigEndian(*value);
}

ByteView TlvReader::bytes(std::uint16_t tag) {
    return field(tag).value_or(ByteView());
}

std::string TlvReader::text(std::uint16_t tag) {
    return std::string(textOf(bytes(tag)));
}

std::uint64_t TlvReader::number(std::uint16_t tag) {
    const auto value = fixed(tag);
    if (value && *value == 0) {
        reject("a field holds its default value");
    }
    return value.value_or(0);
}

std::int64_t TlvReader::signedNumber(std::uint16_t tag) {
    return std::bit_cast<std::int64_t>(number(tag));
}

std::optional<double> TlvReader::real(std::uint16_t tag) {
    const auto bits = fixed(tag);
    if (!bits) {
        return std::nullopt;
    }
    const auto value = std::bit_cast<double>(*bits);
    if (!std::isfinite(value) || (value == 0 && *bits != 0)) {
        reject("a number is not finite or is minus zero");
        return std::nullopt;
    }
    return value;
}

std::vector<ByteView> TlvReader::list(std::uint16_t tag) {
    std::vector<ByteView> items;
    ByteView rest = bytes(tag);
    while (!rest.empty()) {
        if (rest.size() < kLengthBytes || getBigEndian(rest.first(kLengthBytes)) > rest.size() - kLengthBytes) {
            reject("a list is cut short");
            return {};
        }
        const auto size = static_cast<std::size_t>(getBigEndian(rest.first(kLengthBytes)));
        items.push_back(rest.subspan(kLengthBytes, size));
        rest = rest.subspan(kLengthBytes + size);
    }
    return items;
}

Result<> TlvReader::finish() {
    if (m_fault.empty() && !m_data.empty()) {
        m_fault = "a field is unknown, repeated or out of order";
    }
    if (!m_fault.empty()) {
        return fail(ErrorKind::corrupt, "record: " + m_fault);
    }
    return {};
}

} // namespace gatehouse::ledger
