// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string_view>
#include <vector>

#include "dlp/matcher.h"

namespace gatehouse::dlp {

// The shared shapes, numbered. All but dates are so plain that reading them off the digits of a text by hand costs a
// small part of what Hyperscan with starts of matches does; atoms() has each as a pattern too, which is what a shape
// means, and a test holds the two against each other.
enum class AtomKind : std::uint8_t { digits, email, iban, dottedQuad, ipv6, date, icd10 };

// Appends what the patterns of all atoms but `date` match in `text`, hits of one atom that overlap as one, and the
// parts of `text` around its digits: whatever matches a pattern that is at most kZoneMargin bytes wide and has a digit
// in it lies inside one of them, and touches neither end of it that is not the text's own. Linear.
void findAtoms(std::string_view text, std::vector<Hit>& hits, std::vector<Span>& zones);

inline constexpr std::size_t kZoneMargin = 64;

// The first digit from `position` on; the text's size when there is none. Most text has none: eight bytes at a time.
std::size_t nextDigit(std::string_view text, std::size_t position);

} // namespace gatehouse::dlp
