// SPDX-License-Identifier: Apache-2.0
#include "dlp/names/organisation.h"

#include <algorithm>

namespace gatehouse::dlp {
namespace {

constexpr double kForm = 2.0;     // GmbH, Ltd, Inc. …
constexpr double kCompany = 0.7;  // "… Company"
constexpr double kEmployer = 0.9; // "works at …"
constexpr std::size_t kMaxWords = 6;

// Forms with points, which are no words; longest first.
constexpr std::array<std::string_view, 21> kDotted{
    "Sp. z o.o.", "S.A. de C.V.", "S.A.R.L.", "S.à r.l.", "& Co. KG", "& Co. KGaA", "S.p.A.",
    "S.r.l.",     "s.r.l.",       "S.A.S.",   "S.A.U.",   "S.L.U.",   "s.r.o.",     "S.A.",
    "S.L.",       "B.V.",         "N.V.",     "a.s.",     "e.V.",     "e.K.",       "A/S"};

bool contains(std::initializer_list<std::string_view> words, std::string_view word) {
    return std::find(words.begin(), words.end(), word) != words.end();
}

// The end of a dotted form at `position`, or `position`.
std::size_t dottedEnd(std::string_view text, std::size_t position) {
    const char first = at(text, position);
    const char second = at(text, position + 1);
    if (second != '.' && second != '/' && !(first == 'S' && second == 'p') && !(first == '&' && second == ' ')) {
        return position;
    }
    for (const std::string_view form : kDotted) {
        if (slice(text, position, form.size()) == form && !isLetter(at(text, position + form.size()))) {
            return position + form.size();
        }
    }
    return position;
}

bool isForm(std::string_view text, const Token& token) {
    if (token.facts.mark != Mark::company) {
        return false;
    }
    const std::string_view word = textOf(text, token.span);
    if (word.size() > 3) {
        return token.shape != Shape::lower;
    }
    return token.shape == Shape::shouted || contains({"Inc", "Ltd", "Oy", "Oyj", "Lda", "Kft", "Srl", "Zrt", "Pty",
                                                      "Pvt", "Pte", "ApS", "SpA", "Co", "Sro", "Bhd"},
                                                     word);
}

bool isOpening(const Token& token, std::string_view text) {
    const Folded folded(textOf(text, token.span));
    return token.facts.mark == Mark::greeting || token.facts.mark == Mark::title ||
           contains({"the",      "at",     "in",       "for",    "from",    "by",     "with", "we",
                     "our",      "and",    "as",       "if",     "when",    "your",   "my",   "a",
                     "an",       "our",    "bei",      "die",    "der",     "das",    "chez", "la",
                     "le",       "de",     "this",     "that",   "contact", "please", "both", "company",
                     "employer", "client", "customer", "vendor", "supplier"},
                    folded.text());
}

// The first word of the name that ends before the token `form`.
std::size_t firstWord(std::string_view text, const Run& run, std::size_t form) {
    std::size_t first = form > kMaxWords ? form - kMaxWords : 0;
    while (first < form && (isOpening(run.tokens[first], text) || run.tokens[first].shape == Shape::lower)) {
        ++first;
    }
    return first;
}

// "Acme, Inc.": the capitalised words in front of the comma.
std::size_t beginBeforeComma(std::string_view text, std::size_t position) {
    std::size_t begin = position;
    std::size_t end = position >= 2 && slice(text, position - 2, 2) == ", " ? position - 2 : 0;
    for (std::size_t words = 0; words < 4 && end > 0; ++words) {
        const Span word = wordBefore(text, end);
        if (word.begin == word.end || !startsWithCapital(text, word.begin)) {
            break;
        }
        const Token token = readToken(text, word.begin);
        if (isOpening(token, text) || token.facts.mark == Mark::company) {
            break;
        }
        begin = word.begin;
        end = begin > 0 && text[begin - 1] == ' ' ? begin - 1 : 0;
    }
    return begin;
}

bool findByForm(std::string_view text, const Run& run, std::vector<NameHit>& out) {
    bool hasAny = false;
    for (std::size_t i = run.size; i-- > 0;) {
        const Token& token = run.tokens[i];
        const std::size_t dotted = dottedEnd(text, token.span.begin);
        const std::size_t behind = at(text, token.span.end) == ' ' ? dottedEnd(text, token.span.end + 1) : 0;
        std::size_t end = 0;
        std::size_t words = i; // of the name, in front of the form
        if (dotted > token.span.begin) {
            end = dotted;
        } else if (behind > token.span.end + 1) {
            end = behind;
            words = i + 1;
        } else if (isForm(text, token)) {
            end = token.span.end + (at(text, token.span.end) == '.' ? 1U : 0U);
            const std::size_t more = slice(text, end, 9) == " & Co. KG" ? end + 9 : end;
            end = more;
        } else {
            continue;
        }
        const std::size_t first = firstWord(text, run, words);
        const std::size_t begin = first < words ? run.tokens[first].span.begin
                                  : i == 0      ? beginBeforeComma(text, token.span.begin)
                                                : token.span.begin;
        if (i == 0 && first >= words &&
            !contains({"Inc", "Ltd", "LLC", "Corp", "LP", "LLP", "PLC", "GmbH", "Limited", "Incorporated"},
                      textOf(text, token.span))) {
            continue;
        }
        const bool isPlaceAndState =
            textOf(text, token.span).size() == 2 && words == i && i > 0 && run.tokens[i - 1].facts.isPlace;
        if (begin < token.span.begin || words > i) {
            const bool isPlain = textOf(text, token.span) == "Company";
            const bool isOddRun = i > 0 && token.shape == Shape::shouted && run.tokens[i - 1].shape == Shape::shouted &&
                                  textOf(text, token.span).size() == 2;
            out.push_back({{begin, end},
                           NameKind::organisation,
                           (isPlain ? kCompany : kForm) - (isOddRun || isPlaceAndState ? 2.5 : 0),
                           "the form of a company"});
            hasAny = true;
            break;
        }
    }
    return hasAny;
}

bool isBehindEmployment(std::string_view text, std::size_t position) {
    const Neighbour left = leftOf(text, position);
    if (!left.isAdjacent) {
        return false;
    }
    const Folded preposition(textOf(text, left.span));
    if (contains({"employer", "joined", "arbeitgeber"}, preposition.text())) {
        return true;
    }
    if (!contains({"at", "for", "by", "with", "bei", "chez", "en", "para", "presso", "per", "bij", "voor", "pour", "w"},
                  preposition.text())) {
        return false;
    }
    const Neighbour verb = leftOf(text, left.span.begin);
    const Folded folded(textOf(text, verb.span));
    return verb.isAdjacent &&
           contains({"work",        "works",     "worked",      "working",  "employed", "interned",  "intern",
                     "consultant",  "engineer",  "manager",     "director", "arbeitet", "arbeite",   "angestellt",
                     "beschaftigt", "travaille", "travaillait", "trabaja",  "trabajo",  "trabajaba", "lavora",
                     "lavoro",      "werkt",     "werk",        "pracuje",  "job",      "position",  "role"},
                    folded.text());
}

} // namespace

void findOrganisation(std::string_view text, const Run& run, std::vector<NameHit>& out) {
    if (findByForm(text, run, out)) {
        return;
    }
    const Token& first = run.tokens[0];
    const Token& last = run.tokens[run.size - 1];
    const bool isPlausible = first.facts.everyday < Everyday::usual || run.size > 1;
    if (isPlausible && run.size <= 5 && first.facts.mark != Mark::calendar &&
        isBehindEmployment(text, first.span.begin)) {
        out.push_back({{first.span.begin, last.span.end}, NameKind::organisation, kEmployer, "an employer"});
    }
}

} // namespace gatehouse::dlp
