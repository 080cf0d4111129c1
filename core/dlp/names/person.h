// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "dlp/names/names.h"
#include "dlp/names/tokens.h"

// Internal to core/dlp/names.
namespace gatehouse::dlp {

// The people in a run of capitalised words. Returns where the search goes on: behind the run, or inside of it when the
// run was cut.
std::size_t findPeople(std::string_view text, const Run& run, std::vector<NameHit>& out);

// Whether a run can hold people at all: one of its words is a name, a title, a greeting or an initial, or what stands
// in front of it makes names of unknown words.
bool mayHoldPeople(std::string_view text, const Run& run);

// How much a word speaks for being a given name or a surname, in log-odds; negative for everyday words.
double weightAsGiven(const WordFacts& facts);
double weightAsSurname(const WordFacts& facts);

// The value of a field that is called as names are ("first_name": "…", Kunde: …). `position`: behind the ':' or '=' of
// a field.
void findNameField(std::string_view text, std::size_t position, std::vector<NameHit>& out);

// "my name is anna smith", in lower case too. `position`: behind "name is ".
void findIntroduction(std::string_view text, std::size_t position, std::vector<NameHit>& out);

} // namespace gatehouse::dlp
