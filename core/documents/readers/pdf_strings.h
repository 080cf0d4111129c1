// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace gatehouse::documents {

// What stands in a PDF's objects and not on its pages.
struct PdfStrings {
    std::string text; // remarks, links, fields, outline, alternative texts, scripts: a line each
    // Pages, from 0, with pictures that are more than decoration, in order; and whether there are others that no page
    // names.
    std::vector<int> picturePages;
    bool hasOtherPictures = false;
    bool isBroken = false; // the text is what came before the fault
};

// This header stays free of ours: with newer language modes than C++17, clang does not take qpdf's headers.
PdfStrings stringsOfPdf(std::string_view bytes);

} // namespace gatehouse::documents
