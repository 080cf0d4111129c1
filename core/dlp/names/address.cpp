// SPDX-License-Identifier: Apache-2.0
#include "dlp/names/address.h"

#include <algorithm>

#include "dlp/names/address_tail.h"

namespace gatehouse::dlp {
namespace {

constexpr double kPlainStreet = 1.0;  // "… Street": a word that is hardly anything else
constexpr double kSurePlace = 2.5;    // postcode and city
constexpr double kBareStreet = -0.9;  // a word that may be anything
constexpr double kVagueStreet = -0.2; // "… Court", "… Way"

bool contains(std::initializer_list<std::string_view> words, std::string_view word) {
    return std::find(words.begin(), words.end(), word) != words.end();
}

bool endsWith(std::string_view word, std::string_view ending) {
    return word.size() > ending.size() + 1 && word.substr(word.size() - ending.size()) == ending;
}

bool isPlainStreet(std::string_view folded) {
    return contains({"street",  "avenue",  "road",     "lane", "drive", "boulevard", "highway",
                     "parkway", "terrace", "crescent", "st",   "ave",   "rd",        "blvd",
                     "ln",      "dr",      "hwy",      "pkwy", "cres",  "strasse"},
                    folded);
}

// German, Dutch and Nordic streets: one word.
bool isCompoundStreet(std::string_view folded) {
    constexpr std::array<std::string_view, 34> kEndings{
        "vejen",    "vej",     "intie",  "kuja",   "polku", "bulevardi", "esplanadi", "stigen", "torget",
        "backen",   "strasse", "str",    "weg",    "platz", "gasse",     "allee",     "damm",   "ufer",
        "chaussee", "steig",   "graben", "straat", "laan",  "plein",     "gracht",    "kade",   "dijk",
        "singel",   "gatan",   "vagen",  "gade",   "gata",  "katu",      "veien"};
    return std::any_of(kEndings.begin(), kEndings.end(),
                       [folded](std::string_view ending) { return endsWith(folded, ending); });
}

bool isFrenchStreet(std::string_view folded) {
    return contains({"rue", "avenue", "av", "boulevard", "bd", "chemin", "place", "quai", "impasse", "allee", "route",
                     "cours", "passage", "square", "faubourg", "ruelle", "sentier"},
                    folded);
}

// Streets whose kind stands in front and the number behind: Spanish, Italian, Portuguese, Polish, Catalan.
bool isLeadingStreet(std::string_view folded) {
    return contains({"calle",    "avenida",  "avda",   "av",      "paseo",    "plaza",  "carrera", "camino", "ronda",
                     "travesia", "via",      "viale",  "piazza",  "piazzale", "corso",  "vicolo",  "largo",  "strada",
                     "rua",      "travessa", "praca",  "estrada", "alameda",  "ul",     "ulica",   "aleja",  "al",
                     "plac",     "os",       "carrer", "rue",     "avenue",   "chemin", "jalan",   "jl"},
                    folded);
}

// "5th", "42nd" as the name of a street; the end, or `position`.
std::size_t ordinalEnd(std::string_view text, std::size_t position) {
    std::size_t end = position;
    while (isDigit(at(text, end)) && end - position < 3) {
        ++end;
    }
    if (end == position) {
        return position;
    }
    const std::string_view suffix = slice(text, end, 2);
    return contains({"st", "nd", "rd", "th"}, suffix) && !isWord(at(text, end + 2)) ? end + 2 : position;
}

struct Street {
    Span span;
    double score = -10;
};

// "12 North Main Street", "221B Baker St.", "350 5th Ave"; `position` is behind the number.
Street englishStreet(std::string_view text, Span number, std::size_t position) {
    Street street;
    std::size_t next = position;
    bool hasName = false; // a word that streets are called after
    for (std::size_t words = 0; words < 5; ++words) {
        const std::size_t ordinal = ordinalEnd(text, next);
        if (ordinal == next && !startsWithCapital(text, next)) {
            break;
        }
        const std::size_t end = ordinal > next ? ordinal : wordEnd(text, next);
        const Folded folded(slice(text, next, end - next));
        const bool isType = words > 0 && factsOf(folded.text()).mark == Mark::street;
        const bool isDoctorOrDrive = contains({"dr", "st", "ct", "pl", "ter", "trl", "sq"}, folded.text());
        if (isType || (words > 0 && isDoctorOrDrive)) {
            street.span = {number.begin, end};
            street.score = isPlainStreet(folded.text()) ? kPlainStreet : kVagueStreet;
            street.score -= hasName ? 0 : 0.8; // "2 Hour Drive"
        }
        const WordFacts facts = factsOf(folded.text());
        hasName = hasName || facts.isName() || facts.isPlace || facts.everyday < Everyday::basic || ordinal > next ||
                  facts.mark == Mark::geographic;
        const bool hasDot = at(text, end) == '.' && end - next <= 4;
        if (hasDot && street.span.end == end) {
            ++street.span.end;
        }
        next = end + (hasDot ? 1U : 0U);
        if (at(text, next) != ' ') {
            break;
        }
        ++next;
    }
    // "… Street NW", "… Street West"
    if (street.span.end != 0 && at(text, street.span.end) == ' ') {
        const std::size_t side = street.span.end + 1;
        const std::size_t sideEnd = wordEnd(text, side);
        const bool isSide = contains({"N", "S", "E", "W", "NW", "NE", "SW", "SE", "North", "South", "East", "West"},
                                     slice(text, side, sideEnd - side));
        street.span.end = isSide ? sideEnd : street.span.end;
    }
    return street;
}

// "12 bis, rue de la Paix", "5 avenue Victor Hugo".
Street frenchStreet(std::string_view text, Span number, std::size_t position) {
    Street street;
    std::size_t next = position;
    std::size_t end = wordEnd(text, next);
    if (contains({"bis", "ter"}, slice(text, next, end - next))) {
        next = end + (at(text, end) == ',' ? 2U : 1U);
        end = wordEnd(text, next);
    }
    if (!isFrenchStreet(Folded(slice(text, next, end - next)).text()) || at(text, end) != ' ') {
        return street;
    }
    bool hasCapital = false;
    for (std::size_t words = 0; words < 6 && at(text, end) == ' '; ++words) {
        const std::size_t begin = end + 1;
        const std::size_t stop = wordEnd(text, begin);
        const bool isCapital =
            startsWithCapital(text, begin) ||
            (at(text, begin) != ' ' && at(text, begin + 1) == '\'' && startsWithCapital(text, begin + 2));
        const bool isJoin = contains({"de", "du", "des", "la", "le", "les", "et", "aux", "au", "d", "l", "en"},
                                     slice(text, begin, stop - begin));
        if (stop == begin || (!isCapital && !isJoin)) {
            break;
        }
        hasCapital = hasCapital || isCapital;
        end = stop;
        if (isCapital) {
            street.span = {number.begin, end};
        }
    }
    street.score = hasCapital ? kPlainStreet + 0.2 : -10;
    return street;
}

// The start of "Hauptstraße", "Berliner Straße", "Keizersgracht" in front of a number.
Street compoundStreet(std::string_view text, std::size_t end) {
    const std::size_t stop = end > 0 && text[end - 1] == '.' ? end - 1 : end;
    const Span word = wordBefore(text, stop);
    if (word.begin == word.end) {
        return {};
    }
    const Folded folded(textOf(text, word));
    const bool isAlone =
        contains({"strasse", "str",   "weg",   "platz", "gasse",   "allee",   "ring",   "damm",  "ufer",
                  "straat",  "laan",  "plein", "vej",   "gade",    "namesti", "trida",  "ulice", "nabrezi",
                  "utca",    "korut", "sokak", "sok",   "caddesi", "cad",     "bulvari"},
                 folded.text());
    const bool isCapital = startsWithCapital(text, word.begin);
    if (isAlone) {
        const Neighbour left = leftOf(text, word.begin);
        const bool isNamed = left.isAdjacent && left.isCapital;
        return isNamed ? Street{{left.span.begin, end}, kPlainStreet} : Street{};
    }
    if (!isCapital || !isCompoundStreet(folded.text()) ||
        (stop == end && endsWith(folded.text(), "str") && folded.text().size() < 7)) {
        return {};
    }
    const bool isVague = endsWith(folded.text(), "weg") || endsWith(folded.text(), "platz") ||
                         endsWith(folded.text(), "plein") || endsWith(folded.text(), "ufer") ||
                         endsWith(folded.text(), "graben") || endsWith(folded.text(), "steig");
    return {{word.begin, end}, isVague ? 0.2 : kPlainStreet + 0.2};
}

// "Calle Gran Vía", "via Roma", "ul. Długa", "Rua da Boavista" in front of a number.
Street leadingStreet(std::string_view text, std::size_t end) {
    std::size_t next = end;
    bool hasCapital = false;
    for (std::size_t words = 0; words < 6; ++words) {
        const std::size_t stop = next > 0 && text[next - 1] == '.' ? next - 1 : next;
        const Span word = wordBefore(text, stop);
        if (word.begin == word.end) {
            return {};
        }
        const Folded folded(textOf(text, word));
        if (words > 0 && hasCapital && isLeadingStreet(folded.text()) && !isWord(before(text, word.begin))) {
            if (textOf(text, word) == "via" && isUpper(at(text, word.end + 1)) && isUpper(at(text, word.end + 2))) {
                return {}; // "given by the front end via PEP 660"
            }
            const bool isPoint = text[stop < text.size() ? stop : word.begin] == '.';
            const bool isShort = folded.text().size() <= 2;
            return isShort && !isPoint ? Street{}
                                       : Street{{word.begin, end}, folded.text() == "via" ? 0.6 : kPlainStreet};
        }
        const bool isCapital = startsWithCapital(text, word.begin);
        const bool isJoin = contains({"de", "del", "la",    "las",   "los",   "el", "da", "do", "dos", "das",
                                      "di", "dei", "della", "delle", "degli", "e",  "y",  "i",  "des", "du"},
                                     folded.text());
        if (!isCapital && !isJoin) {
            return {};
        }
        hasCapital = hasCapital || isCapital;
        if (word.begin == 0 || text[word.begin - 1] != ' ') {
            return {};
        }
        next = word.begin - 1;
    }
    return {};
}

// "P.O. Box", "Postfach", "BP" in front of a number.
Street postBox(std::string_view text, std::size_t end) {
    const Span word = wordBefore(text, end);
    const Folded folded(textOf(text, word));
    if (contains({"postfach", "postbus", "postboks", "apartado", "postilokero", "pobox"}, folded.text())) {
        return {{word.begin, end}, kPlainStreet};
    }
    if (folded.text() != "box" || word.begin < 3) {
        return {};
    }
    for (const std::string_view lead : {"P.O. ", "PO ", "P. O. ", "P.O ", "Post Office "}) {
        if (word.begin >= lead.size() && slice(text, word.begin - lead.size(), lead.size()) == lead) {
            return {{word.begin - lead.size(), end}, kPlainStreet};
        }
    }
    return {};
}

// "Masarykova" in front of a number: one capitalised word, which postcode and city have to bear out.
Street bareStreet(std::string_view text, std::size_t end) {
    const Span word = wordBefore(text, end);
    if (word.end - word.begin < 5 || !startsWithCapital(text, word.begin)) {
        return {};
    }
    const Folded folded(textOf(text, word));
    const WordFacts facts = factsOf(folded.text());
    const bool isOther = facts.everyday >= Everyday::usual || facts.mark != Mark::none;
    const Neighbour left = leftOf(text, word.begin);
    return isOther || (left.isAdjacent && left.isCapital) ? Street{} : Street{{word.begin, end}, kBareStreet};
}

// Of the Free Software Foundation: it stands in every licence's head.
bool isOfLicence(std::string_view text, Span span) {
    const std::string_view words = textOf(text, span);
    return words.starts_with("51 Franklin St") || words.starts_with("59 Temple Pl") || words.starts_with("675 Mass");
}

// Where the words in front of a number end: over a space, ", " or " nº ".
std::size_t wordsBefore(std::string_view text, std::size_t number) {
    std::size_t end = number;
    constexpr std::string_view kLast = ".r,\xBA"; // of what stands in front of the space below
    if (number >= 2 && kLast.find(text[number - 2]) == std::string_view::npos) {
        return text[number - 1] == ' ' ? number - 1 : number;
    }
    for (const std::string_view between :
         {", n. ", " n. ", ", n\xC2\xBA ", " n\xC2\xBA ", ", no. ", " nr ", " Nr. ", ", ", " "}) {
        if (end >= between.size() && slice(text, end - between.size(), between.size()) == between) {
            return end - between.size();
        }
    }
    return number;
}

bool hasAddressWord(std::string_view text, std::size_t begin) {
    const Neighbour left = leftOf(text, begin);
    const Folded folded(textOf(text, left.span));
    return contains({"address", "adresse", "anschrift", "direccion", "domicilio", "indirizzo", "adres",   "lives",
                     "live",    "at",      "resides",   "residing",  "wohnt",     "wohnhaft",  "habite",  "vive",
                     "abita",   "street",  "ship",      "deliver",   "to",        "in",        "located", "addr"},
                    folded.text());
}

// The end of a number with what belongs to it: "5a", "12-14", "3/4".
std::size_t houseEnd(std::string_view text, std::size_t end) {
    const char next = at(text, end);
    if (isLetter(next) && !isWord(at(text, end + 1))) {
        return end + 1;
    }
    if (next == ' ' && at(text, end + 1) >= 'a' && at(text, end + 1) <= 'f' && !isWord(at(text, end + 2))) {
        return end + 2;
    }
    if ((next == '-' || next == '/') && isDigit(at(text, end + 1))) {
        std::size_t more = end + 1;
        while (isDigit(at(text, more)) && more - end < 5) {
            ++more;
        }
        return more;
    }
    return end;
}

void report(std::string_view text, Street street, std::vector<NameHit>& out) {
    if (street.score < -1 || isOfLicence(text, street.span)) {
        return;
    }
    const AddressTail tail = readAddressTail(text, street.span.end);
    if (street.score == kBareStreet && tail.score < kSurePlace) {
        return;
    }
    const double score = street.score + tail.score + (hasAddressWord(text, street.span.begin) ? 0.6 : 0);
    if (score >= 0) {
        out.push_back({{street.span.begin, tail.end},
                       NameKind::address,
                       score,
                       tail.score > 0 ? "street, number and place" : "street and number"});
    }
}

} // namespace

void findAddress(std::string_view text, Span number, std::vector<NameHit>& out) {
    const char left = before(text, number.begin);
    const std::size_t house = houseEnd(text, number.end);
    const char right = at(text, house);
    if (isWord(left) || left == '.' || left == '-' || left == '/' || static_cast<unsigned char>(left) >= 0x80 ||
        isWord(right)) {
        return;
    }
    if (right == ' ' || right == ',') {
        const std::size_t next = house + (right == ',' && at(text, house + 1) == ' ' ? 2U : 1U);
        const bool isCapital = startsWithCapital(text, next) || isDigit(at(text, next));
        if (isCapital) {
            const Street street = englishStreet(text, number, next);
            if (street.score > -1) {
                report(text, street, out);
                return;
            }
        }
        const char first = static_cast<char>(at(text, next) | 0x20);
        if (first == 'r' || first == 'a' || first == 'b' || first == 'c' || first == 'p' || first == 'q' ||
            first == 'i' || first == 's' || first == 't' || first == 'f') {
            report(text, frenchStreet(text, number, next), out);
        }
    }
    const std::size_t words = left == ' ' ? wordsBefore(text, number.begin) : number.begin;
    if (words == number.begin || words == 0) {
        return;
    }
    Street street = compoundStreet(text, words);
    if (street.score < -1) {
        street = leadingStreet(text, words);
    }
    if (street.score < -1) {
        street = postBox(text, words);
    }
    if (street.score < -1) {
        street = bareStreet(text, words);
    }
    street.span.end = house;
    report(text, street, out);
}

} // namespace gatehouse::dlp
