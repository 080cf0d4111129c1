// SPDX-License-Identifier: Apache-2.0
#include "dlp/names/tokens.h"

#include <algorithm>

namespace gatehouse::dlp {
namespace {

constexpr std::size_t kMaxWord = 40;
constexpr std::size_t kMaxGap = 6;

// The size of an apostrophe at `position`: ASCII or U+2019.
std::size_t apostrophe(std::string_view text, std::size_t position) {
    if (at(text, position) == '\'') {
        return 1;
    }
    return slice(text, position, 3) == "\xE2\x80\x99" ? 3 : 0;
}

bool isInside(std::string_view text, std::size_t position) {
    return letterSize(text, position) != 0;
}

// How far a mark inside a word reaches: "-", "'" with a letter behind it; 0 when the word ends.
std::size_t joint(std::string_view text, std::size_t position) {
    const std::size_t size = at(text, position) == '-' ? 1 : apostrophe(text, position);
    return size != 0 && isInside(text, position + size) ? size : 0;
}

bool isGenitive(std::string_view text, std::size_t position) {
    const std::size_t size = apostrophe(text, position);
    return size != 0 && (at(text, position + size) | 0x20) == 's' && !isInside(text, position + size + 1);
}

// "McDonald", "MacLeod", "DeShawn", "LeBron", "DiCaprio", "FitzGerald", "VanDyke": a capital inside is usual.
bool isNamePrefix(std::string_view prefix) {
    constexpr std::array<std::string_view, 11> kPrefixes{"Mc", "Mac", "De",   "Di", "Le", "La",
                                                         "Du", "Van", "Fitz", "Da", "St"};
    return std::find(kPrefixes.begin(), kPrefixes.end(), prefix) != kPrefixes.end();
}

Shape shapeOf(std::string_view word) {
    std::size_t capitals = 0;
    std::size_t letters = 0;
    bool isMixed = false;
    for (std::size_t i = 0; i < word.size();) {
        const std::size_t size = letterSize(word, i);
        if (size == 0) {
            ++i;
            continue;
        }
        ++letters;
        if (startsWithCapital(word, i)) {
            ++capitals;
            const bool isAtJoint = i > 0 && letterSize(word, i - 1) == 0 &&
                                   (word[i - 1] == '-' || word[i - 1] == '\'' || word[i - 1] == '\x99');
            isMixed = isMixed || (i > 0 && !isAtJoint && !isNamePrefix(word.substr(0, i)));
        }
        i += size;
    }
    if (letters >= 2 && capitals == letters) {
        return Shape::shouted;
    }
    return isMixed ? Shape::mixed : letters == 1 ? Shape::initial : Shape::capitalised;
}

// Facts of a word with hyphens: of the whole, else the weakest of its parts.
WordFacts factsOfWord(std::string_view word) {
    const Folded folded(word);
    const WordFacts whole = factsOf(folded.text());
    const std::size_t hyphen = folded.text().find('-');
    if (hyphen == std::string_view::npos || whole.isName() || whole.mark != Mark::none) {
        return whole;
    }
    const WordFacts first = factsOf(folded.text().substr(0, hyphen));
    const WordFacts second = factsOf(folded.text().substr(hyphen + 1));
    WordFacts both;
    both.given = std::min(first.given, second.given);
    both.surname = std::min(first.surname, second.surname);
    both.everyday = std::min(first.everyday, second.everyday);
    both.isPlace = first.isPlace && second.isPlace;
    return both;
}

// Particles between `position` (behind a space) and the next capitalised word; none: the run ends here.
std::size_t readParticles(std::string_view text, std::size_t position, Run& run) {
    const std::size_t before = run.size;
    std::size_t next = position;
    while (run.size < Run::kMaxTokens && run.size - before < 3 && isLetter(at(text, next)) && !isUpper(text[next])) {
        const std::size_t end = wordEnd(text, next);
        const WordFacts facts = end - next <= 5 ? factsOf(slice(text, next, end - next)) : WordFacts{};
        if (facts.mark != Mark::particle || at(text, end) != ' ') {
            break;
        }
        run.tokens[run.size++] = {{next, end}, facts, Shape::lower};
        next = end + 1;
    }
    if (!startsWithCapital(text, next)) {
        run.size = before;
        return position;
    }
    return next;
}

// Where the next word of the run begins, or 0.
std::size_t nextInRun(std::string_view text, const Token& token, Run& run) {
    std::size_t next = token.span.end;
    const bool mayHaveDot = token.facts.mark == Mark::title || token.facts.mark == Mark::suffix;
    if (mayHaveDot && at(text, next) == '.') {
        ++next;
    }
    const bool isSuffixNext = slice(text, next, 2) == ", " && startsWithCapital(text, next + 2) &&
                              readToken(text, next + 2).facts.mark == Mark::suffix;
    if (isSuffixNext) {
        return next + 2;
    }
    if (at(text, next) != ' ') {
        return 0;
    }
    ++next;
    if (!startsWithCapital(text, next)) {
        const std::size_t behind = readParticles(text, next, run);
        return behind == next ? 0 : behind;
    }
    return next;
}

} // namespace

std::size_t wordEnd(std::string_view text, std::size_t position) {
    std::size_t end = position;
    while (end < text.size() && end - position < kMaxWord) {
        const std::size_t size = letterSize(text, end);
        if (size != 0) {
            end += size;
            continue;
        }
        const std::size_t jointSize = isGenitive(text, end) ? 0 : joint(text, end);
        if (jointSize == 0) {
            break;
        }
        end += jointSize;
    }
    return end;
}

Span wordBefore(std::string_view text, std::size_t end) {
    std::size_t begin = end;
    while (begin > 0 && end - begin < 32) {
        const auto byte = static_cast<unsigned char>(text[begin - 1]);
        const bool isPart = byte >= 0x80 || isLetter(static_cast<char>(byte)) || byte == '\'' || byte == '-';
        if (!isPart) {
            break;
        }
        --begin;
    }
    while (begin < end && (text[begin] == '\'' || text[begin] == '-')) {
        ++begin;
    }
    return {begin, end};
}

Token readToken(std::string_view text, std::size_t position) {
    Token token;
    std::size_t end = wordEnd(text, position);
    token.shape = shapeOf(slice(text, position, end - position));
    if (token.shape == Shape::initial && at(text, end) == '.') {
        ++end;
        while (isUpper(at(text, end)) && at(text, end + 1) == '.' && end - position < 8) {
            end += 2;
        }
    } else {
        token.facts = factsOfWord(slice(text, position, end - position));
    }
    const char next = at(text, end);
    if (isDigit(next) || next == '_') {
        token.shape = Shape::mixed;
    }
    token.span = {position, end};
    return token;
}

void readRun(std::string_view text, std::size_t position, Run& run) {
    run.size = 0;
    run.isCut = false;
    std::size_t next = position;
    while (true) {
        const Token token = readToken(text, next);
        run.tokens[run.size++] = token;
        run.end = std::max(token.span.end, next + 1);
        if (run.size >= Run::kMaxTokens) {
            run.isCut = true;
            return;
        }
        next = nextInRun(text, token, run);
        if (next == 0) {
            return;
        }
        if (run.size >= Run::kMaxTokens) {
            run.isCut = true;
            return;
        }
    }
}

Neighbour leftOf(std::string_view text, std::size_t position) {
    Neighbour found;
    std::size_t i = position;
    while (i > 0 && position - i < kMaxGap) {
        const char c = text[i - 1];
        if (isWord(c) || static_cast<unsigned char>(c) >= 0x80) {
            break;
        }
        found.hasComma = found.hasComma || c == ',';
        found.hasBreak = found.hasBreak || c == '\n';
        found.hasStop = found.hasStop || (c != ' ' && c != ',' && c != '\n' && c != '\r' && c != '.' && c != '-');
        --i;
    }
    // A point is part of "Dr." and "Mr."; behind anything else it ends a sentence.
    const bool hasPoint = slice(text, i, position - i).find('.') != std::string_view::npos;
    found.span = wordBefore(text, i);
    if (found.span.begin == found.span.end) {
        return found;
    }
    found.isAdjacent = position - i == 1 && text[i] == ' ';
    found.isCapital = startsWithCapital(text, found.span.begin);
    found.facts = factsOf(Folded(textOf(text, found.span)).text());
    // And of "St. Louis".
    const bool isShort = found.facts.mark == Mark::title || (found.isCapital && found.facts.mark == Mark::street);
    found.isAdjacent = found.isAdjacent || (isShort && hasPoint && position - i == 2);
    found.hasStop = found.hasStop || (hasPoint && !isShort);
    return found;
}

Neighbour rightOf(std::string_view text, std::size_t position) {
    Neighbour found;
    std::size_t i = position;
    if (isGenitive(text, i)) {
        i += apostrophe(text, i) + 1;
    }
    const std::size_t gap = i;
    while (i < text.size() && i - gap < kMaxGap) {
        const char c = text[i];
        if (isWord(c) || static_cast<unsigned char>(c) >= 0x80) {
            break;
        }
        found.hasComma = found.hasComma || c == ',';
        found.hasBreak = found.hasBreak || c == '\n';
        found.hasStop = found.hasStop || (c != ' ' && c != ',' && c != '\n' && c != '\r');
        ++i;
    }
    const std::size_t end = wordEnd(text, i);
    if (end == i) {
        return found;
    }
    found.span = {i, end};
    found.isAdjacent = i - gap == 1 && text[gap] == ' ';
    found.isCapital = startsWithCapital(text, i);
    found.facts = factsOf(Folded(textOf(text, found.span)).text());
    return found;
}

} // namespace gatehouse::dlp
