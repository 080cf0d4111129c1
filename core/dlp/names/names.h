// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <string_view>
#include <vector>

#include "dlp/validators.h"

// Names of people, postal addresses and organisations: what has words rather than digits. Gazetteers say how often a
// word is a given name, a surname, a place or an everyday word; shape rules (initials, particles, suffixes, layouts of
// addresses) and the words around add to it. No model. docs/formats/detectors.md.
namespace gatehouse::dlp {

// What a finder finds; the last two are found by hidden_text.h.
enum class NameKind : std::uint8_t { person, address, organisation, hiddenText, turnedText };

struct NameHit {
    Span span;
    NameKind kind = NameKind::person;
    double score = 0;     // log-odds, complete: nothing is to be added for context
    std::string_view why; // a literal
};

// The furthest that anything here looks left or right of a hit, in bytes.
inline constexpr std::size_t kNameReach = 256;

// Appends the hits in `text` (normalised), ordered by begin; hits of one kind do not overlap. A hit depends on nothing
// further away than kNameReach. Weak ones (score below zero) are left out. Linear, pure, any thread; the first call
// builds the gazetteers in some milliseconds.
void findNames(std::string_view text, std::vector<NameHit>& out);

// For streams: where the text begins that more text could still make a name or an address of, or take one from; the
// text's size when there is none. Not before `from`.
std::size_t undecidedName(std::string_view text, std::size_t from);

} // namespace gatehouse::dlp
