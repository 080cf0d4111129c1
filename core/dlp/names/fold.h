// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <cstddef>
#include <string_view>

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
    std::array<char, kMaxBytes> m_bytes{};
    std::size_t m_size = 0;
};

// Whether a capital letter begins at `position`: Latin, Greek or Cyrillic.
bool startsWithCapital(std::string_view text, std::size_t position);

// The size of the letter at `position` (any script of the gazetteers), 0 when there is none.
std::size_t letterSize(std::string_view text, std::size_t position);

} // namespace gatehouse::dlp
