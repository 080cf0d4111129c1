// SPDX-License-Identifier: Apache-2.0
#include "documents/readers/pdf_strings.h"

#include <algorithm>
#include <exception>
#include <set>
#include <string>
#include <vector>

#define POINTERHOLDER_TRANSITION 4 // qpdf's own way to say that its old pointers are not used
#include <qpdf/QPDF.hh>
#include <qpdf/QPDFObjectHandle.hh>
#include <qpdf/QPDFPageDocumentHelper.hh>
#include <qpdf/QPDFPageObjectHelper.hh>

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
            notePicture(object, facts);
            walkMembers(facts, depth);
        }
    }

    [[nodiscard]] const std::string& text() const { return m_text; }
    // Once all objects are walked.
    void tellPictures(QPDF& document, PdfStrings& strings) {
        for (const QPDFObjGen& mask : m_masks) {
            m_pictures.erase(mask);
        }
        std::set<QPDFObjGen> placed;
        int number = 0;
        for (QPDFPageObjectHelper& page : QPDFPageDocumentHelper(document).getAllPages()) {
            const std::size_t before = placed.size();
            bool isThere = false;
            placePictures(page.getAttribute("/Resources", false), 0, placed, isThere);
            if (isThere || placed.size() != before) {
                strings.picturePages.push_back(number);
            }
            ++number;
        }
        strings.hasOtherPictures = std::any_of(m_pictures.begin(), m_pictures.end(),
                                               [&](const QPDFObjGen& picture) { return placed.count(picture) == 0; });
    }

private:
    // Masks are counted with the picture that they belong to, and a few small ones are decoration.
    void notePicture(QPDFObjectHandle& object, QPDFObjectHandle& facts) {
        constexpr long long kSmall = 40'000;
        constexpr std::size_t kFew = 12;
        if (!facts.getKey("/Subtype").isNameAndEquals("/Image")) {
            return;
        }
        for (const char* const key : {"/SMask", "/Mask"}) {
            if (facts.getKey(key).isStream()) {
                m_masks.insert(facts.getKey(key).getObjGen());
            }
        }
        QPDFObjectHandle width = facts.getKey("/Width");
        QPDFObjectHandle height = facts.getKey("/Height");
        const bool isSmall = width.isInteger() && height.isInteger() && width.getIntValue() > 0 &&
                             width.getIntValue() < 1000 && height.getIntValue() > 0 && height.getIntValue() < 1000 &&
                             width.getIntValue() * height.getIntValue() <= kSmall;
        if (!isSmall || ++m_small > kFew) {
            m_pictures.insert(object.getObjGen());
        }
    }

    // The pictures that resources name, in forms too.
    void placePictures(QPDFObjectHandle resources, unsigned depth, std::set<QPDFObjGen>& placed, bool& isThere) {
        constexpr unsigned kForms = 5;
        QPDFObjectHandle objects =
            resources.isDictionary() ? resources.getKey("/XObject") : QPDFObjectHandle::newNull();
        if (!objects.isDictionary() || depth > kForms) {
            return;
        }
        for (auto& [name, object] : objects.getDictAsMap()) {
            if (!object.isStream()) {
                continue;
            }
            if (m_pictures.count(object.getObjGen()) != 0) {
                placed.insert(object.getObjGen());
                isThere = true;
            } else if (object.getDict().getKey("/Subtype").isNameAndEquals("/Form")) {
                placePictures(object.getDict().getKey("/Resources"), depth + 1, placed, isThere);
            }
        }
    }

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
    std::set<QPDFObjGen> m_pictures;
    std::set<QPDFObjGen> m_masks;
    std::size_t m_small = 0;
};

} // namespace

PdfStrings stringsOfPdf(std::string_view bytes) {
    StringWalk strings;
    PdfStrings all;
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
        strings.tellPictures(document, all);
    } catch (const std::bad_alloc&) {
        throw;
    } catch (const std::exception&) {
        all.isBroken = true;
    }
    all.text = strings.text();
    return all;
}

} // namespace gatehouse::documents
