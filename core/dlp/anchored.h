// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <memory>
#include <mutex>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "dlp/matcher.h"

namespace re2 {
class RE2;
}

namespace gatehouse::dlp {

// Patterns with a literal of their own. Hyperscan says where one ends; RE2, with the very same pattern, says in a
// bounded window where it begins. Both are linear. Immutable; any thread, each call with buffers of its own.
class AnchoredPatterns final {
public:
    struct Pattern {
        std::string expression;        // in the syntax that Hyperscan and RE2 share
        std::size_t literalLength = 0; // not 0: the expression is a plain text of that many bytes, and RE2 is not asked
    };
    [[nodiscard]] static Result<std::unique_ptr<AnchoredPatterns>> compile(std::vector<Pattern> patterns);
    ~AnchoredPatterns();

    [[nodiscard]] Result<> fit(hs_scratch*& scratch) const { return m_matcher->fit(scratch); }
    // Whole matches, leftmost first, not overlapping within one pattern.
    [[nodiscard]] Result<> scan(std::string_view text, hs_scratch* scratch, std::vector<std::uint32_t>& last,
                                std::vector<Hit>& ends, std::vector<Hit>& hits) const;
    [[nodiscard]] const Matcher& matcher() const { return *m_matcher; }

    // How far in front of its first end a match without a bound may begin, in bytes.
    static constexpr std::size_t kMaxLookBack = 1024;

private:
    struct Confirmer; // one RE2, built when the pattern is met for the first time
    AnchoredPatterns();
    [[nodiscard]] const re2::RE2* confirmer(std::size_t pattern) const;
    void confirm(std::string_view text, const Hit& ends, std::size_t& cursor, std::vector<Hit>& hits) const;

    std::vector<Pattern> m_patterns;
    std::unique_ptr<Matcher> m_matcher;
    std::vector<std::unique_ptr<Confirmer>> m_confirmers;
};

} // namespace gatehouse::dlp
