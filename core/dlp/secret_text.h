// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "base/bytes.h"

// What the validators of secrets know about text: where a token can begin and end, what a stand-in for a secret looks
// like, and the checksums that providers put into their tokens. Pure, linear in what they are given, any thread.
namespace gatehouse::dlp {

// Whether a token may begin at `position`: what stands before is no part of it, or is an escape (\n, \u003d, %3D).
bool startsToken(std::string_view text, std::size_t position);
// Whether a token may end at `position`: neither a letter, a digit, '_' nor '-' follows.
bool endsToken(std::string_view text, std::size_t position);

// Stand-ins: masks, runs of one character, "your-key-here", "<token>", "${NAME}".
bool isPlaceholder(std::string_view value);
// Values that vendors print in their documentation and that open nothing ("AKIA…EXAMPLE").
bool isDocumentationValue(std::string_view value);
// Most characters follow their neighbour: "0123456789abcdef", "abcdefgh".
bool isSequence(std::string_view value);
// Letters that pair as in words: identifiers, prose, file names. False for anything too short to tell.
bool isWordLike(std::string_view value);
// Entropy against what random text of this length and alphabet has.
bool looksRandom(std::string_view value);
// References, templates and masks: text that stands where a secret would. Not for empty text.
bool isReference(std::string_view value);
// What code and prose put behind "password" without meaning one: names, paths, calls, words. Not for empty text.
bool isOrdinaryWord(std::string_view value);
bool isHex(std::string_view value);
// RFC 9562's text form.
bool isUuid(std::string_view value);
// ASCII lower case.
std::string folded(std::string_view value);

// CRC-32 (ISO 3309).
std::uint32_t crc32(std::string_view data);
// Six digits, most significant first, alphabet 0-9A-Za-z.
std::string base62Of(std::uint32_t value);
// The payload with its version byte when the four bytes of double SHA-256 agree; at most 128 characters.
std::optional<Bytes> base58Check(std::string_view text);
// BIP 173: the checksum of prefix, separator "1" and data; either case, not both.
bool hasBech32Checksum(std::string_view text);

} // namespace gatehouse::dlp
