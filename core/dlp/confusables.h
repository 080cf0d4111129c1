// SPDX-License-Identifier: Apache-2.0
#pragma once

// What other characters stand for in ASCII. Facts: Unicode character names and general categories (unicode.org,
// UnicodeData), and the pairs of letters that look the same in Latin, Greek and Cyrillic type (UTS #39).
namespace gatehouse::dlp {

// Not seen and not meant: zero-width, bidirectional marks, soft hyphen, variation selectors, tags.
bool isInvisible(char32_t value);

// The ASCII character that it is another form of (full-width, mathematical, circled, super- and subscript, digits of
// other scripts, exotic spaces, dashes and dots), or NUL.
char foldedForm(char32_t value);

// The Latin letter that a Greek or Cyrillic letter looks like, or NUL. Only meant inside words that mix scripts.
char lookalike(char32_t value);

} // namespace gatehouse::dlp
