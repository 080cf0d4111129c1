// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <array>

#include "dlp/names/fold.h"
#include "dlp/names/gazetteer.h"
#include "dlp/validators.h"

// Phrases, markings and labelled values: what stands beside the hit decides.
namespace gatehouse::dlp {
namespace {

constexpr std::size_t kMaxLine = 160;

bool isPart(char c) {
    return isWord(c) || static_cast<unsigned char>(c) >= 0x80;
}

bool standsAlone(std::string_view text, Span hit) {
    const bool opens = isPart(text[hit.begin]) && isPart(before(text, hit.begin));
    const bool closes = isPart(text[hit.end - 1]) && isPart(at(text, hit.end));
    return !opens && !closes;
}

// Chinese, Japanese and Korean: words stand close together, or endings grow onto them.
bool isUnspaced(char lead) {
    const auto byte = static_cast<unsigned char>(lead);
    return byte >= 0xE3 && byte <= 0xED;
}

// Of a phrase: in scripts without blanks its neighbours say nothing.
bool standsInPlace(std::string_view text, Span hit) {
    return (hit.end > hit.begin && isUnspaced(text[hit.begin])) || standsAlone(text, hit);
}

// Without the blanks, line ends and brackets that a pattern may take along.
Span trimmed(std::string_view text, Span hit) {
    constexpr std::string_view kBlank = " \t\r\n";
    while (hit.begin < hit.end && kBlank.find(text[hit.begin]) != std::string_view::npos) {
        ++hit.begin;
    }
    while (hit.end > hit.begin && kBlank.find(text[hit.end - 1]) != std::string_view::npos) {
        --hit.end;
    }
    return hit;
}

// Whether nothing but marks and blanks stands between the hit and the start of its line.
bool startsLine(std::string_view text, std::size_t position) {
    constexpr std::string_view kFrame = " \t*_#>|=-[(/\"'<";
    std::size_t i = position;
    while (i > 0 && position - i < kMaxLine && kFrame.find(text[i - 1]) != std::string_view::npos) {
        --i;
    }
    return i == 0 || text[i - 1] == '\n';
}

} // namespace

void validatePhrase(std::string_view text, Span hit, std::vector<Candidate>& out) {
    const Span span = trimmed(text, hit);
    if (span.begin < span.end && standsInPlace(text, span)) {
        out.push_back({span, 0, false, "the words of the rule"});
    }
}

void validateMarking(std::string_view text, Span hit, std::vector<Candidate>& out) {
    const Span span = trimmed(text, hit);
    if (span.begin >= span.end || !standsAlone(text, span) || before(text, span.begin) == '-' ||
        at(text, span.end) == '-') {
        return;
    }
    const std::string_view words = text.substr(span.begin, span.end - span.begin);
    const bool isShouted = std::none_of(words.begin(), words.end(), [](char c) { return c >= 'a' && c <= 'z'; });
    double strength = isShouted ? 1.4 : 0;
    strength += startsLine(text, span.begin) ? 0.8 : 0;
    out.push_back({span, strength, false, isShouted ? "a marking in capitals" : "the words of a marking"});
}

void validateLabelled(std::string_view text, Span hit, std::vector<Candidate>& out) {
    // The value is what follows the last blank, colon or sign of the hit.
    const std::string_view whole = text.substr(hit.begin, hit.end - hit.begin);
    const std::size_t cut = whole.find_last_of(" \t:#=\"'(");
    const Span value{cut == std::string_view::npos ? hit.begin : hit.begin + cut + 1, hit.end};
    const char next = at(text, value.end);
    const bool goesOn = (next == '.' || next == '-' || next == '/') && isWord(at(text, value.end + 1));
    if (isPart(before(text, hit.begin)) || isPart(next) || goesOn || value.begin >= value.end) {
        return;
    }
    const std::string_view written = text.substr(value.begin, value.end - value.begin);
    const std::size_t digits = static_cast<std::size_t>(std::count_if(written.begin(), written.end(), isDigit));
    if (digits == 0) {
        return;
    }
    const bool isOneDigit =
        digits >= 4 && std::all_of(written.begin(), written.end(), [&written](char c) { return c == written.front(); });
    out.push_back({value, isOneDigit ? -2.0 : 0.0, false, "a value behind its label"});
}

void validateAmount(std::string_view text, Span hit, std::vector<Candidate>& out) {
    const Span span = trimmed(text, hit);
    const char next = at(text, span.end);
    const bool goesOn = isWord(next) && !(next == 'k' || next == 'K' || next == 'm' || next == 'M' || next == 'b');
    if (isPart(before(text, span.begin)) || goesOn) {
        return;
    }
    out.push_back({span, 0, false, "an amount beside its keyword"});
}

// LOINC's and ABA's check digits: docs of LOINC (mod 10 over the number, as Luhn) and of the American Bankers
// Association (weights 3, 7, 1).
void validateLoinc(std::string_view text, Span hit, std::vector<Candidate>& out) {
    std::vector<Candidate> values;
    validateLabelled(text, hit, values);
    for (Candidate& value : values) {
        std::array<char, 12> digits{};
        std::size_t count = 0;
        for (std::size_t i = value.span.begin; i < value.span.end && count < digits.size(); ++i) {
            if (isDigit(text[i])) {
                digits[count++] = text[i];
            }
        }
        if (passesLuhn({digits.data(), count})) {
            value.strength += 1.6;
            value.isValidated = true;
            value.why = "the check digit of LOINC";
            out.push_back(value);
        }
    }
}

void validateRouting(std::string_view text, Span hit, std::vector<Candidate>& out) {
    std::vector<Candidate> values;
    validateLabelled(text, hit, values);
    constexpr std::array<int, 9> kWeights{3, 7, 1, 3, 7, 1, 3, 7, 1};
    for (Candidate& value : values) {
        if (value.span.end - value.span.begin != kWeights.size()) {
            continue;
        }
        int sum = 0;
        for (std::size_t i = 0; i < kWeights.size(); ++i) {
            sum += kWeights[i] * (text[value.span.begin + i] - '0');
        }
        if (sum % 10 == 0 && sum != 0) {
            value.strength += 1.8;
            value.isValidated = true;
            value.why = "the check digit of routing numbers";
            out.push_back(value);
        }
    }
}

namespace {

// Stems that the WHO gives to classes of medicines (INN), as endings: a word that ends so is hardly anything else.
constexpr std::array<std::string_view, 66> kStems{
    "olol",    "pril",     "prilat",   "sartan",   "statin",    "dipine",    "azepam",  "azolam",  "oxetine",
    "triptan", "setron",   "prazole",  "tidine",   "conazole",  "nidazole",  "cillin",  "mycin",   "micin",
    "cycline", "floxacin", "oxacin",   "sulfa",    "vir",       "vudine",    "mab",     "tinib",   "ciclib",
    "rafenib", "parib",    "zomib",    "gliptin",  "gliflozin", "glitazone", "glutide", "glinide", "parin",
    "xaban",   "gatran",   "grel",     "lukast",   "terol",     "tropium",   "sone",    "solone",  "onide",
    "caine",   "curium",   "curonium", "fentanil", "codone",    "morphone",  "profen",  "coxib",   "fenac",
    "dronate", "semide",   "thiazide", "lactone",  "pidem",     "piprazole", "apine",   "idone",   "triptyline",
    "pramine", "oxicam",   "barbital"};

} // namespace

bool isMedicine(std::string_view folded) {
    if (isDrug(folded)) {
        return true;
    }
    const WordFacts facts = factsOf(folded);
    if (facts.everyday != Everyday::no || folded.size() < 7) {
        return false;
    }
    return std::any_of(kStems.begin(), kStems.end(), [folded](std::string_view stem) {
        return folded.size() > stem.size() + 2 && folded.substr(folded.size() - stem.size()) == stem;
    });
}

// The hit is a dose ("500 mg"); a medicine stands at most three words in front of it.
void validateDose(std::string_view text, Span hit, std::vector<Candidate>& out) {
    if (isPart(before(text, hit.begin)) || before(text, hit.begin) == '.' || isPart(at(text, hit.end))) {
        return;
    }
    std::size_t end = hit.begin;
    for (int words = 0; words < 3 && end > 0; ++words) {
        while (end > 0 && hit.begin - end < 48 && !isPart(text[end - 1]) && text[end - 1] != '\n' &&
               text[end - 1] != '.') {
            --end;
        }
        std::size_t begin = end;
        while (begin > 0 && end - begin < 32 && isPart(text[begin - 1])) {
            --begin;
        }
        if (begin == end) {
            return;
        }
        if (isMedicine(Folded(text.substr(begin, end - begin)).text())) {
            out.push_back({{begin, hit.end}, 1.0, true, "a medicine and its dose"});
            return;
        }
        end = begin;
    }
}

} // namespace gatehouse::dlp
