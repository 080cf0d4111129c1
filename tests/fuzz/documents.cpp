// SPDX-License-Identifier: Apache-2.0
// Readers of documents that are our own code: they neither crash nor say what is no UTF-8, and the frames of what they
// say are read back alike. The first byte chooses. Poppler and libarchive have fuzzers of their own.
#include <array>
#include <cstdint>
#include <cstdlib>
#include <string>
#include <string_view>

#include "base/utf8.h"
#include "documents/readers/package.h"

namespace {

using namespace gatehouse::documents;

void read(unsigned which, std::string_view bytes, Output& out) {
    const Source source{bytes, "", "", 0};
    const std::string text(bytes);
    switch (which % 7) {
    case 0:
        return readHtml(source, out);
    case 1:
        return readRtf(source, out);
    case 2:
        return readMail(source, out);
    case 3:
        return readText(source, out);
    case 4:
        return readOffice(source, {{"word/document.xml", text}, {"word/_rels/document.xml.rels", text}}, out);
    case 5:
        return readOffice(source,
                          {{"xl/workbook.xml", "<workbook><sheets><sheet name='S' r:id='r'/></sheets></workbook>"},
                           {"xl/_rels/workbook.xml.rels", "<R><R Id='r' Target='worksheets/sheet1.xml'/></R>"},
                           {"xl/sharedStrings.xml", text},
                           {"xl/worksheets/sheet1.xml", text}},
                          out);
    default:
        return readOpenDocument(source, {{"mimetype", ""}, {"content.xml", text}, {"META-INF/manifest.xml", ""}}, out);
    }
}

} // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    if (size == 0) {
        return 0;
    }
    const std::string_view bytes(reinterpret_cast<const char*>(data + 1), size - 1);
    std::string frames;
    std::size_t pieces = 0;
    Output out({}, [&](FrameKind kind, std::string_view name, std::string_view text) {
        frames += encodeFrame(kind, name, text);
        pieces += kind == FrameKind::piece ? 1U : 0U;
    });
    read(data[0], bytes, out);
    frames += encodeFrame(FrameKind::end, "", "");
    FrameReader reader;
    const std::size_t split = data[0] % frames.size();
    const bool isRead = reader.push(std::string_view(frames).substr(0, split)).has_value() &&
                        reader.push(std::string_view(frames).substr(split)).has_value();
    const auto read = reader.finish();
    if (!isRead || !read || read->pieces.size() != pieces) {
        std::abort();
    }
    return 0;
}
