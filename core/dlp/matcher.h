// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <memory>
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

// A set of patterns in one Hyperscan database (block mode, start of match, bytes). Immutable; the scratch belongs to
// one scan at a time. Compiled databases are cached in the user's cache folder, keyed by patterns, library version and
// CPU.
class Matcher final {
public:
    [[nodiscard]] static Result<std::unique_ptr<Matcher>> compile(const std::vector<std::string>& patterns);
    ~Matcher();
    Matcher(const Matcher&) = delete;
    Matcher& operator=(const Matcher&) = delete;

    // Grows `scratch` (nullptr at first) so that it fits this database too.
    [[nodiscard]] Result<> fit(hs_scratch*& scratch) const;
    // Hits of the same pattern that overlap are merged into one. limit above kMaxHits.
    [[nodiscard]] Result<> scan(std::string_view text, hs_scratch* scratch, std::vector<Hit>& hits) const;

    static constexpr std::size_t kMaxHits = 65'536;

private:
    Matcher(hs_database* database, std::size_t patternCount) : m_database(database), m_patternCount(patternCount) {}
    hs_database* m_database;
    std::size_t m_patternCount;
};

} // namespace gatehouse::dlp
