// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string_view>

// What confirms an identifier: check digits, dates inside, assigned ranges.
namespace gatehouse::dlp {

struct IdVerdict {
    bool isValid = false;
    double strength = 0;  // log-odds to add: ln(1 / share of random values of the shape that would pass)
    std::string_view why; // a literal
};

// `compact`: letters and digits alone, letters as capitals. Pure, linear, any thread.
using IdCheck = IdVerdict (*)(std::string_view compact);

// nullptr when there is none of that name.
IdCheck idCheckNamed(std::string_view name);

} // namespace gatehouse::dlp
