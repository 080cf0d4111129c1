// SPDX-License-Identifier: Apache-2.0
#include "documents/readers/picture.h"

#include <algorithm>
#include <array>

#include "documents/readers/read.h"

namespace gatehouse::documents {
namespace {

using namespace std::string_view_literals;

std::size_t byteAt(std::string_view bytes, std::size_t at) {
    return static_cast<unsigned char>(bytes[at]);
}

std::size_t big16(std::string_view bytes, std::size_t at) {
    return byteAt(bytes, at) << 8U | byteAt(bytes, at + 1);
}

std::size_t big32(std::string_view bytes, std::size_t at) {
    return big16(bytes, at) << 16U | big16(bytes, at + 2);
}

std::size_t little16(std::string_view bytes, std::size_t at) {
    return byteAt(bytes, at) | byteAt(bytes, at + 1) << 8U;
}

// ITU-T T.81 annex B: segments up to the one that begins the frame.
std::optional<PictureSize> jpegSize(std::string_view bytes) {
    for (std::size_t at = 2; at + 9 < bytes.size() && byteAt(bytes, at) == 0xFF;) {
        const std::size_t marker = byteAt(bytes, at + 1);
        if (marker == 0xFF) {
            ++at;
            continue;
        }
        const bool isFrame = marker >= 0xC0 && marker <= 0xCF && marker != 0xC4 && marker != 0xC8 && marker != 0xCC;
        if (isFrame) {
            return PictureSize{big16(bytes, at + 7), big16(bytes, at + 5)};
        }
        at += 2 + big16(bytes, at + 2);
    }
    return std::nullopt;
}

// RFC 9649: the three kinds of bitstreams.
std::optional<PictureSize> webpSize(std::string_view bytes) {
    if (bytes.size() < 30) {
        return std::nullopt;
    }
    const std::string_view chunk = bytes.substr(12, 4);
    if (chunk == "VP8X") {
        return PictureSize{1 + (little16(bytes, 24) | byteAt(bytes, 26) << 16U),
                           1 + (little16(bytes, 27) | byteAt(bytes, 29) << 16U)};
    }
    if (chunk == "VP8L") {
        const std::size_t bits = little16(bytes, 21) | little16(bytes, 23) << 16U;
        return PictureSize{1 + (bits & 0x3FFFU), 1 + (bits >> 14U & 0x3FFFU)};
    }
    return chunk == "VP8 " ? std::optional(PictureSize{little16(bytes, 26) & 0x3FFFU, little16(bytes, 28) & 0x3FFFU})
                           : std::nullopt;
}

} // namespace

std::optional<PictureSize> pictureSize(std::string_view bytes) {
    if (bytes.starts_with("\x89PNG\r\n\x1A\n"sv) && bytes.size() >= 24) {
        return PictureSize{big32(bytes, 16), big32(bytes, 20)};
    }
    if (bytes.starts_with("GIF8"sv) && bytes.size() >= 10) {
        return PictureSize{little16(bytes, 6), little16(bytes, 8)};
    }
    if (bytes.starts_with("BM"sv) && bytes.size() >= 26) {
        return PictureSize{little16(bytes, 18) | little16(bytes, 20) << 16U, little16(bytes, 22) | little16(bytes, 24)
                                                                                                       << 16U};
    }
    if (bytes.starts_with("\xFF\xD8\xFF"sv)) {
        return jpegSize(bytes);
    }
    return bytes.size() > 12 && bytes.substr(8, 4) == "WEBP" ? webpSize(bytes) : std::nullopt;
}

bool isDecoration(const PictureSize& size) {
    constexpr std::size_t kPixels = 40'000; // 400 by 100, 200 by 200
    constexpr std::size_t kLongest = 1'000;
    return size.width <= kLongest && size.height <= kLongest && size.width * size.height <= kPixels;
}

bool isSpeck(const PictureSize& size) {
    constexpr std::size_t kShortest = 8; // less than the height of a letter, and no line of them
    return size.width < kShortest || size.height < kShortest;
}

bool mayHoldPictures(std::string_view bytes) {
    constexpr std::array kSigns{"PNG"sv,  "GIF8"sv, "\xFF\xD8\xFF"sv, "II*\0"sv, "MM\0*"sv, "WEBP"sv,  "/Image"sv,
                                ".png"sv, ".jp"sv,  ".gif"sv,         ".tif"sv,  ".webp"sv, "image/"sv};
    constexpr std::string_view kThumbnail = "thumbnail"; // of an Office document's first page: not read
    return std::any_of(kSigns.begin(), kSigns.end(), [bytes, kThumbnail](std::string_view sign) {
        std::size_t at = bytes.find(sign);
        while (at != std::string_view::npos && bytes.substr(0, at).ends_with(kThumbnail)) {
            at = bytes.find(sign, at + 1);
        }
        return at != std::string_view::npos;
    });
}

void readPicture(const Source& source, Output& out) {
    out.format("picture");
    if (source.isPart && !out.isNewPicture(source.bytes)) {
        return; // a logo on every slide
    }
    const auto size = pictureSize(source.bytes);
    if (source.isPart && size && isSpeck(*size)) {
        return;
    }
    PictureReader* const reader = out.pictureReader();
    if (reader != nullptr && size && isSpeck(*size)) {
        return out.gap(source.at(""), "a picture too small to read");
    }
    if (reader != nullptr) {
        const PictureReader::Reading reading = reader->read(source.bytes);
        out.piece(source.at(source.prefix.empty() ? "text" : ""), reading.text);
        if (reading.problem.empty()) {
            return;
        }
        if (!(source.isPart && size && isDecoration(*size) && out.takeDecoration())) {
            out.gap(source.at(""), reading.problem);
        }
        return;
    }
    if (!(source.isPart && size && isDecoration(*size) && out.takeDecoration())) {
        out.gap(source.at(""), "a picture: text in pictures is not read");
    }
}

} // namespace gatehouse::documents
