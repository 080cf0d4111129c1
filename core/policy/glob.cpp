// SPDX-License-Identifier: Apache-2.0
#include "policy/glob.h"

#include <algorithm>

namespace gatehouse::policy {
namespace {

constexpr char lower(char c) {
    return c >= 'A' && c <= 'Z' ? static_cast<char>(c + ('a' - 'A')) : c;
}

// `fixed` is lower case already.
bool equals(std::string_view fixed, std::string_view text) {
    return fixed.size() == text.size() &&
           std::equal(fixed.begin(), fixed.end(), text.begin(), [](char a, char b) { return a == lower(b); });
}

// The usual two-pointer walk: on a mismatch go back to the last star and let it take one more character.
bool walk(std::string_view pattern, std::string_view text) {
    std::size_t p = 0;
    std::size_t t = 0;
    std::size_t star = std::string_view::npos;
    std::size_t mark = 0;
    while (t < text.size()) {
        if (p < pattern.size() && pattern[p] == '*') {
            star = p++;
            mark = t;
        } else if (p < pattern.size() && (pattern[p] == '?' || pattern[p] == lower(text[t]))) {
            ++p;
            ++t;
        } else if (star != std::string_view::npos) {
            p = star + 1;
            t = ++mark;
        } else {
            return false;
        }
    }
    return pattern.find_first_not_of('*', p) == std::string_view::npos;
}

} // namespace

Glob::Glob(std::string_view pattern) {
    m_pattern.resize(pattern.size());
    std::transform(pattern.begin(), pattern.end(), m_pattern.begin(), lower);
    const auto stars = std::count(m_pattern.begin(), m_pattern.end(), '*');
    const bool hasQuestion = m_pattern.contains('?');
    if (m_pattern == "*") {
        m_kind = Kind::any;
    } else if (!hasQuestion && stars == 0) {
        m_kind = Kind::literal;
        m_fixed = m_pattern;
    } else if (!hasQuestion && stars == 1 && m_pattern.ends_with('*')) {
        m_kind = Kind::prefix;
        m_fixed = m_pattern.substr(0, m_pattern.size() - 1);
    } else if (!hasQuestion && stars == 1 && m_pattern.starts_with('*')) {
        m_kind = Kind::suffix;
        m_fixed = m_pattern.substr(1);
    }
}

bool Glob::matches(std::string_view text) const {
    switch (m_kind) {
    case Kind::any:
        return true;
    case Kind::literal:
        return equals(m_fixed, text);
    case Kind::prefix:
        return text.size() >= m_fixed.size() && equals(m_fixed, text.substr(0, m_fixed.size()));
    case Kind::suffix:
        return text.size() >= m_fixed.size() && equals(m_fixed, text.substr(text.size() - m_fixed.size()));
    case Kind::general:
        return walk(m_pattern, text);
    }
    return false;
}

bool anyMatches(const std::vector<Glob>& globs, std::string_view text) {
    return std::any_of(globs.begin(), globs.end(), [text](const Glob& glob) { return glob.matches(text); });
}

} // namespace gatehouse::policy
