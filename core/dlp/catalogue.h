// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "dlp/engine.h"
#include "dlp/validators.h"

// The catalogue: detectors as rows of data (core/dlp/catalogue/<class>/*.json), compiled into the program. A row names
// what Hyperscan looks for (a shared shape atom, or a pattern with a literal of its own), what confirms it, its score
// and words of context, and the examples that it must hit and the near misses that it must not. Format:
// docs/formats/detectors.md.
namespace gatehouse::dlp {

struct Row {
    DetectorInfo info;
    std::string atom;    // a shared shape ("digits", "email", …) or empty
    std::string pattern; // Hyperscan syntax; empty when an atom is named
    Validator validator = nullptr;
    double score = 0;                 // log-odds of a hit that only has the shape
    bool needsContext = false;        // without a context word it is not reported at all
    std::vector<std::string> context; // lower case
    std::vector<std::string> examples;
    std::vector<std::string> nearMisses;
};

struct Atom {
    std::string_view name;
    std::string_view pattern;
};
// The shared shapes, matched with start of match on the normalised text.
const std::vector<Atom>& atoms();

// One catalogue file. Unknown keys, unknown validators and rows without examples are refused.
[[nodiscard]] Result<std::vector<Row>> parseCatalogue(std::string_view document);
// All files that are compiled in.
[[nodiscard]] Result<std::vector<Row>> builtInCatalogue();

} // namespace gatehouse::dlp
