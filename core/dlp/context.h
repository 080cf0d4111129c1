// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string_view>
#include <vector>

#include "dlp/hotwords.h"

namespace gatehouse::dlp {

// How far words of context count, in bytes of the normalised text.
inline constexpr std::size_t kContextBefore = 72;
inline constexpr std::size_t kContextNearest = 28;
inline constexpr std::size_t kContextAfter = 24;
// A word behind counts more when it begins this soon.
inline constexpr std::size_t kContextRightAfter = 8;
// A long word of context is near when it ends this close in front, wherever it begins.
inline constexpr std::size_t kContextTouching = 12;
// How far up the heading of a column is looked for.
inline constexpr std::size_t kColumnReach = 4096;

// What the words near a value say.
struct ContextEvidence {
    double score = 0;          // log-odds; 0 when nothing was found
    std::string_view why = {}; // a literal
};

// `hits`: the words around `span`, which is where they were looked for: kContextBefore in front, kContextAfter behind.
// `words`: sorted. The nearest counts: in front more than behind.
ContextEvidence evidenceOf(const std::vector<WordHit>& hits, Span span, const std::vector<WordId>& words);

// Whether one of `words` (sorted) stands close in front of the value.
bool hasWordInFront(const std::vector<WordHit>& hits, Span span, const std::vector<WordId>& words);

// Where the lines around the last place asked about begin, so that many places in one table or log are one walk. Of one
// text; another one begins with a fresh memo.
struct HeadingMemo {
    std::size_t line = std::string_view::npos;    // that the last place stands in
    std::size_t first = std::string_view::npos;   // of its block; npos: too far up
    std::size_t heading = std::string_view::npos; // the line that was split into cells last
    std::size_t headingEnd = 0;
    char separator = '\0'; // of its cells; '\0' when it is no line of a table
    std::size_t cells = 0; // separators in it
};

// The heading of the column that the value at `position` stands in: the same cell of the first line of its block of
// lines, separated by '|', tab, ';' or ','. Empty when it stands in no table. Depends on the text in front alone, so
// that a stream sees the same.
Span columnHeading(std::string_view text, std::size_t position, HeadingMemo& memo);

} // namespace gatehouse::dlp
