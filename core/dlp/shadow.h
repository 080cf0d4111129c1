// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "dlp/validators.h"

namespace gatehouse::dlp {

// The normalised text that is matched: other scripts' and full-width digits as ASCII, full-width letters and marks
// folded, exotic spaces and dashes as ' ' and '-', invisible characters (zero-width, bidirectional, soft hyphen,
// variation selectors, tags) removed. Every shadow byte remembers its place in the original, so that offsets always
// point there.
class Shadow final {
public:
    void build(std::string_view original);

    [[nodiscard]] std::string_view text() const { return m_isIdentical ? m_original : m_text; }
    // The original bytes behind a range of the shadow; invisible characters inside belong to it.
    [[nodiscard]] Span toOriginal(Span span) const;
    // The first byte of the shadow that stands for `position` or for something behind it.
    [[nodiscard]] std::size_t fromOriginal(std::size_t position) const;

private:
    void append(char32_t value, std::size_t offset, std::string_view bytes);

    std::string_view m_original;
    bool m_isIdentical = true;
    std::string m_text;
    std::vector<std::uint32_t> m_offsets; // of each shadow byte, and one past the end
};

} // namespace gatehouse::dlp
