// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <string_view>

#include "documents/readers/output.h"

// The readers, one file per format. Each takes foreign bytes, throws nothing but std::bad_alloc, and tells what it
// could not read as a gap. In the helper process only.
namespace gatehouse::documents {

// A document, perhaps one inside of another.
struct Source {
    std::string_view bytes;
    std::string name;   // its own; a hint
    std::string prefix; // of its pieces' names; empty for the outermost
    unsigned depth = 0;
    bool isPart = false; // of a document or a mail, as a logo is; not a file that somebody packed

    // The name of a piece: "inner.docx/comments".
    [[nodiscard]] std::string at(std::string_view piece) const {
        return prefix.empty() ? std::string(piece) : piece.empty() ? prefix : prefix + "/" + std::string(piece);
    }
};

// Reads whatever it is.
void readDocument(const Source& source, Output& out);
// The same for a file inside of `outer`, unless that is too deep.
void readInner(const Source& outer, std::string_view name, std::string_view bytes, Output& out, bool isPart = false);

void readPdf(const Source& source, Output& out);
void readPackage(const Source& source, Output& out); // zip: Office, OpenDocument, or any archive
void readArchive(const Source& source, Output& out);
void readMail(const Source& source, Output& out);
void readHtml(const Source& source, Output& out);
void readRtf(const Source& source, Output& out);
void readPicture(const Source& source, Output& out);
void readText(const Source& source, Output& out);

} // namespace gatehouse::documents
