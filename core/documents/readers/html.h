// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <string_view>

namespace gatehouse::documents {

// A page taken apart: what is shown, and what stands in attributes, comments, scripts and styles.
struct HtmlTexts {
    std::string shown;
    std::string hidden;
};
HtmlTexts textsOfHtml(std::string_view page);

// Character references (HTML 4 and &apos;, decimal, hexadecimal) replaced.
std::string unescapeHtml(std::string_view text);

} // namespace gatehouse::documents
