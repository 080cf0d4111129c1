// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <cstddef>
#include <string_view>

#include "dlp/names/fold.h"
#include "dlp/names/gazetteer.h"
#include "dlp/validators.h"

// Words of a text as names see them. Internal to core/dlp/names.
namespace gatehouse::dlp {

enum class Shape : std::uint8_t {
    capitalised, // Anna, O'Neill, McDonald, Jean-Luc
    shouted,     // ANNA
    initial,     // J. or J.R.R.
    lower,       // van, der: only between capitalised words
    mixed,       // iPhone, JavaScript: no name
};

struct Token {
    Span span;
    WordFacts facts;
    Shape shape = Shape::capitalised;
};

// Capitalised words in a row, separated by single spaces.
struct Run {
    static constexpr std::size_t kMaxTokens = 24;
    std::array<Token, kMaxTokens> tokens;
    std::size_t size = 0;
    bool isCut = false;  // more follow
    std::size_t end = 0; // where reading stopped
};

// Like substr, but empty behind the end.
constexpr std::string_view slice(std::string_view text, std::size_t position, std::size_t count) {
    return position >= text.size() ? std::string_view() : text.substr(position, count);
}

// The end of the word at `position` (letters, with apostrophes and hyphens inside), without a genitive 's.
std::size_t wordEnd(std::string_view text, std::size_t position);
// The word that ends at `end`, at most 32 bytes long.
Span wordBefore(std::string_view text, std::size_t end);
// `position` is at the start of a capitalised word.
Token readToken(std::string_view text, std::size_t position);
void readRun(std::string_view text, std::size_t position, Run& run);

// The word next to a span and what lies between them.
struct Neighbour {
    Span span;       // empty: none within reach
    WordFacts facts; // of the word
    bool isCapital = false;
    bool isAdjacent = false; // one space between
    bool hasComma = false;   // between
    bool hasBreak = false;   // a line's end between
    bool hasStop = false;    // the end of a sentence, a colon or anything else between
};
Neighbour leftOf(std::string_view text, std::size_t position);
Neighbour rightOf(std::string_view text, std::size_t position);

inline std::string_view textOf(std::string_view text, Span span) {
    return slice(text, span.begin, span.end - span.begin);
}

} // namespace gatehouse::dlp
