// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

#include "types/action.h"

namespace gatehouse {

enum class Level { low, medium, high };

constexpr std::string_view levelWord(Level level) {
    return level == Level::high ? "high" : level == Level::medium ? "medium" : "low";
}

// One sensitive place in a text. `begin` and `end` are byte offsets into the original UTF-8 text; a finding never holds
// the value itself.
struct Finding {
    std::string detector; // class.region.name, e.g. "pci.any.card"
    FindingClass findingClass = FindingClass::custom;
    std::size_t part = 0; // index into Interaction::parts; 0 for a lone text
    std::size_t begin = 0;
    std::size_t end = 0;
    double confidence = 0; // 0–1
    Level level = Level::low;
    bool validated = false; // a checksum or structural rule confirmed it
    std::string why;        // reasons for people: "Luhn ok; context word near"
    std::size_t lines = 0;  // of source code that begin here (dlp/code_amount.h); 0 in all other findings
    std::string document;   // empty, or the attached document that it lies in: "pdf, 2124 bytes, sha256 …", no name
};

// Findings of one detector summed up, as records and messages show them.
struct FindingSummary {
    std::string detector;
    FindingClass findingClass = FindingClass::custom;
    std::size_t count = 0;
    double confidence = 0; // the highest
};

std::vector<FindingSummary> summarise(const std::vector<Finding>& findings);
// The documents in which something was found, each once, with how much: "pdf, 2124 bytes, sha256 …, 2 findings".
std::vector<std::string> documentsOf(const std::vector<Finding>& findings);

} // namespace gatehouse
