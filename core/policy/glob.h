// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace gatehouse::policy {

// A precompiled pattern: `*` stands for any run of characters (also none), `?` for one, everything else for itself,
// without regard to ASCII case. Matching allocates nothing and takes at most |pattern| × |text| steps.
class Glob final {
public:
    explicit Glob(std::string_view pattern);
    [[nodiscard]] bool matches(std::string_view text) const;
    [[nodiscard]] const std::string& pattern() const { return m_pattern; }

private:
    enum class Kind { any, literal, prefix, suffix, general };
    Kind m_kind = Kind::general;
    std::string m_pattern; // lower case
    std::string m_fixed;   // the literal, prefix or suffix
};

// True when any pattern matches.
bool anyMatches(const std::vector<Glob>& globs, std::string_view text);

} // namespace gatehouse::policy
