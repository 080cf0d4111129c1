// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

// Text in pictures. Which pictures of a document are read, which are passed over and which are told as unread:
// docs/formats/extract-frames.md, "Pictures".
namespace gatehouse::documents {

// Reads the letters of pictures (OCR). One thread, in the helper process.
class PictureReader {
public:
    struct Reading {
        std::string text;         // what could be read, also where `problem` says that it is not all
        std::string_view problem; // empty when the picture has been read
    };
    // Pixels as they lie in memory; rows may be padded.
    struct Pixels {
        const unsigned char* data = nullptr;
        int width = 0;
        int height = 0;
        int bytesPerPixel = 4;
        int bytesPerRow = 0;
    };
    virtual ~PictureReader() = default;
    // PNG, JPEG, GIF, TIFF with all its pages, WebP.
    [[nodiscard]] virtual Reading read(std::string_view encoded) = 0;
    [[nodiscard]] virtual Reading read(const Pixels& pixels) = 0;
};

// A reader by Tesseract 5 with its English model, when both are installed; nullptr else. Opens files: before the
// sandbox is entered. The model itself is only set up when the first picture comes.
std::unique_ptr<PictureReader> loadPictureReader();

// True unless nothing in the bytes looks like a picture: then there is no use in loading a reader.
bool mayHoldPictures(std::string_view bytes);

struct PictureSize {
    std::size_t width = 0;
    std::size_t height = 0;
};
// What the head of a PNG, JPEG, GIF, BMP or WebP says; nullopt for others and for broken ones.
std::optional<PictureSize> pictureSize(std::string_view bytes);

// A picture in a document that is too small for more than a logo, an icon or a line.
bool isDecoration(const PictureSize& size);
// One in which no letter can be read.
bool isSpeck(const PictureSize& size);

} // namespace gatehouse::documents
