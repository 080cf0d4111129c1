// SPDX-License-Identifier: Apache-2.0
#include "documents/readers/read.h"

#include <exception>
#include <new>

#include "documents/sniff.h"

namespace gatehouse::documents {
namespace {

void readAs(Format format, const Source& source, Output& out) {
    switch (format) {
    case Format::pdf:
        return readPdf(source, out);
    case Format::zip:
        return readPackage(source, out);
    case Format::archive:
        return readArchive(source, out);
    case Format::rtf:
        return readRtf(source, out);
    case Format::html:
        return readHtml(source, out);
    case Format::mail:
        return readMail(source, out);
    case Format::plain:
        return readText(source, out);
    case Format::ole:
        out.format("ole");
        return out.gap(source.at(""), "an Office file that is encrypted or of a format before 2007");
    case Format::picture:
        return readPicture(source, out);
    case Format::media:
        out.format("media");
        return out.gap(source.at(""), "a recording: what it says is not read");
    }
}

} // namespace

void readDocument(const Source& source, Output& out) {
    try {
        readAs(sniff(source.bytes, source.name), source, out);
    } catch (const std::bad_alloc&) {
        out.gap(source.at(""), "reading it takes more memory than it may have");
    } catch (const std::exception&) {
        out.gap(source.at(""), "it is broken");
    }
}

void readInner(const Source& outer, std::string_view name, std::string_view bytes, Output& out, bool isPart) {
    if (out.isFull()) {
        return;
    }
    const std::string place = outer.at(name.empty() ? "(no name)" : name);
    if (outer.depth + 1 >= out.limits().depth) {
        out.gap(place, "it lies in too many archives within each other");
        return;
    }
    readDocument({bytes, std::string(name), place, outer.depth + 1, isPart}, out);
}

} // namespace gatehouse::documents
