// SPDX-License-Identifier: Apache-2.0
#include "policy/comments.h"

#include <algorithm>

namespace gatehouse::policy {
namespace {

// The offset after a string token that begins at `at`; an unfinished one ends with the text.
std::size_t afterString(std::string_view text, std::size_t at) {
    for (++at; at < text.size(); ++at) {
        if (text[at] == '\\') {
            ++at;
        } else if (text[at] == '"') {
            return at + 1;
        }
    }
    return text.size();
}

void blank(std::string& text, std::size_t begin, std::size_t end) {
    for (std::size_t at = begin; at < end; ++at) {
        if (text[at] != '\n' && text[at] != '\r') {
            text[at] = ' ';
        }
    }
}

} // namespace

JsonFault placeOf(std::string_view source, std::size_t offset) {
    JsonFault fault;
    fault.offset = std::min(offset, source.size());
    const std::string_view before = source.substr(0, fault.offset);
    fault.line = 1 + static_cast<std::size_t>(std::count(before.begin(), before.end(), '\n'));
    const std::size_t newline = before.rfind('\n');
    fault.column = fault.offset - (newline == std::string_view::npos ? 0 : newline + 1) + 1;
    return fault;
}

Result<std::string> blankComments(std::string_view source, JsonFault* fault) {
    std::string text(source);
    std::size_t at = 0;
    if (source.starts_with("\xEF\xBB\xBF")) {
        blank(text, 0, 3);
        at = 3;
    }
    while (at < text.size()) {
        if (text[at] == '"') {
            at = afterString(text, at);
            continue;
        }
        const std::string_view two = std::string_view(text).substr(at, 2);
        if (two == "//") {
            const std::size_t end = std::min(text.find_first_of("\n\r", at), text.size());
            blank(text, at, end);
            at = end;
        } else if (two == "/*") {
            const std::size_t close = text.find("*/", at + 2);
            if (close == std::string::npos) {
                if (fault != nullptr) {
                    *fault = placeOf(source, at);
                }
                return fail(ErrorKind::invalidInput, "a comment does not end");
            }
            blank(text, at, close + 2);
            at = close + 2;
        } else {
            ++at;
        }
    }
    return text;
}

} // namespace gatehouse::policy
