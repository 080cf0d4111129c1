// SPDX-License-Identifier: Apache-2.0
#include "dlp/context.h"

#include <algorithm>

namespace gatehouse::dlp {
namespace {

bool contains(std::string_view window, std::string_view word) {
    const auto matches = [](char a, char b) { return (isUpper(a) ? static_cast<char>(a | 0x20) : a) == b; };
    auto from = window.begin();
    for (;;) {
        const auto found = std::search(from, window.end(), word.begin(), word.end(), matches);
        if (found == window.end()) {
            return false;
        }
        // Short words must stand alone; longer ones may go on ("card" in "cards").
        const bool startsWord = found == window.begin() || !isLetter(*(found - 1));
        const auto behind = found + static_cast<std::ptrdiff_t>(word.size());
        const bool endsWord = word.size() > 3 || behind == window.end() || !isLetter(*behind);
        if (startsWord && endsWord) {
            return true;
        }
        from = found + 1;
    }
}

bool containsAny(std::string_view window, const std::vector<std::string>& words) {
    return std::any_of(words.begin(), words.end(),
                       [window](const std::string& word) { return contains(window, word); });
}

} // namespace

double contextScore(std::string_view text, Span span, const std::vector<std::string>& words) {
    if (words.empty()) {
        return 0;
    }
    const std::size_t from = span.begin > kContextBefore ? span.begin - kContextBefore : 0;
    // A window that starts inside a word would see its tail as a word of its own.
    std::size_t start = from;
    while (from > 0 && start < span.begin && isLetter(text[start - 1]) && isLetter(text[start])) {
        ++start;
    }
    const std::string_view left = text.substr(start, span.begin - start);
    const std::size_t nearFrom = left.size() > 28 ? left.size() - 28 : 0;
    if (containsAny(left.substr(nearFrom), words)) {
        return 2.6;
    }
    if (containsAny(left, words)) {
        return 2.0;
    }
    std::size_t stop = std::min(text.size(), span.end + kContextAfter);
    while (stop > span.end && stop < text.size() && isLetter(text[stop - 1]) && isLetter(text[stop])) {
        --stop;
    }
    return containsAny(text.substr(span.end, stop - span.end), words) ? kContextAfterScore : 0;
}

} // namespace gatehouse::dlp
