// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <cstddef>
#include <string_view>

#include "dlp/validators.h"

// Words as the gazetteers hold them: lower case, without accents ("Müller" → "muller", "Łukasz" → "lukasz"; Greek and
// Cyrillic too). tools/gazetteer/generate.py folds in the same way. Pure, any thread.
namespace gatehouse::dlp {

// A folded word; longer ones are cut and match nothing.
class Folded final {
public:
    static constexpr std::size_t kMaxBytes = 64;
    explicit Folded(std::string_view word);
    [[nodiscard]] std::string_view text() const { return {m_bytes.data(), m_size}; }

private:
    void append(char32_t point);
    std::array<char, kMaxBytes> m_bytes; // the first m_size are set
    std::size_t m_size = 0;
};

// For a byte from 0x80 on; `position` is inside the text.
bool startsWithOtherCapital(std::string_view text, std::size_t position);
std::size_t otherLetterSize(std::string_view text, std::size_t position);

// Whether a capital letter begins at `position`: Latin, Greek or Cyrillic.
inline bool startsWithCapital(std::string_view text, std::size_t position) {
    if (position >= text.size()) {
        return false;
    }
    return static_cast<unsigned char>(text[position]) < 0x80 ? isUpper(text[position])
                                                             : startsWithOtherCapital(text, position);
}

// The size of the letter at `position` (any script of the gazetteers), 0 when there is none.
inline std::size_t letterSize(std::string_view text, std::size_t position) {
    if (position >= text.size()) {
        return 0;
    }
    if (static_cast<unsigned char>(text[position]) < 0x80) {
        return isLetter(text[position]) ? 1 : 0;
    }
    return otherLetterSize(text, position);
}

} // namespace gatehouse::dlp
