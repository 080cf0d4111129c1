// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "dlp/names/names.h"
#include "dlp/validators.h"

namespace gatehouse::dlp {

// A run of characters that nobody sees and that carries something, in the original text.
struct HiddenRun {
    Span span;
    NameKind kind = NameKind::hiddenText;
    double score = 0;     // log-odds, complete
    std::string_view why; // a literal
    std::string decoded;  // what tag characters spell in ASCII; empty for other carriers
};

// Appends the runs in `text`, ordered by begin: text in tag characters (U+E0020–E007E mirror ASCII; flags of regions
// are left alone), bytes in variation selectors, bits in zero-width characters, and marks that turn the order of what
// is shown (Unicode Standard chapters 23.2–23.9; UTS #51 for flags). Single marks that scripts and emoji need are none.
// Linear, pure, any thread.
void findHiddenText(std::string_view text, std::vector<HiddenRun>& out);

} // namespace gatehouse::dlp
