// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <cctype>

#include "documents/readers/package.h"

namespace gatehouse::documents {
namespace {

std::string_view formatOf(const std::vector<PackedFile>& files) {
    if (findFile(files, "word/document.xml") != nullptr) {
        return "docx";
    }
    if (findFile(files, "xl/workbook.xml") != nullptr) {
        return "xlsx";
    }
    return findFile(files, "ppt/presentation.xml") != nullptr ? "pptx" : "office";
}

// "slide 12" for "ppt/slides/slide12.xml" and so on; other parts go by their file name without ending.
std::string placeOf(std::string_view name) {
    if (name == "word/document.xml") {
        return "text";
    }
    const std::size_t slash = name.rfind('/');
    std::string stem(name.substr(slash == std::string_view::npos ? 0 : slash + 1));
    stem.resize(stem.rfind('.') == std::string::npos ? stem.size() : stem.rfind('.'));
    if (stem.empty()) { // "_rels/.rels"
        return "links";
    }
    if (stem.ends_with(".xml")) { // "document.xml.rels"
        return "links of " + stem.substr(0, stem.size() - 4);
    }
    const std::size_t digits = stem.find_last_not_of("0123456789") + 1;
    if (digits == stem.size() || digits == 0) {
        return stem;
    }
    const std::string word = stem.substr(0, digits) == "notesSlide" ? "notes of slide" : stem.substr(0, digits);
    return word + " " + stem.substr(digits);
}

// The number at the end of a name, so that slide 10 comes behind slide 9.
std::pair<std::string, unsigned long> orderOf(const std::string& name) {
    const std::size_t dot = name.rfind('.');
    const std::size_t end = dot == std::string::npos ? name.size() : dot;
    std::size_t begin = end;
    while (begin > 0 && end - begin < 9 && std::isdigit(static_cast<unsigned char>(name[begin - 1])) != 0) {
        --begin;
    }
    return {name.substr(0, begin), begin < end ? std::stoul(name.substr(begin, end - begin)) : 0};
}

bool isXml(const std::string& name) {
    return name.ends_with(".xml") || name.ends_with(".rels") || name.ends_with(".vml");
}

} // namespace

void readOffice(const Source& source, const std::vector<PackedFile>& files, Output& out) {
    const std::string_view format = formatOf(files);
    out.format(format);
    std::vector<std::string> done;
    if (format == "xlsx") {
        done = readSheets(source, files, out);
    }
    std::vector<const PackedFile*> order;
    order.reserve(files.size());
    for (const PackedFile& file : files) {
        if (std::find(done.begin(), done.end(), file.name) == done.end()) {
            order.push_back(&file);
        }
    }
    std::sort(order.begin(), order.end(), [](const PackedFile* a, const PackedFile* b) {
        return std::pair(orderOf(a->name), a) < std::pair(orderOf(b->name), b); // a name may come twice
    });
    for (const PackedFile* file : order) {
        if (file->name.starts_with("docProps/thumbnail.")) {
            continue; // a picture of the first page, whose text is read
        }
        if (isXml(file->name)) {
            readXmlPart(source, placeOf(file->name), *file, out);
        } else {
            readOtherPart(source, *file, out);
        }
    }
}

} // namespace gatehouse::documents
