// SPDX-License-Identifier: Apache-2.0
#include "documents/readers/package.h"

#include <pugixml.hpp>

#include "documents/readers/xml_text.h"

namespace gatehouse::documents {
namespace {

std::string_view formatOf(const std::vector<PackedFile>& files) {
    const PackedFile* type = findFile(files, "mimetype");
    const std::string_view word = type == nullptr ? std::string_view() : std::string_view(type->bytes);
    return word.find("opendocument.spreadsheet") != std::string_view::npos    ? "ods"
           : word.find("opendocument.presentation") != std::string_view::npos ? "odp"
           : word.find("opendocument.text") != std::string_view::npos         ? "odt"
                                                                              : "opendocument";
}

// OpenDocument 1.3 part 2, 3.4: an encrypted file has its key's derivation in the manifest.
bool isEncrypted(const std::vector<PackedFile>& files) {
    const PackedFile* manifest = findFile(files, "META-INF/manifest.xml");
    return manifest != nullptr && manifest->bytes.find("encryption-data") != std::string::npos;
}

// The content, each table of a workbook a piece of its own.
void readContent(const Source& source, const PackedFile& file, Output& out) {
    pugi::xml_document document;
    const bool isWhole = parseXml(file.bytes, document);
    const pugi::xml_node sheets =
        document.child("office:document-content").child("office:body").child("office:spreadsheet");
    for (pugi::xml_node table = sheets.child("table:table"); table;) {
        const pugi::xml_node next = table.next_sibling("table:table");
        out.piece(source.at("sheet " + std::string(table.attribute("table:name").value())), textBelow(table));
        pugi::xml_node(sheets).remove_child(table);
        table = next;
    }
    out.piece(source.at("text"), textBelow(document));
    if (!isWhole) {
        out.gap(source.at("text"), "this part is broken");
    }
}

} // namespace

void readOpenDocument(const Source& source, const std::vector<PackedFile>& files, Output& out) {
    out.format(formatOf(files));
    if (isEncrypted(files)) {
        out.gap(source.at(""), "it is encrypted");
        return;
    }
    for (const PackedFile& file : files) {
        if (file.name == "content.xml") {
            readContent(source, file, out);
        } else if (file.name != "mimetype" && file.name != "META-INF/manifest.xml") {
            readOtherPart(source, file, out);
        }
    }
}

} // namespace gatehouse::documents
