// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <array>
#include <string>

#include "dlp/validators.h"

namespace gatehouse::dlp {
namespace {

// Whether a category lies in a chapter of ICD-10 (WHO): most letters go to 99, these end before.
bool isInChapter(std::string_view code) {
    const int number = isDigit(code[2]) ? (code[1] - '0') * 10 + (code[2] - '0') : 0;
    switch (code[0]) {
    case 'D':
        return number <= 89;
    case 'E':
        return number <= 90;
    case 'H':
    case 'K':
        return number <= 95;
    case 'P':
        return number <= 96;
    case 'T':
        return number <= 98;
    case 'U':
        return number <= 85;
    default:
        return true;
    }
}

} // namespace

// The form of ICD-10-CM: a letter, a digit, a digit or A/B, then up to four characters behind a point.
void validateIcd10(std::string_view text, Span hit, std::vector<Candidate>& out) {
    const char left = before(text, hit.begin);
    if (isWord(left) || left == '.' || left == '-' || isWord(at(text, hit.end)) || at(text, hit.end) == '-') {
        return;
    }
    if (hit.end - hit.begin < 3 || !isInChapter(text.substr(hit.begin, 3))) {
        return;
    }
    const bool hasSubcategory = hit.end - hit.begin > 3;
    out.push_back({hit, hasSubcategory ? 1.0 : 0.2, hasSubcategory, "form of a diagnosis code"});
}

namespace {

bool isNameLetter(char c) {
    return isLetter(c) || c == '\'' || c == '-' || static_cast<unsigned char>(c) >= 0x80;
}

constexpr std::array<std::string_view, 20> kNotNames{
    "Untitled", "Unknown", "None", "Null", "True", "False", "String", "Test",   "The", "This",
    "New",      "Default", "Name", "Not",  "To",   "Your",  "My",     "Please", "All", "Required"};

// The end of one capitalised word of a name at `position`, or `position` when there is none.
std::size_t nameWord(std::string_view text, std::size_t position) {
    if (!isUpper(at(text, position))) {
        return position;
    }
    std::size_t end = position;
    while (end < text.size() && end - position < 32 && isNameLetter(text[end])) {
        ++end;
    }
    while (end > position && (text[end - 1] == '\'' || text[end - 1] == '-')) {
        --end;
    }
    const std::string_view word = text.substr(position, end - position);
    const bool isShouted = word.size() > 3 && std::all_of(word.begin(), word.end(), isUpper);
    if (isShouted || std::find(kNotNames.begin(), kNotNames.end(), word) != kNotNames.end()) {
        return position;
    }
    return end == position + 1 && at(text, end) == '.' ? end + 1 : end;
}

} // namespace

void validatePerson(std::string_view text, Span hit, std::vector<Candidate>& out) {
    // The hit ends behind the first capital letter of what would be the name.
    const std::size_t begin = hit.end - 1;
    if (isWord(before(text, hit.begin))) {
        return;
    }
    const bool isTitle = isUpper(text[hit.begin]) &&
                         text.substr(hit.begin, begin - hit.begin).find_first_of(":=,\n") == std::string_view::npos;
    std::size_t end = begin;
    std::size_t words = 0;
    for (std::size_t next = begin; words < 4; ++words) {
        const std::size_t wordEnd = nameWord(text, next);
        if (wordEnd == next) {
            break;
        }
        end = wordEnd;
        if (at(text, wordEnd) != ' ') {
            ++words;
            break;
        }
        next = wordEnd + 1;
    }
    if (words >= 2 || (isTitle && words == 1 && end - begin > 2)) {
        out.push_back({{begin, end}, words >= 2 ? 0.6 : 0.0, false, isTitle ? "behind a title" : "behind a label"});
    }
}

} // namespace gatehouse::dlp
