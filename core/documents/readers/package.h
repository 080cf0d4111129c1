// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "documents/readers/read.h"

namespace gatehouse::documents {

struct PackedFile {
    std::string name;
    std::string bytes;
};

// Office documents: the parts of a package (ECMA-376 part 2) whose main part is a text, a workbook or slides.
void readOffice(const Source& source, const std::vector<PackedFile>& files, Output& out);
// OpenDocument 1.3.
void readOpenDocument(const Source& source, const std::vector<PackedFile>& files, Output& out);

// The sheets of a workbook. Returns the names of the parts that are read by it.
std::vector<std::string> readSheets(const Source& source, const std::vector<PackedFile>& files, Output& out);

const PackedFile* findFile(const std::vector<PackedFile>& files, std::string_view name);
// The text of an XML part, and a gap where it is broken.
void readXmlPart(const Source& source, std::string_view place, const PackedFile& file, Output& out);
// What is no text of the document itself: pictures, embedded documents, programs.
void readOtherPart(const Source& source, const PackedFile& file, Output& out);

} // namespace gatehouse::documents
