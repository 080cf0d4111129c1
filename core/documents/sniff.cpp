// SPDX-License-Identifier: Apache-2.0
#include "documents/sniff.h"

#include <algorithm>
#include <array>
#include <cctype>
#include <string>

namespace gatehouse::documents {
namespace {

struct Magic {
    std::string_view bytes;
    std::size_t offset;
    Format format;
};

using namespace std::string_view_literals;

// The formats' own specifications; offsets are from the beginning.
constexpr std::array kMagics{
    Magic{"PK\3\4"sv, 0, Format::zip},
    Magic{"PK\5\6"sv, 0, Format::zip},
    Magic{"{\\rtf"sv, 0, Format::rtf},
    Magic{"\xD0\xCF\x11\xE0\xA1\xB1\x1A\xE1"sv, 0, Format::ole},
    Magic{"\x1F\x8B"sv, 0, Format::archive},         // gzip
    Magic{"BZh"sv, 0, Format::archive},              // bzip2
    Magic{"\xFD\x37zXZ\0"sv, 0, Format::archive},    // xz
    Magic{"\x28\xB5\x2F\xFD"sv, 0, Format::archive}, // zstd
    Magic{"\x04\x22\x4D\x18"sv, 0, Format::archive}, // lz4
    Magic{"7z\xBC\xAF\x27\x1C"sv, 0, Format::archive},
    Magic{"Rar!\x1A\x07"sv, 0, Format::archive},
    Magic{"MSCF\0\0\0\0"sv, 0, Format::archive},
    Magic{"!<arch>\n"sv, 0, Format::archive},
    Magic{"ustar"sv, 257, Format::archive},
    Magic{"\x89PNG\r\n\x1A\n"sv, 0, Format::picture},
    Magic{"\xFF\xD8\xFF"sv, 0, Format::picture},
    Magic{"GIF87a"sv, 0, Format::picture},
    Magic{"GIF89a"sv, 0, Format::picture},
    Magic{"II*\0"sv, 0, Format::picture},
    Magic{"MM\0*"sv, 0, Format::picture},
    Magic{"WEBP"sv, 8, Format::picture},
    Magic{"ftyp"sv, 4, Format::media},
    Magic{"WAVE"sv, 8, Format::media},
    Magic{"OggS"sv, 0, Format::media},
    Magic{"fLaC"sv, 0, Format::media},
    Magic{"ID3"sv, 0, Format::media},
    Magic{"\x1A\x45\xDF\xA3"sv, 0, Format::media},
};

std::string lower(std::string_view text) {
    std::string out(text);
    std::transform(out.begin(), out.end(), out.begin(),
                   [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c; });
    return out;
}

bool isHtml(std::string_view bytes, std::string_view name) {
    const std::string head = lower(bytes.substr(0, 512));
    const std::size_t first = head.find_first_not_of(" \t\r\n\xEF\xBB\xBF");
    const std::string_view start = first == std::string::npos ? "" : std::string_view(head).substr(first);
    return start.starts_with("<!doctype html") || start.starts_with("<html") || name.ends_with(".html") ||
           name.ends_with(".htm") || name.ends_with(".xhtml");
}

// RFC 5322: the first line is a field, and one of the fields that every mail has comes soon.
bool isMail(std::string_view bytes, std::string_view name) {
    const std::string_view head = bytes.substr(0, 4096);
    const std::size_t colon = head.find(':');
    const bool isField = colon != std::string_view::npos && colon > 0 && colon < 64 &&
                         std::all_of(
                             head.begin(), head.begin() + static_cast<std::ptrdiff_t>(colon),
                             [](char c) { return std::isalnum(static_cast<unsigned char>(c)) != 0 || c == '-'; });
    if (name.ends_with(".eml") || name.ends_with(".mht") || name.ends_with(".mhtml")) {
        return isField || head.starts_with("From ");
    }
    const std::string fields = "\n" + lower(head);
    return isField && fields.find("\nmime-version:") != std::string::npos &&
           fields.find("\ncontent-type:") != std::string::npos;
}

bool isWide(std::string_view bytes) {
    const auto byteAt = [&](std::size_t i) { return static_cast<unsigned char>(bytes[i]); };
    if (bytes.size() >= 2 && ((byteAt(0) == 0xFF && byteAt(1) == 0xFE) || (byteAt(0) == 0xFE && byteAt(1) == 0xFF))) {
        return true;
    }
    const std::size_t size = std::min<std::size_t>(bytes.size(), 4096) & ~std::size_t{1};
    std::array<std::size_t, 2> zeros{};
    for (std::size_t i = 0; i < size; ++i) {
        zeros[i % 2] += byteAt(i) == 0 ? 1U : 0U;
    }
    const auto [fewer, more] = std::minmax(zeros[0], zeros[1]);
    return size >= 8 && more * 10 > size * 2 && fewer * 50 < size;
}

} // namespace

Format sniff(std::string_view bytes, std::string_view name) {
    const auto found = std::find_if(kMagics.begin(), kMagics.end(), [&](const Magic& magic) {
        return bytes.size() > magic.offset && bytes.substr(magic.offset).starts_with(magic.bytes);
    });
    if (found != kMagics.end()) {
        return found->format;
    }
    // Readers look for it in the first 1024 bytes (ISO 32000-1, annex H, note 13).
    if (bytes.substr(0, 1024).find("%PDF-") != std::string_view::npos) {
        return Format::pdf;
    }
    const std::string ending = lower(name.substr(name.rfind('.') == std::string_view::npos ? 0 : name.rfind('.')));
    if (isHtml(bytes, ending)) {
        return Format::html;
    }
    return isMail(bytes, ending) ? Format::mail : Format::plain;
}

bool needsExtraction(std::string_view bytes, std::string_view name) {
    const Format format = sniff(bytes, name);
    if (format == Format::pdf) {
        return bytes.starts_with("%PDF-") || lower(name).ends_with(".pdf"); // else a text that speaks of it
    }
    const bool isContainer = format == Format::zip || format == Format::archive || format == Format::rtf ||
                             format == Format::mail || format == Format::ole;
    return isContainer || (format == Format::plain && isWide(bytes));
}

} // namespace gatehouse::documents
