// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <algorithm>
#include <initializer_list>
#include <string_view>

#include "dlp/names/tokens.h"

// What the words beside a name say. Internal to core/dlp/names.
namespace gatehouse::dlp {

// What stands in front.
struct Context {
    double score = 0;
    bool isStrong = false; // a title, a greeting, an introduction: unknown words may be names too
    bool isTitle = false;
    std::string_view why;
};

Context contextInFront(std::string_view text, std::size_t begin);

// What stands behind `end`, in log-odds; `why` is set when it speaks for a name.
double contextBehind(std::string_view text, std::size_t end, std::string_view& why);

inline bool isOneOf(std::string_view word, std::initializer_list<std::string_view> words) {
    return std::find(words.begin(), words.end(), word) != words.end();
}

inline bool isMarked(const WordFacts& facts, std::initializer_list<Mark> marks) {
    return std::find(marks.begin(), marks.end(), facts.mark) != marks.end();
}

} // namespace gatehouse::dlp
