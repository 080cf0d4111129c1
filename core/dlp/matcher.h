// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "dlp/validators.h"

struct hs_database;
struct hs_scratch;

namespace gatehouse::dlp {

struct Hit {
    std::uint32_t pattern = 0; // index into the patterns given
    Span span;
};

enum class MatchMode {
    spans, // few shape atoms: with start of match; hits of one pattern that overlap become one
    ends,  // many anchored patterns, without start of match: span = the first and the last end of a run of ends
    words, // plain words without regard to case (ASCII): span.end is where the word ends, begin = end
};

// A set of patterns in one Hyperscan database (block mode, bytes). Immutable; the scratch belongs to one scan at a
// time. Compiled databases are cached in the user's cache folder, keyed by patterns, mode, library version and CPU.
class Matcher final {
public:
    // `accept` is asked when the patterns were compiled anew and are about to be cached; what it refuses is not kept.
    using Accept = std::function<Result<>()>;
    [[nodiscard]] static Result<std::unique_ptr<Matcher>> compile(const std::vector<std::string>& patterns,
                                                                  MatchMode mode, const Accept& accept = {});
    ~Matcher();
    Matcher(const Matcher&) = delete;
    Matcher& operator=(const Matcher&) = delete;

    // Grows `scratch` (nullptr at first) so that it fits this database too.
    [[nodiscard]] Result<> fit(hs_scratch*& scratch) const;
    // `last` is working memory. limit when there are more hits than maxHits().
    [[nodiscard]] Result<> scan(std::string_view text, hs_scratch* scratch, std::vector<std::uint32_t>& last,
                                std::vector<Hit>& hits) const;
    // The same in some parts of `text` alone, which are ordered and do not touch. Spans are those of `text`.
    [[nodiscard]] Result<> scanParts(std::string_view text, std::span<const Span> parts, hs_scratch* scratch,
                                     std::vector<std::uint32_t>& last, std::vector<Hit>& hits) const;
    // The longest match of a pattern in bytes, or SIZE_MAX when it has no bound.
    [[nodiscard]] static std::size_t maxWidth(const std::string& pattern);
    // In bytes of the compiled database.
    [[nodiscard]] std::size_t databaseSize() const;

    // Enough for the densest real text; grows with the text, so that long logs are not refused.
    static constexpr std::size_t maxHits(std::size_t textSize) { return 65'536 + textSize / 8; }

private:
    Matcher(hs_database* database, std::size_t patternCount, MatchMode mode)
        : m_database(database)
        , m_patternCount(patternCount)
        , m_mode(mode) {}
    hs_database* m_database;
    std::size_t m_patternCount;
    MatchMode m_mode;
};

} // namespace gatehouse::dlp
