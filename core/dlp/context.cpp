// SPDX-License-Identifier: Apache-2.0
#include "dlp/context.h"

#include <algorithm>

#include "dlp/evidence.h"

namespace gatehouse::dlp {
namespace {

constexpr std::size_t kMaxHeading = 40;
constexpr std::size_t kMaxLine = 1024; // rows of tables are no longer, and one endless line costs no more than that

// Where the line around `position` begins, or npos when that is too far in front.
std::size_t lineBegin(std::string_view text, std::size_t position) {
    const std::size_t floor = position > kMaxLine ? position - kMaxLine : 0;
    const std::size_t newline = text.substr(floor, position - floor).rfind('\n');
    if (newline != std::string_view::npos) {
        return floor + newline + 1;
    }
    return floor == 0 ? 0 : std::string_view::npos;
}

bool isOneOf(WordId word, const std::vector<WordId>& words) {
    return std::binary_search(words.begin(), words.end(), word);
}

// The first line of the block of lines without an empty one that the line at `begin` belongs to; npos when it is too
// far up. The walk ends where an earlier one began.
std::size_t blockBegin(std::string_view text, std::size_t begin, const HeadingMemo& memo) {
    const std::size_t floor = begin > kColumnReach ? begin - kColumnReach : 0;
    while (begin > floor) {
        if (begin == memo.line) {
            const bool isNear = memo.first > floor || (memo.first == 0 && text.find('\n') + 1 > floor);
            return isNear ? memo.first : std::string_view::npos;
        }
        const std::size_t previous = lineBegin(text, begin - 1);
        if (previous == std::string_view::npos) {
            return previous;
        }
        const std::string_view line = text.substr(previous, begin - 1 - previous);
        if (line.find_first_not_of(" \t\r") == std::string_view::npos) {
            return begin;
        }
        begin = previous;
    }
    return begin == 0 ? 0 : std::string_view::npos;
}

std::size_t countOutsideQuotes(std::string_view line, char separator) {
    std::size_t count = 0;
    bool isQuoted = false;
    for (const char c : line) {
        isQuoted = c == '"' ? !isQuoted : isQuoted;
        count += c == separator && !isQuoted ? 1 : 0;
    }
    return count;
}

// What separates the cells of the line at `first`, kept for the next place below it.
void splitHeading(std::string_view text, std::size_t first, HeadingMemo& memo) {
    if (memo.heading == first) {
        return;
    }
    memo.heading = first;
    memo.headingEnd = text.find('\n', first);
    memo.separator = '\0';
    const std::string_view heading = text.substr(first, memo.headingEnd - first);
    for (const char separator : {'|', '\t', ';', ','}) {
        memo.cells = countOutsideQuotes(heading, separator);
        // One comma is prose.
        if (memo.cells >= (separator == ',' ? 2U : 1U)) {
            memo.separator = separator;
            return;
        }
    }
}

Span cell(std::string_view text, Span line, char separator, std::size_t index) {
    std::size_t begin = line.begin;
    for (; index > 0; --index) {
        begin = text.find(separator, begin);
        if (begin == std::string_view::npos || begin >= line.end) {
            return {};
        }
        ++begin;
    }
    const std::size_t end = std::min(text.find(separator, begin), line.end);
    return end - begin <= kMaxHeading ? Span{begin, end} : Span{};
}

} // namespace

ContextEvidence evidenceOf(const std::vector<WordHit>& hits, Span span, const std::vector<WordId>& words) {
    ContextEvidence best;
    for (const WordHit& hit : hits) {
        double score = 0;
        std::string_view why;
        if (hit.span.end <= span.begin && hit.span.begin + kContextBefore >= span.begin) {
            const bool isNear =
                hit.span.begin + kContextNearest >= span.begin || hit.span.end + kContextTouching >= span.begin;
            score = isNear ? kContextNear : kContextFar;
            why = "a word of context in front";
        } else if (hit.span.begin >= span.end && hit.span.end <= span.end + kContextAfter) {
            score = hit.span.begin <= span.end + kContextRightAfter ? kContextRightBehind : kContextBehind;
            why = "a word of context behind";
        }
        if (score > best.score && isOneOf(hit.word, words)) {
            best = {score, why};
        }
    }
    return best;
}

bool hasWordInFront(const std::vector<WordHit>& hits, Span span, const std::vector<WordId>& words) {
    return std::any_of(hits.begin(), hits.end(), [span, &words](const WordHit& hit) {
        return hit.span.end <= span.begin && hit.span.begin + kContextNearest >= span.begin && isOneOf(hit.word, words);
    });
}

Span columnHeading(std::string_view text, std::size_t position, HeadingMemo& memo) {
    const std::size_t own = lineBegin(text, position);
    if (own == std::string_view::npos || own == 0) {
        return {};
    }
    const std::size_t first = blockBegin(text, own, memo);
    memo.line = own;
    memo.first = first;
    if (first == std::string_view::npos || first >= own) {
        return {};
    }
    splitHeading(text, first, memo);
    if (memo.separator == '\0') {
        return {};
    }
    const std::size_t index = countOutsideQuotes(text.substr(own, position - own), memo.separator);
    return index <= memo.cells ? cell(text, {first, memo.headingEnd}, memo.separator, index) : Span{};
}

} // namespace gatehouse::dlp
