// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <cmath>
#include <memory>

#include <poppler/cpp/poppler-document.h>
#include <poppler/cpp/poppler-embedded-file.h>
#include <poppler/cpp/poppler-global.h>
#include <poppler/cpp/poppler-image.h>
#include <poppler/cpp/poppler-page-renderer.h>
#include <poppler/cpp/poppler-page.h>

#include "documents/readers/pdf_strings.h"
#include "documents/readers/read.h"
#include "documents/readers/text.h"

namespace gatehouse::documents {
namespace {

constexpr int kMaxPages = 10'000;

// Poppler's own conversion needs modules that the sandbox does not let it load.
std::string utf8Of(const poppler::ustring& text) {
    std::string bytes;
    bytes.reserve(text.size() * 2);
    for (const unsigned short unit : text) {
        bytes += static_cast<char>(unit & 0xFFU);
        bytes += static_cast<char>(unit >> 8U);
    }
    return decodeUtf16(bytes, false);
}

// Set while a page is read by messages about letters that could not be told.
void watch(const std::string& message, void* closure) {
    const bool isLost = message.find("CMap") != std::string::npos ||
                        message.find("character coll") != std::string::npos ||
                        message.find("Unicode map") != std::string::npos;
    if (isLost) {
        *static_cast<bool*>(closure) = true;
    }
}

void ignore(const std::string& /*message*/, void* /*closure*/) {}

void readFacts(const poppler::document& document, const Source& source, Output& out) {
    std::string facts;
    for (const std::string& key : document.info_keys()) {
        facts += key + ": " + utf8Of(document.info_key(key)) + "\n";
    }
    out.piece(source.at("properties"), facts);
    out.piece(source.at("metadata"), utf8Of(document.metadata()));
}

// The page as it looks, read letter by letter. False when nobody can.
bool readLooks(const poppler::page& page, const std::string& place, Output& out) {
    constexpr double kPointsPerInch = 72;
    constexpr double kFinest = 200; // dots per inch
    constexpr double kMostPixels = 8e6;
    const poppler::rectf size = page.page_rect();
    const double inches = size.width() / kPointsPerInch * (size.height() / kPointsPerInch);
    if (out.pictureReader() == nullptr || !poppler::page_renderer::can_render() || inches <= 0) {
        return false;
    }
    const double resolution = std::min(kFinest, std::sqrt(kMostPixels / inches));
    const poppler::page_renderer renderer;
    const poppler::image image = renderer.render_page(&page, resolution, resolution);
    if (!image.is_valid() || image.format() != poppler::image::format_argb32) {
        return false;
    }
    const PictureReader::Reading reading =
        out.pictureReader()->read({reinterpret_cast<const unsigned char*>(image.const_data()), image.width(),
                                   image.height(), 4, image.bytes_per_row()});
    out.piece(place + ", as it looks", reading.text);
    if (!reading.problem.empty()) {
        out.gap(place, reading.problem);
    }
    return true;
}

void readPages(const poppler::document& document, const Source& source, const PdfStrings& strings, Output& out) {
    bool isLost = false;
    poppler::set_debug_error_function(watch, &isLost);
    const int pages = document.pages();
    for (int i = 0; i < pages && !out.isFull(); ++i) {
        const std::string place = source.at("page " + std::to_string(i + 1));
        if (i == kMaxPages) {
            out.gap(place, "there are more pages than are read");
            break;
        }
        isLost = false;
        const std::unique_ptr<poppler::page> page(document.create_page(i));
        if (!page) {
            out.gap(place, "the page is broken");
            continue;
        }
        const std::string text = utf8Of(page->text(poppler::rectf(), poppler::page::non_raw_non_physical_layout));
        out.piece(place, text);
        const bool isBlank = text.find_first_not_of(" \t\r\n\f") == std::string::npos;
        const bool hasPicture = std::binary_search(strings.picturePages.begin(), strings.picturePages.end(), i);
        if ((isLost || isBlank || hasPicture) && readLooks(*page, place, out)) {
            continue;
        }
        if (isLost) {
            out.gap(place, "letters of a font that cannot be told");
        } else if (isBlank) {
            out.gap(place, "a page without text, perhaps a picture");
        }
    }
    poppler::set_debug_error_function(ignore, nullptr);
}

void tellStrings(const Source& source, const PdfStrings& strings, Output& out) {
    const std::string place = source.at("remarks, links and fields");
    out.piece(place, strings.text);
    if (strings.isBroken) {
        out.gap(place, "they cannot be read");
    }
    const bool isUnread = out.pictureReader() == nullptr && !strings.picturePages.empty();
    if (isUnread || strings.hasOtherPictures) {
        out.gap(source.at("pictures"), "pictures: text in pictures is not read");
    }
}

} // namespace

void readPdf(const Source& source, Output& out) {
    out.format("pdf");
    poppler::set_debug_error_function(ignore, nullptr);
    const std::unique_ptr<poppler::document> document(
        poppler::document::load_from_raw_data(source.bytes.data(), static_cast<int>(source.bytes.size())));
    if (!document || document->is_locked()) {
        out.gap(source.at(""), document ? "it is encrypted" : "it is broken");
        return;
    }
    readFacts(*document, source, out);
    const PdfStrings strings = stringsOfPdf(source.bytes);
    readPages(*document, source, strings, out);
    tellStrings(source, strings, out);
    for (const poppler::embedded_file* file : document->embedded_files()) {
        const std::string place = source.at(file->name());
        if (out.isFull() || !out.takeEntry(place)) {
            return;
        }
        const poppler::byte_array bytes = file->data();
        if (!out.takeUnpacked(place, bytes.size(), source.bytes.size())) {
            return;
        }
        readInner(source, file->name(), std::string_view(bytes.data(), bytes.size()), out);
    }
}

} // namespace gatehouse::documents
