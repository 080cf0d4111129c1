// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/bytes.h"
#include "base/result.h"

// The canonical byte form of records: fields of tag (2 bytes), length (4 bytes) and value, integers big-endian, tags
// strictly ascending, a field with its default value left out. One value has exactly one encoding. Format:
// docs/formats/audit-record.md.
namespace gatehouse::ledger {

class TlvWriter final {
public:
    // Fields must come with ascending tags. Empty and zero values write nothing.
    void bytes(std::uint16_t tag, ByteView value);
    // Room for about so many bytes, so that the output is not moved while it grows.
    void reserve(std::size_t size) { m_out.reserve(size); }
    void text(std::uint16_t tag, std::string_view value);
    void number(std::uint16_t tag, std::uint64_t value);
    void signedNumber(std::uint16_t tag, std::int64_t value);
    // IEEE 754 binary64 bits. Present even when zero; what is not finite is left out, minus zero becomes zero.
    void real(std::uint16_t tag, std::optional<double> value);
    // Each item after its own 4-byte length.
    void list(std::uint16_t tag, const std::vector<Bytes>& items);
    [[nodiscard]] Bytes take() { return std::move(m_out); }

private:
    Bytes m_out;
};

// Reads what TlvWriter wrote. Ask for the fields in ascending order; the first fault is kept and finish() reports it:
// fields out of order, unknown, repeated, cut short, or present with a default value are corrupt.
class TlvReader final {
public:
    explicit TlvReader(ByteView data) : m_data(data) {}
    ByteView bytes(std::uint16_t tag);
    std::string text(std::uint16_t tag);
    std::uint64_t number(std::uint16_t tag);
    std::int64_t signedNumber(std::uint16_t tag);
    std::optional<double> real(std::uint16_t tag);
    std::vector<ByteView> list(std::uint16_t tag);
    // Marks the data as bad for a reason of the caller's own.
    void reject(std::string_view why);
    // Everything was read and nothing was wrong.
    [[nodiscard]] Result<> finish();

private:
    std::optional<ByteView> field(std::uint16_t tag);
    std::optional<std::uint64_t> fixed(std::uint16_t tag);

    ByteView m_data;
    std::string m_fault;
};

// Big-endian integers, for those who lay out bytes beside the TLV.
void putBigEndian(Bytes& out, std::uint64_t value, std::size_t size);
std::uint64_t getBigEndian(ByteView data);

} // namespace gatehouse::ledger
