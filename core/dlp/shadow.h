// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "dlp/validators.h"

namespace gatehouse::dlp {

// The normalised text that is matched: other scripts' and full-width digits as ASCII, other forms of letters and marks
// folded, letters of other scripts that only look Latin folded inside words that mix scripts, exotic spaces and dashes
// as ' ' and '-', invisible characters (zero-width, bidirectional, soft hyphen, variation selectors, tags) removed, and
// the escapes \n \r \t \" of code and JSON as spaces, so that their letter does not stick to the word behind. Every
// shadow byte remembers its place in the original, so that offsets always point there.
class Shadow final {
public:
    void build(std::string_view original);

    [[nodiscard]] std::string_view text() const { return m_isIdentical ? m_original : m_text; }
    // The original bytes behind a range of the shadow; invisible characters inside belong to it.
    [[nodiscard]] Span toOriginal(Span span) const;
    // The first byte of the shadow that stands for `position` or for something behind it.
    [[nodiscard]] std::size_t fromOriginal(std::size_t position) const;

private:
    // From here on shadow and original run side by side, until the next mark.
    struct Mark {
        std::uint32_t shadow;
        std::uint32_t original;
    };
    void blankEscapes(std::size_t textFrom, std::string_view run);
    void appendAscii(std::string_view run, std::size_t offset);
    void appendOther(char32_t value, std::size_t offset, std::string_view bytes);
    void markAt(std::size_t offset);
    bool isInMixedWord(std::size_t offset);

    std::string_view m_original;
    bool m_isIdentical = true;
    std::string m_text;
    std::vector<Mark> m_marks;  // by both; empty when no byte moved
    std::size_t m_wordEnd = 0;  // of the word that was looked at last
    bool m_wordIsMixed = false; // whether its letters that look Latin are folded
};

} // namespace gatehouse::dlp
