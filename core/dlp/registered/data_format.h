// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

#include "dlp/registered_data.h"

// Where what stands in a file of registered data; numbers are little-endian. See docs/formats/registered-data.md.
namespace gatehouse::dlp {

inline constexpr std::string_view kDataMagic = "GHDATA1\n";
inline constexpr std::size_t kKindAt = 8;
inline constexpr std::size_t kColumnsAt = 9;
inline constexpr std::size_t kTogetherAt = 10;
inline constexpr std::size_t kReachAt = 12;
inline constexpr std::size_t kKeyAt = 16;
inline constexpr std::size_t kEntriesAt = 32;
inline constexpr std::size_t kKeysAt = 40;
inline constexpr std::size_t kWordCountsAt = 48;
inline constexpr std::size_t kLengthsAt = 56;
inline constexpr std::size_t kDataHeadBytes = 88;
inline constexpr std::size_t kDataKeyBytes = 12;
inline constexpr std::size_t kDataHashBytes = 32;

inline std::uint64_t getNumber(std::string_view bytes, std::size_t at, std::size_t size) {
    std::uint64_t value = 0;
    for (std::size_t i = 0; i < size; ++i) {
        value |= std::uint64_t{static_cast<std::uint8_t>(bytes[at + i])} << (8 * i);
    }
    return value;
}

inline void putNumber(std::string& bytes, std::uint64_t value, std::size_t size) {
    for (std::size_t i = 0; i < size; ++i) {
        bytes += static_cast<char>(value >> (8 * i) & 0xFFU);
    }
}

// What is hashed behind the words: phrases of a dictionary keep their number of words, a value of a table may be
// written with any.
constexpr std::uint8_t tailOf(DataKind kind, std::size_t words) {
    return kind == DataKind::table ? 0 : static_cast<std::uint8_t>(words);
}

} // namespace gatehouse::dlp
