// SPDX-License-Identifier: Apache-2.0
#include "dlp/names/person.h"

#include <algorithm>
#include <string>

#include "dlp/names/name_context.h"

namespace gatehouse::dlp {
namespace {

constexpr std::size_t kMaxNameTokens = 6;
constexpr double kFull = -1.2;     // two words or more
constexpr double kSingle = -2.2;   // one word
constexpr double kInitials = -1.9; // one word behind initials
constexpr double kPair = 0.6;      // a given name in front of a surname
constexpr double kShouted = -1.2;
constexpr double kPlaceOfWords = 2.5; // less when all the words are one place
constexpr double kMaximum = 1.5;      // less for "Max" alone

// Whether what stands beside the name leaves it a word of prose or a value, rather than a part of code or a path.
bool standsFree(std::string_view text, Span span) {
    constexpr std::string_view kNotBefore = "._/\\@#$%&=-<{`~^+";
    constexpr std::string_view kNotBehind = "_(=\\@[{$/`~^+%#";
    const char left = before(text, span.begin);
    const char right = at(text, span.end);
    const bool isEmphasis = left == '_' && right == '_';
    if ((isWord(left) || kNotBefore.find(left) != std::string_view::npos) && !isEmphasis) {
        return false;
    }
    if (left == ':' && span.begin >= 2 && text[span.begin - 2] == ':') {
        return false;
    }
    if ((right == '.' || right == '-' || right == ':') &&
        (isWord(at(text, span.end + 1)) || at(text, span.end + 1) == ':')) {
        return false;
    }
    return isEmphasis || (!isDigit(right) && kNotBehind.find(right) == std::string_view::npos);
}

bool isWordy(const WordFacts& facts) {
    return facts.everyday >= Everyday::usual;
}

struct Parts {
    const Token* first = nullptr;
    const Token* last = nullptr;
    std::size_t words = 0; // without initials, particles and suffixes
    std::size_t initials = 0;
    std::size_t shouted = 0;
    double middle = 0;
    bool hasSuffix = false;
    bool hasParticle = false;
    bool isName = true;
};

// Marks that are no part of a person's name, unless the word is a usual given name ("April", "Ruby").
bool isForeignToNames(const WordFacts& facts) {
    return isMarked(facts, {Mark::title, Mark::greeting, Mark::signOff, Mark::company, Mark::institution, Mark::people,
                            Mark::geographic, Mark::said}) &&
           facts.given < Known::known && facts.surname < Known::known;
}

Parts partsOf(const Run& run, std::size_t from, std::size_t to) {
    Parts parts;
    for (std::size_t i = from; i <= to; ++i) {
        const Token& token = run.tokens[i];
        if (token.shape == Shape::mixed || isForeignToNames(token.facts)) {
            parts.isName = false;
            return parts;
        }
        if (token.shape == Shape::initial) {
            parts.initials += 1 + (token.span.end - token.span.begin) / 3; // "J.K." is two
            continue;
        }
        if (token.shape == Shape::lower) {
            parts.hasParticle = true;
            continue;
        }
        if (token.facts.mark == Mark::suffix && i > from) {
            parts.hasSuffix = true;
            parts.isName = i == to;
            continue;
        }
        parts.shouted += token.shape == Shape::shouted ? 1U : 0U;
        if (parts.last != nullptr && parts.last != parts.first) {
            const WordFacts& middle = parts.last->facts;
            const bool isJoin = middle.mark == Mark::particle;
            parts.middle += isJoin ? 0 : middle.isName() ? 0.3 : isWordy(middle) ? -2.0 : -0.4;
            parts.middle -= !isJoin && middle.isName() && middle.everyday == Everyday::basic ? 1.2 : 0;
        }
        parts.first = parts.first == nullptr ? &token : parts.first;
        parts.last = &token;
        ++parts.words;
    }
    const Token& end = run.tokens[to];
    parts.isName = parts.isName && parts.words > 0 && end.shape != Shape::lower && end.shape != Shape::initial;
    return parts;
}

double marked(const WordFacts& facts) {
    if (facts.mark == Mark::product) {
        return -1.4;
    }
    if (facts.mark == Mark::calendar) {
        return -1.6;
    }
    const bool isOdd = isMarked(facts, {Mark::street, Mark::institution, Mark::people, Mark::geographic, Mark::title,
                                        Mark::greeting, Mark::signOff});
    return isOdd ? -1.2 : 0;
}

double scoreOfWords(const Parts& parts, const Context& left) {
    const WordFacts& first = parts.first->facts;
    const WordFacts& last = parts.last->facts;
    if (parts.words == 1) {
        const double given = weightAsGiven(first) + (first.given == Known::common ? 0.5 : 0.0);
        const double surname =
            parts.initials > 0 || left.isTitle ? weightAsSurname(first) : weightAsSurname(first) - 1.2;
        if (parts.initials > 0) {
            return kInitials + 1.2 * static_cast<double>(parts.initials) + std::max(given, surname);
        }
        // Behind a greeting or a closing stands a name, even one that no list knows.
        const bool isUnknown = first.everyday == Everyday::no && !first.isPlace && first.mark == Mark::none;
        return kSingle + std::max({given, surname, left.isStrong && isUnknown ? 0.0 : -10.0});
    }
    const double usual = weightAsGiven(first) + weightAsSurname(last);
    // Surname first, as Hungarians and many Asians write it.
    const double turned = weightAsSurname(first) + weightAsGiven(last) - 0.6;
    const bool isPair = first.given >= Known::known && last.surname != Known::no;
    return kFull + std::max(usual, turned) + (isPair ? kPair : 0) +
           (isPair && last.surname == Known::common ? kPair : 0) + parts.middle +
           0.8 * static_cast<double>(parts.initials);
}

// "Thu Dec", "Jan Mon": of a date.
bool isOfDate(std::string_view words) {
    constexpr std::array<std::string_view, 19> kAbbreviations{"mon", "tue", "wed", "thu", "fri", "sat", "sun",
                                                              "jan", "feb", "mar", "apr", "may", "jun", "jul",
                                                              "aug", "sep", "oct", "nov", "dec"};
    const auto isOne = [&kAbbreviations](std::string_view word) {
        return std::find(kAbbreviations.begin(), kAbbreviations.end(), word) != kAbbreviations.end();
    };
    const Folded folded(words);
    const std::string_view text = folded.text();
    return text.size() == 7 && text[3] == ' ' && isOne(text.substr(0, 3)) && isOne(text.substr(4));
}

// "Costa Rica", "Hong Kong": several words that are one place. "Benito Juarez" is one too, and a person's name.
bool isPlaceOfWords(std::string_view words) {
    if (words.find(' ') == std::string_view::npos) {
        return false;
    }
    std::string folded(Folded(words).text());
    std::replace(folded.begin(), folded.end(), ' ', '_');
    return factsOf(folded).isPlace;
}

// Goods, companies and things that are called after people.
bool isBrand(std::string_view words) {
    constexpr std::array<std::string_view, 40> kBrands{
        "alfa romeo",    "aston martin",    "ben jerry",       "calvin klein",   "charles schwab", "christian dior",
        "dolce gabbana", "dr martens",      "earl grey",       "eli lilly",      "ernst young",    "giorgio armani",
        "goldman sachs", "harley davidson", "hewlett packard", "hugo boss",      "jack daniels",   "jim beam",
        "john deere",    "johnnie walker",  "johnson johnson", "louis vuitton",  "marks spencer",  "mercedes benz",
        "merrill lynch", "michael kors",    "monte carlo",     "morgan stanley", "procter gamble", "ralph lauren",
        "rolls royce",   "santa claus",     "standard poor",   "taylor francis", "thomas cook",    "tommy hilfiger",
        "warner bros",   "wells fargo",     "von neumann",     "ruby rails"};
    std::string folded(Folded(words).text());
    std::replace(folded.begin(), folded.end(), '-', ' ');
    return std::find(kBrands.begin(), kBrands.end(), folded) != kBrands.end();
}

NameHit judge(std::string_view text, const Run& run, std::size_t from, std::size_t to) {
    NameHit hit{{run.tokens[from].span.begin, run.tokens[to].span.end}, NameKind::person, -100, "words of names"};
    const Parts parts = partsOf(run, from, to);
    const std::string_view words = textOf(text, hit.span);
    if (!parts.isName || !standsFree(text, hit.span) || isBrand(words) || isOfDate(words)) {
        return hit;
    }
    const Context left = contextInFront(text, hit.span.begin);
    const WordFacts& first = parts.first->facts;
    const WordFacts& last = parts.last->facts;
    const bool hasSupport = left.isStrong || first.isName() || last.isName() || parts.initials > 1;
    if (!hasSupport ||
        (!left.isStrong && isWordy(first) && isWordy(last) && parts.words > 1 && first.given < Known::known)) {
        return hit;
    }
    double score = scoreOfWords(parts, left) + left.score;
    score += parts.hasSuffix ? 1.2 : 0;
    score += parts.hasParticle ? 0.5 : 0;
    if (parts.shouted > 0) {
        score += parts.words == 1 && !left.isStrong ? -4 : kShouted;
    }
    std::string_view why;
    score += contextBehind(text, hit.span.end, why);
    score -= !left.isStrong && isPlaceOfWords(words) ? kPlaceOfWords : 0;
    score -= !left.isStrong && words == "Max" ? kMaximum : 0;
    hit.score = score;
    hit.why = !left.why.empty() && left.score > 0 ? left.why
              : !why.empty()                      ? why
              : parts.words > 1                   ? "given name and surname"
                                                  : "a given name";
    return hit;
}

// The best reading that begins with the token `from`; to: its last token.
NameHit bestFrom(std::string_view text, const Run& run, std::size_t from, std::size_t& to) {
    NameHit best{{}, NameKind::person, -100, ""};
    const Shape shape = run.tokens[from].shape;
    const std::string_view written = textOf(text, run.tokens[from].span);
    const bool isAbbreviation = isOneOf(written, {"U.S.", "U.K.", "D.C.", "P.O.", "A.M.", "P.M.", "E.U.", "U.N.",
                                                  "B.C.", "A.D.", "Q.", "A.", "P.S.", "N.B.", "S.A.", "B.V."});
    const bool isLoneLetter = shape == Shape::initial && (written.back() != '.' || isAbbreviation);
    if (shape == Shape::lower || shape == Shape::mixed || isLoneLetter || run.tokens[from].facts.mark == Mark::suffix) {
        return best;
    }
    const std::size_t end = std::min(run.size, from + kMaxNameTokens);
    for (std::size_t i = from; i < end; ++i) {
        if (run.tokens[i].shape == Shape::mixed) {
            break;
        }
        const NameHit hit = judge(text, run, from, i);
        // A longer name wins as long as the words that it adds are not against it.
        if (hit.score >= 0 && hit.score + 0.5 >= best.score) {
            best = hit;
            to = i;
        }
    }
    return best;
}

// "Smith, John": a surname, a comma, a given name, and nothing that makes it a list of places or of given names.
std::size_t findTurned(std::string_view text, const Run& run, std::vector<NameHit>& out) {
    const Token& surname = run.tokens[run.size - 1];
    const bool isPlausible = run.size <= 2 && surname.facts.surname >= Known::known && surname.shape != Shape::mixed &&
                             (surname.facts.given < Known::known || surname.facts.surname == Known::common) &&
                             slice(text, surname.span.end, 2) == ", " && startsWithCapital(text, surname.span.end + 2);
    if (!isPlausible) {
        return 0;
    }
    const Token given = readToken(text, surname.span.end + 2);
    const Span span{run.tokens[0].span.begin, given.span.end};
    if (given.facts.given < Known::known || given.shape == Shape::mixed || !standsFree(text, span) ||
        (run.size == 2 && run.tokens[0].facts.surname == Known::no)) {
        return 0;
    }
    const double score =
        weightAsSurname(surname.facts) + weightAsGiven(given.facts) - 1.0 - (surname.facts.isPlace ? 1.0 : 0);
    const Neighbour left = leftOf(text, span.begin);
    const bool isListed = left.hasComma && left.isCapital && !left.hasBreak;
    if (score < 0 || isListed) {
        return 0;
    }
    out.push_back({span, NameKind::person, score, "surname and given name"});
    return span.end;
}

bool isWorthwhile(const Run& run) {
    return std::any_of(run.tokens.begin(), run.tokens.begin() + static_cast<std::ptrdiff_t>(run.size),
                       [](const Token& token) {
                           return token.facts.isName() || token.facts.mark == Mark::title ||
                                  token.facts.mark == Mark::greeting || token.shape == Shape::initial;
                       });
}

} // namespace

double weightAsGiven(const WordFacts& facts) {
    constexpr std::array<double, 4> kWeights{-0.9, 1.1, 1.7, 2.2};
    double weight = kWeights[static_cast<std::size_t>(facts.given)];
    switch (facts.everyday) {
    case Everyday::basic:
        weight -= facts.given == Known::common ? 1.6 : 2.0;
        break;
    case Everyday::usual:
        weight -= facts.given == Known::common ? 0.7 : 1.2;
        break;
    case Everyday::foreign:
        weight -= facts.given == Known::common ? 0.2 : 0.8;
        break;
    case Everyday::no:
        break;
    }
    weight -= facts.isPlace ? 0.6 : 0;
    return weight + marked(facts);
}

double weightAsSurname(const WordFacts& facts) {
    constexpr std::array<double, 4> kWeights{0.3, 1.0, 1.6, 2.0};
    double weight = kWeights[static_cast<std::size_t>(facts.surname)];
    if (facts.surname == Known::no && facts.given != Known::no) {
        weight = 0.7;
    }
    switch (facts.everyday) {
    case Everyday::basic:
        weight -= facts.surname == Known::no ? 3.0 : facts.surname == Known::common ? 0.9 : 1.4;
        break;
    case Everyday::usual:
        weight -= facts.surname == Known::no ? 2.5 : 0.8;
        break;
    case Everyday::foreign:
        weight -= facts.surname == Known::no ? 1.5 : 0.6;
        break;
    case Everyday::no:
        break;
    }
    weight -= facts.isPlace ? (facts.surname == Known::no ? 1.6 : 0.5) : 0;
    return weight + marked(facts);
}

bool mayHoldPeople(std::string_view text, const Run& run) {
    // A title or a greeting in front can make a name of a word that no list knows.
    const bool mayBeUnknown = run.tokens[0].facts.everyday == Everyday::no;
    return isWorthwhile(run) || (mayBeUnknown && contextInFront(text, run.tokens[0].span.begin).isStrong);
}

std::size_t findPeople(std::string_view text, const Run& run, std::vector<NameHit>& out) {
    const bool isLong = run.isCut && run.size > kMaxNameTokens;
    const std::size_t starts = isLong ? run.size - kMaxNameTokens : run.size;
    std::size_t i = 0;
    if (!mayHoldPeople(text, run)) {
        return isLong ? run.tokens[starts].span.begin : run.end;
    }
    if (const std::size_t turnedEnd = findTurned(text, run, out); turnedEnd != 0) {
        return turnedEnd;
    }
    while (i < starts) {
        std::size_t to = i;
        NameHit best = bestFrom(text, run, i, to);
        // A start further right may read better: "Yesterday Anna Smith".
        for (std::size_t other = i + 1; best.score >= 0 && other <= to; ++other) {
            std::size_t otherTo = other;
            const NameHit later = bestFrom(text, run, other, otherTo);
            if (later.score > best.score + 0.6) {
                best.score = -100;
            }
        }
        if (best.score >= 0) {
            out.push_back(best);
            i = to + 1;
        } else {
            ++i;
        }
    }
    return isLong && i < run.size ? run.tokens[i].span.begin : run.end;
}

} // namespace gatehouse::dlp
