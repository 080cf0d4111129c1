// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <memory>
#include <mutex>
#include <span>
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
    // invalidInput when Hyperscan or RE2 does not take one of them. RE2 is asked where Hyperscan compiles them for the
    // first time: what comes out of the cache was asked about before.
    [[nodiscard]] static Result<std::unique_ptr<AnchoredPatterns>> compile(std::vector<Pattern> patterns);
    ~AnchoredPatterns();

    [[nodiscard]] Result<> fit(hs_scratch*& scratch) const;
    // Working memory of one scan.
    struct Buffers {
        std::vector<std::uint32_t> last;
        std::vector<Hit> more;
        std::vector<Hit> ends;
    };
    // Whole matches, leftmost first, not overlapping within one pattern. `zones`: the parts of `text` around its
    // digits, as findAtoms gives them.
    [[nodiscard]] Result<> scan(std::string_view text, std::span<const Span> zones, hs_scratch* scratch,
                                Buffers& buffers, std::vector<Hit>& hits) const;
    // Where matches end, in buffers.ends: what Hyperscan says by itself.
    [[nodiscard]] Result<> findEnds(std::string_view text, std::span<const Span> zones, hs_scratch* scratch,
                                    Buffers& buffers) const;
    // In bytes of the compiled databases.
    [[nodiscard]] std::size_t databaseSize() const;

    // How far in front of its first end a match without a bound may begin, in bytes.
    static constexpr std::size_t kMaxLookBack = 1024;

private:
    struct Confirmer; // one RE2, built when the pattern is met for the first time
    AnchoredPatterns();
    [[nodiscard]] const re2::RE2* confirmer(std::size_t pattern) const;
    void confirm(std::string_view text, const Hit& ends, std::size_t& cursor, std::vector<Hit>& hits) const;

    // A database with a part of the patterns.
    struct Part {
        std::unique_ptr<Matcher> matcher; // nullptr without patterns
        std::vector<std::uint32_t> patterns;
    };
    [[nodiscard]] Result<> compilePart(Part& part) const;

    std::vector<Pattern> m_patterns;
    Part m_anywhere;
    // Short patterns that begin with a digit, looked for near digits alone: ordinary text has few, and "500 mg" costs
    // Hyperscan as much as some hundred tokens together.
    Part m_nearDigits;
    std::vector<std::unique_ptr<Confirmer>> m_confirmers;
};

} // namespace gatehouse::dlp
