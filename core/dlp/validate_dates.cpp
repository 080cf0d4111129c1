// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <array>
#include <chrono>
#include <utility>
#include <vector>

#include "dlp/names/fold.h"
#include "dlp/validators.h"

namespace gatehouse::dlp {
namespace {

using Start = std::pair<std::string_view, unsigned>;
// How the names of months begin in the languages of Europe, without accents and capitals; the longer start first. The
// Croatian names that mean another month in Polish or Czech count as theirs: only whether the date exists is asked.
constexpr std::array kMonths{
    Start{"cervenc", 7}, Start{"cerven", 6}, Start{"cervn", 6}, Start{"czerw", 6},   Start{"lipc", 7},
    Start{"lipn", 6},    Start{"lipie", 7},  Start{"srpnj", 7}, Start{"srp", 8},     Start{"juil", 7},
    Start{"juin", 6},    Start{"maj", 5},    Start{"mag", 5},   Start{"mai", 5},     Start{"mei", 5},
    Start{"may", 5},     Start{"maa", 3},    Start{"mar", 3},   Start{"mrt", 3},     Start{"mae", 3},
    Start{"jan", 1},     Start{"jaan", 1},   Start{"ian", 1},   Start{"ene", 1},     Start{"gen", 1},
    Start{"stycz", 1},   Start{"led", 1},    Start{"sij", 1},   Start{"tammi", 1},   Start{"oca", 1},
    Start{"feb", 2},     Start{"fev", 2},    Start{"lut", 2},   Start{"unor", 2},    Start{"velj", 2},
    Start{"helmi", 2},   Start{"sub", 2},    Start{"veebr", 2}, Start{"brez", 3},    Start{"ozu", 3},
    Start{"apr", 4},     Start{"abr", 4},    Start{"avr", 4},   Start{"kwie", 4},    Start{"dub", 4},
    Start{"trav", 4},    Start{"huhti", 4},  Start{"nis", 4},   Start{"kve", 5},     Start{"svib", 5},
    Start{"touko", 5},   Start{"jun", 6},    Start{"giu", 6},   Start{"iun", 6},     Start{"kesa", 6},
    Start{"haz", 6},     Start{"jul", 7},    Start{"lug", 7},   Start{"iul", 7},     Start{"heina", 7},
    Start{"tem", 7},     Start{"aug", 8},    Start{"aou", 8},   Start{"ago", 8},     Start{"sier", 8},
    Start{"kolo", 8},    Start{"elo", 8},    Start{"agu", 8},   Start{"avg", 8},     Start{"sep", 9},
    Start{"set", 9},     Start{"wrze", 9},   Start{"zar", 9},   Start{"ruj", 9},     Start{"syys", 9},
    Start{"eyl", 9},     Start{"sze", 9},    Start{"oct", 10},  Start{"okt", 10},    Start{"out", 10},
    Start{"ott", 10},    Start{"paz", 10},   Start{"rij", 10},  Start{"loka", 10},   Start{"eki", 10},
    Start{"nov", 11},    Start{"list", 11},  Start{"stud", 11}, Start{"marras", 11}, Start{"kas", 11},
    Start{"dec", 12},    Start{"dez", 12},   Start{"dic", 12},  Start{"des", 12},    Start{"gru", 12},
    Start{"pros", 12},   Start{"joulu", 12}, Start{"ara", 12},  Start{"янв", 1},     Start{"січ", 1},
    Start{"фев", 2},     Start{"лют", 2},    Start{"мар", 3},   Start{"берез", 3},   Start{"апр", 4},
    Start{"квіт", 4},    Start{"мая", 5},    Start{"маи", 5},   Start{"трав", 5},    Start{"июн", 6},
    Start{"черв", 6},    Start{"июл", 7},    Start{"лип", 7},   Start{"авг", 8},     Start{"серп", 8},
    Start{"сен", 9},     Start{"верес", 9},  Start{"окт", 10},  Start{"жовт", 10},   Start{"ноя", 11},
    Start{"листоп", 11}, Start{"дек", 12},   Start{"груд", 12}, Start{"ιαν", 1},     Start{"φεβ", 2},
    Start{"μαρ", 3},     Start{"απρ", 4},    Start{"μαι", 5},   Start{"ιουν", 6},    Start{"ιουλ", 7},
    Start{"αυγ", 8},     Start{"σεπ", 9},    Start{"οκτ", 10},  Start{"νοε", 11},    Start{"δεκ", 12},
};

struct Field {
    int number = -1;    // of digits
    unsigned month = 0; // of a month's name
    std::size_t digits = 0;
};

bool isOfWord(char c) {
    return isLetter(c) || static_cast<unsigned char>(c) >= 0x80;
}

unsigned monthOf(std::string_view word) {
    const Folded folded(word);
    const auto* const found = std::find_if(kMonths.begin(), kMonths.end(), [&folded](const Start& month) {
        return folded.text().starts_with(month.first);
    });
    return found == kMonths.end() ? 0 : found->second;
}

// The fields of a date: numbers and the name of a month; endings and particles ("3rd", "12 de mayo de 1984") are none.
std::vector<Field> fieldsOf(std::string_view piece) {
    std::vector<Field> fields;
    for (std::size_t i = 0; i < piece.size();) {
        Field field;
        if (isDigit(piece[i])) {
            field.number = 0;
            for (; i < piece.size() && isDigit(piece[i]) && field.digits < 6; ++i, ++field.digits) {
                field.number = field.number * 10 + (piece[i] - '0');
            }
            fields.push_back(field);
        } else if (isOfWord(piece[i])) {
            const std::size_t begin = i;
            while (i < piece.size() && isOfWord(piece[i])) {
                ++i;
            }
            field.month = monthOf(piece.substr(begin, i - begin));
            if (field.month != 0) {
                fields.push_back(field);
            }
        } else {
            ++i;
        }
    }
    return fields;
}

bool exists(int year, int month, int day) {
    if (month < 1 || day < 1) {
        return false;
    }
    const std::chrono::year_month_day date{std::chrono::year{year}, std::chrono::month{static_cast<unsigned>(month)},
                                           std::chrono::day{static_cast<unsigned>(day)}};
    return date.ok();
}

// A year of a person who may live: 1900 to the end of this decade's range. No clock: results must not change overnight.
bool isBirthYear(int year) {
    return year >= 1900 && year <= 2030;
}

bool isBirthDate(const std::vector<Field>& fields) {
    if (fields.size() != 3) {
        return false;
    }
    const Field& a = fields[0];
    const Field& b = fields[1];
    const Field& c = fields[2];
    if (a.month != 0) {
        return isBirthYear(c.number) && exists(c.number, static_cast<int>(a.month), b.number);
    }
    if (b.month != 0) {
        return isBirthYear(c.number) && exists(c.number, static_cast<int>(b.month), a.number);
    }
    if (a.digits == 4) {
        return isBirthYear(a.number) && exists(a.number, b.number, c.number);
    }
    const int year = c.digits == 2 ? 1900 + c.number : c.number;
    return a.digits <= 2 && isBirthYear(year) && (exists(year, b.number, a.number) || exists(year, a.number, b.number));
}

} // namespace

void validateBirthDate(std::string_view text, Span hit, std::vector<Candidate>& out) {
    if (isWord(before(text, hit.begin)) || isWord(at(text, hit.end))) {
        return;
    }
    if (isBirthDate(fieldsOf(text.substr(hit.begin, hit.end - hit.begin)))) {
        out.push_back({hit, 1.2, true, "a date that exists"});
    }
}

} // namespace gatehouse::dlp
