// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string_view>

namespace gatehouse::documents {

enum class Format {
    plain, // text in some encoding, or nothing that is known
    pdf,
    zip, // also Office and OpenDocument: their parts tell
    archive,
    rtf,
    html,
    mail,
    ole, // Office before 2007, or an encrypted newer file inside of one
    picture,
    media,
};

// What the first bytes say; the name's ending only tells apart what begins like any text.
Format sniff(std::string_view bytes, std::string_view name);

// True for what cannot be scanned as the bytes that it is: a container, a mail, or text in UTF-16 or UTF-32.
bool needsExtraction(std::string_view bytes, std::string_view name);

} // namespace gatehouse::documents
