// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "dlp/validators.h"

// The words of a text as registered data is looked up by: letters and digits without case and accents, one behind the
// other, so that how a value is written ("4711-0815", "4711 0815") does not count. Each character of the scripts that
// put no spaces between words (Han, Kana, Hangul) is a word.
namespace gatehouse::dlp {

class FoldedWords final {
public:
    // Of `text` from `start` on; spans count from the start of the text.
    void build(std::string_view text, std::size_t start = 0);
    [[nodiscard]] std::size_t size() const { return m_words.size(); }
    [[nodiscard]] Span span(std::size_t word) const { return m_words[word].span; }
    // `count` words from `first` on, without anything between them; valid until the next build().
    [[nodiscard]] std::string_view joined(std::size_t first, std::size_t count) const {
        const std::size_t begin = m_words[first].begin;
        const std::size_t end = first + count < m_words.size() ? m_words[first + count].begin : m_folded.size();
        return std::string_view(m_folded).substr(begin, end - begin);
    }
    // The first word that begins at `position` of the text or behind it.
    [[nodiscard]] std::size_t from(std::size_t position) const;
    // One past the last word that ends at `position` or before it.
    [[nodiscard]] std::size_t until(std::size_t position) const;

private:
    struct Word {
        Span span;             // in the text
        std::size_t begin = 0; // in m_folded
    };
    void add(std::string_view text, Span span);

    std::vector<Word> m_words;
    std::string m_folded;
};

} // namespace gatehouse::dlp
