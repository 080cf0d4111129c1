// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <functional>
#include <optional>
#include <string>
#include <string_view>

#include "types/finding.h"

// Invented values that look like the real ones: from ranges that are reserved for examples where there are any, with
// check digits that hold, written as the real one is written. docs/formats/look-alike.md lists them by kind.
namespace gatehouse::dlp {

// How a look-alike is recognised again after a model wrote it down in its own way.
enum class Spelling {
    exact,   // as it stands
    anyCase, // capitals and small letters alike
    grouped, // the letters and digits, whatever groups them
    name,    // words, in any case, whatever blanks lie between; each word also stands for its counterpart
};

struct Invented {
    std::string text;
    Spelling spelling = Spelling::exact;
};

struct RealValue {
    std::string_view text;
    std::string_view label; // of its placeholders: "CARD", "IBAN", …
    std::string_view detector;
    FindingClass findingClass = FindingClass::custom;
};

// Whether a detector's own check holds for an invented identifier.
using Confirms = std::function<bool(std::string_view value)>;

// Another value at each call. nullopt when nothing of that kind can be invented (a clause, a key block, an address): it
// gets a placeholder then. Draws from the system's random numbers; any thread.
std::optional<Invented> inventValue(const RealValue& real, const Confirms& confirms);

} // namespace gatehouse::dlp
