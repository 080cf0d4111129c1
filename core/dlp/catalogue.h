// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "dlp/engine.h"
#include "dlp/hotwords.h"
#include "dlp/ids/ids.h"
#include "dlp/names/names.h"
#include "dlp/validators.h"

// The catalogue: detectors as rows of data (core/dlp/catalogue/<class>/*.json), compiled into the program. A row names
// what is looked for (a shared shape atom, a pattern with a literal of its own, or the layouts of an identifier), what
// confirms it, its score and words of context, and the examples that it must hit and the near misses that it must not.
// Format: docs/formats/detectors.md.
namespace gatehouse::dlp {

struct Row {
    DetectorInfo info;
    std::string atom;                 // a shared shape ("digits", "email", …) or empty
    std::string pattern;              // in the syntax that Hyperscan and RE2 share, or empty
    std::size_t literalLength = 0;    // not 0: the pattern is a plain text of that many bytes
    Validator validator = nullptr;    // of an atom or a pattern
    std::vector<std::string> shapes;  // layouts of an identifier, see id_layouts.h
    IdCheck check = nullptr;          // of shapes; nullptr: the shape alone
    std::optional<NameKind> finder;   // what finds it, complete with its score
    double score = 0;                 // log-odds of a hit that only has the shape
    bool isOptional = false;          // only where it is asked for
    bool needsContext = false;        // without a context word it is not reported at all
    std::vector<std::string> context; // lower case
    std::vector<WordId> contextIds;   // the same in the engine's words, sorted
    std::vector<std::string> examples;
    std::vector<std::string> nearMisses;
};

struct Atom {
    std::string_view name;
    std::string_view pattern;
};
// The shared shapes, matched with start of match on the normalised text.
const std::vector<Atom>& atoms();

// Words that speak against an identifier when they stand in front of one that nothing else speaks for.
std::span<const std::string_view> negativeWords();

// One catalogue file. Unknown keys, unknown validators and rows without examples are refused.
[[nodiscard]] Result<std::vector<Row>> parseCatalogue(std::string_view document);
// All files that are compiled in.
[[nodiscard]] Result<std::vector<Row>> builtInCatalogue();

} // namespace gatehouse::dlp
