// SPDX-License-Identifier: Apache-2.0
#include "documents/readers/package.h"

#include <algorithm>

#include "documents/readers/archive.h"
#include "documents/readers/xml_text.h"

namespace gatehouse::documents {
namespace {

bool has(const std::vector<std::string>& names, std::string_view name) {
    return std::find(names.begin(), names.end(), name) != names.end();
}

} // namespace

const PackedFile* findFile(const std::vector<PackedFile>& files, std::string_view name) {
    const auto found =
        std::find_if(files.begin(), files.end(), [&](const PackedFile& file) { return file.name == name; });
    return found == files.end() ? nullptr : &*found;
}

void readXmlPart(const Source& source, std::string_view place, const PackedFile& file, Output& out) {
    pugi::xml_document document;
    const bool isWhole = parseXml(file.bytes, document);
    out.piece(source.at(place), textBelow(document));
    if (!isWhole && !file.bytes.empty()) {
        out.gap(source.at(place), "this part is broken");
    }
}

void readOtherPart(const Source& source, const PackedFile& file, Output& out) {
    if (file.name.ends_with("vbaProject.bin")) {
        out.gap(source.at(file.name), "a program inside of the document");
    } else if (file.name.ends_with(".xml") || file.name.ends_with(".rels") || file.name.ends_with(".vml")) {
        readXmlPart(source, file.name, file, out);
    } else {
        readInner(source, file.name, file.bytes, out, true);
    }
}

void readPackage(const Source& source, Output& out) {
    const std::vector<std::string> names = listArchive(source.bytes, out.limits());
    const bool isOffice = has(names, "[Content_Types].xml");
    const bool isOpenDocument = has(names, "content.xml") && has(names, "META-INF/manifest.xml");
    if (!isOffice && !isOpenDocument) {
        out.format("zip");
        return readArchive(source, out);
    }
    std::vector<PackedFile> files;
    unpackArchive(source, out,
                  [&](const std::string& name, const std::string& bytes) { files.push_back({name, bytes}); });
    isOffice ? readOffice(source, files, out) : readOpenDocument(source, files, out);
}

} // namespace gatehouse::documents
