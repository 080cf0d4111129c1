// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <string_view>

// What is known about a word: names, places, everyday words and marks (titles, greetings, company forms …), compiled in
// from core/dlp/data/*.txt. The words themselves are not kept: an entry is twenty bits of a hash (one word in 100,000
// that is in no list is taken for one that is) and twelve bits of facts, about half a megabyte in all. Built at first
// use in some milliseconds, then read-only: any thread.
namespace gatehouse::dlp {

enum class Known : std::uint8_t { no, rare, known, common };
enum class Everyday : std::uint8_t { no, foreign, usual, basic };
// In the order of kMarkGroups in gazetteer.cpp.
enum class Mark : std::uint8_t {
    none,
    title,
    greeting,
    signOff,
    said,
    calendar,
    company,
    institution,
    product,
    street,
    particle,
    suffix,
    people,
    geographic,
    role,
};

struct WordFacts {
    Known given = Known::no;
    Known surname = Known::no;
    Everyday everyday = Everyday::no;
    bool isPlace = false;
    Mark mark = Mark::none;

    [[nodiscard]] bool isName() const { return given != Known::no || surname != Known::no; }
};

// `folded`: a word as Folded makes it; a space inside a place's name is '_'.
WordFacts factsOf(std::string_view folded);

// The folded words of a list of drugs or diseases, see core/dlp/data/.
bool isDrug(std::string_view folded);

} // namespace gatehouse::dlp
