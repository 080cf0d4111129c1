// SPDX-License-Identifier: Apache-2.0
#include "documents/readers/pdf_strings.h"

#include <algorithm>
#include <exception>
#include <string>
#include <vector>

#define POINTERHOLDER_TRANSITION 4 // qpdf's own way to say that its old pointers are not used
#include <qpdf/QPDF.hh>
#include <qpdf/QPDFObjectHandle.hh>

namespace gatehouse::documents {
namespace {

constexpr unsigned kMaxDepth = 64;

// Tables of colours and keys are strings, too.
bool isText(std::string_view text) {
    const auto odd = std::count_if(text.begin(), text.end(), [](char c) {
        const auto byte = static_cast<unsigned char>(c);
        return byte < 0x20 && (byte < 0x09 || byte > 0x0D);
    });
    return !text.empty() && static_cast<std::size_t>(odd) * 10 <= text.size();
}

class StringWalk final {
public:
    // Everything below an object that is part of it; what it refers to is an object of its own.
    void walk(QPDFObjectHandle object, unsigned depth) {
        if (depth > kMaxDepth) {
            return;
        }
        if (object.isString()) {
            const std::string text = object.getUTF8Value();
            if (isText(text)) {
                m_text += text + "\n";
            }
        } else if (object.isArray()) {
            for (QPDFObjectHandle& item : object.getArrayAsVector()) {
                walkDirect(item, depth);
            }
        } else if (object.isDictionary()) {
            walkMembers(object, depth);
        } else if (object.isStream()) {
            QPDFObjectHandle facts = object.getDict();
            m_hasPictures = m_hasPictures || facts.getKey("/Subtype").isNameAndEquals("/Image");
            walkMembers(facts, depth);
        }
    }

    [[nodiscard]] const std::string& text() const { return m_text; }
    [[nodiscard]] bool hasPictures() const { return m_hasPictures; }

private:
    void walkDirect(QPDFObjectHandle& object, unsigned depth) {
        if (!object.isIndirect()) {
            walk(object, depth + 1);
        }
    }

    void walkMembers(QPDFObjectHandle& dictionary, unsigned depth) {
        if (dictionary.getKey("/Filter").isNameAndEquals("/Standard")) {
            return; // keys of the encryption
        }
        for (auto& [key, value] : dictionary.getDictAsMap()) {
            walkDirect(value, depth);
        }
    }

    std::string m_text;
    bool m_hasPictures = false;
};

} // namespace

PdfStrings stringsOfPdf(std::string_view bytes) {
    StringWalk strings;
    bool isBroken = false;
    try {
        QPDF document;
        document.setSuppressWarnings(true);
        document.processMemoryFile("document", bytes.data(), bytes.size());
        const QPDFObjGen facts = document.getTrailer().getKey("/Info").getObjGen(); // poppler tells them by name
        for (QPDFObjectHandle& object : document.getAllObjects()) {
            if (object.getObjGen() != facts) {
                strings.walk(object, 0);
            }
        }
    } catch (const std::bad_alloc&) {
        throw;
    } catch (const std::exception&) {
        isBroken = true;
    }
    return {strings.text(), strings.hasPictures(), isBroken};
}

} // namespace gatehouse::documents
