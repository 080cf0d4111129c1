// SPDX-License-Identifier: Apache-2.0
#include "documents/readers/text.h"

#include <algorithm>
#include <array>

#include "base/utf8.h"
#include "documents/readers/read.h"

namespace gatehouse::documents {
namespace {

constexpr char32_t kUnknown = 0xFFFD;

// The WHATWG Encoding Standard's index of windows-1252, 80–9F.
constexpr std::array<char32_t, 32> kHigh{0x20AC, 0x0081, 0x201A, 0x0192, 0x201E, 0x2026, 0x2020, 0x2021,
                                         0x02C6, 0x2030, 0x0160, 0x2039, 0x0152, 0x008D, 0x017D, 0x008F,
                                         0x0090, 0x2018, 0x2019, 0x201C, 0x201D, 0x2022, 0x2013, 0x2014,
                                         0x02DC, 0x2122, 0x0161, 0x203A, 0x0153, 0x009D, 0x017E, 0x0178};

unsigned byteAt(std::string_view bytes, std::size_t at) {
    return static_cast<unsigned char>(bytes[at]);
}

void append(std::string& out, char32_t point) {
    const bool isValid = point < 0x110000 && (point < 0xD800 || point > 0xDFFF);
    appendUtf8(out, isValid ? point : kUnknown);
}

std::string decodeUtf32(std::string_view bytes, bool isBigEndian) {
    std::string out;
    for (std::size_t i = 0; i + 3 < bytes.size(); i += 4) {
        char32_t point = 0;
        for (std::size_t k = 0; k < 4; ++k) {
            point = (point << 8U) | byteAt(bytes, i + (isBigEndian ? k : 3 - k));
        }
        append(out, point);
    }
    return out;
}

// UTF-16 without a mark: of Latin text every other byte is zero.
std::optional<bool> isBigEndianUtf16(std::string_view bytes) {
    const std::size_t size = std::min<std::size_t>(bytes.size(), 4096) & ~std::size_t{1};
    std::array<std::size_t, 2> zeros{};
    for (std::size_t i = 0; i < size; ++i) {
        zeros[i % 2] += byteAt(bytes, i) == 0 ? 1U : 0U;
    }
    const bool isBig = zeros[0] > zeros[1];
    const std::size_t more = isBig ? zeros[0] : zeros[1];
    const std::size_t fewer = isBig ? zeros[1] : zeros[0];
    if (size >= 8 && more * 10 > size * 2 && fewer * 50 < size) {
        return isBig;
    }
    return std::nullopt;
}

bool looksBinary(std::string_view bytes) {
    const std::string_view head = bytes.substr(0, 65536);
    const auto odd = std::count_if(head.begin(), head.end(), [](char c) {
        const auto byte = static_cast<unsigned char>(c);
        return (byte < 0x20 && (byte < 0x07 || byte > 0x0D) && byte != 0x1B) || byte == 0x7F;
    });
    return static_cast<std::size_t>(odd) * 50 > head.size();
}

} // namespace

std::string decodeUtf16(std::string_view bytes, bool isBigEndian) {
    std::string out;
    out.reserve(bytes.size());
    const auto unitAt = [&](std::size_t i) {
        const unsigned first = byteAt(bytes, i);
        const unsigned second = byteAt(bytes, i + 1);
        return static_cast<char32_t>(isBigEndian ? first << 8U | second : second << 8U | first);
    };
    for (std::size_t i = 0; i + 1 < bytes.size(); i += 2) {
        char32_t point = unitAt(i);
        if (point >= 0xD800 && point < 0xDC00 && i + 3 < bytes.size()) {
            const char32_t low = unitAt(i + 2);
            if (low >= 0xDC00 && low < 0xE000) {
                point = 0x10000 + ((point - 0xD800) << 10U) + (low - 0xDC00);
                i += 2;
            }
        }
        append(out, point);
    }
    return out;
}

char32_t windows1252Point(unsigned char byte) {
    return byte >= 0x80 && byte < 0xA0 ? kHigh[byte - 0x80U] : char32_t{byte};
}

std::string decodeWindows1252(std::string_view bytes) {
    std::string out;
    out.reserve(bytes.size() + bytes.size() / 8);
    for (const char c : bytes) {
        append(out, windows1252Point(static_cast<unsigned char>(c)));
    }
    return out;
}

std::optional<std::string> decodeText(std::string_view bytes) {
    using namespace std::string_view_literals;
    if (bytes.starts_with("\xEF\xBB\xBF"sv)) {
        bytes.remove_prefix(3);
    } else if (bytes.starts_with("\xFF\xFE\0\0"sv) || bytes.starts_with("\0\0\xFE\xFF"sv)) {
        return decodeUtf32(bytes.substr(4), bytes[0] == '\0');
    } else if (bytes.starts_with("\xFF\xFE"sv) || bytes.starts_with("\xFE\xFF"sv)) {
        return decodeUtf16(bytes.substr(2), bytes[0] == '\xFE');
    } else if (const auto isBig = isBigEndianUtf16(bytes)) {
        return decodeUtf16(bytes, *isBig);
    }
    if (looksBinary(bytes)) {
        return std::nullopt;
    }
    return isUtf8(bytes) ? std::string(bytes) : decodeWindows1252(bytes);
}

std::string decodeCharset(std::string_view bytes, std::string_view charset) {
    std::string name(charset);
    std::transform(name.begin(), name.end(), name.begin(),
                   [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c; });
    if (name == "utf-16le" || name == "utf-16be") {
        return decodeUtf16(bytes, name == "utf-16be");
    }
    if (name == "iso-8859-1" || name == "windows-1252" || name == "latin1") {
        return decodeWindows1252(bytes);
    }
    if (name == "utf-8" || name == "us-ascii") {
        return isUtf8(bytes) ? std::string(bytes) : decodeWindows1252(bytes);
    }
    auto guessed = decodeText(bytes);
    return guessed ? std::move(*guessed) : decodeWindows1252(bytes);
}

void readText(const Source& source, Output& out) {
    if (source.bytes.empty()) {
        out.format("text");
        return;
    }
    const auto text = decodeText(source.bytes);
    if (!text) {
        out.gap(source.at(""), "a format that is not known");
        return;
    }
    out.format("text");
    out.piece(source.at(""), *text);
}

} // namespace gatehouse::documents
