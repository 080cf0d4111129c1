// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <span>
#include <string_view>

#include "types/finding.h"

// Which language a program is in and how much of it there is: said in the findings of class source-code that mark where
// one begins, so that policy can tell a line from a file. docs/formats/detectors.md, "How much code".
namespace gatehouse::dlp {

struct CodeAmount {
    std::string_view language; // "Python", "C++", …; empty when nothing tells
    std::size_t lines = 0;     // that are not blank
    std::size_t end = 0;       // offset behind its last line
};

// The program that begins in the line of `begin`: it goes on until more lines stand there that no program has. Linear,
// any thread.
CodeAmount measureCode(std::string_view text, std::size_t begin);

// Sets `lines` and adds language, lines, characters and share of the text to `why` of the findings that a program's
// first line makes: "…; Python, 120 lines, 4312 characters, 85 % of the text". A later finding inside of an earlier
// one's program counts no line again. `findings` are in order.
void addCodeAmounts(std::string_view text, std::span<Finding> findings);

} // namespace gatehouse::dlp
