// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace gatehouse::documents {

// Bytes in UTF-8, UTF-16 or UTF-32 (by their mark, or by where their zeros are), or Windows-1252, as UTF-8. nullopt for
// what is no text.
std::optional<std::string> decodeText(std::string_view bytes);

// Bytes in a named charset (RFC 2978: "utf-8", "iso-8859-1", "utf-16le" …) as UTF-8; those that are not known are
// guessed.
std::string decodeCharset(std::string_view bytes, std::string_view charset);

// Windows-1252 as UTF-8; it says the same as ISO 8859-1 except for 80–9F.
std::string decodeWindows1252(std::string_view bytes);
char32_t windows1252Point(unsigned char byte);

// UTF-16 code units as UTF-8; surrogates without a partner become U+FFFD.
std::string decodeUtf16(std::string_view bytes, bool isBigEndian);

} // namespace gatehouse::documents
