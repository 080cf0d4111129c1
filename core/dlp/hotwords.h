// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "base/result.h"
#include "dlp/matcher.h"

namespace gatehouse::dlp {

using WordId = std::uint16_t;

struct WordHit {
    WordId word = 0;
    Span span; // in the text
};

// The words of one text as far as they were asked for: candidates stand close together, and what is around them is
// looked through once. Of one text at a time.
class WordCache final {
public:
    // Forgets everything; the next text has so many bytes.
    void reset(std::size_t textSize);

private:
    friend class Hotwords;
    static constexpr std::size_t kBlock = 512; // bytes that words end in
    struct Range {
        std::uint32_t begin = 0;
        std::uint32_t end = 0;
        bool isKnown = false;
    };
    std::vector<Range> m_blocks; // of m_hits
    std::vector<WordHit> m_hits;
    std::vector<Hit> m_raw;
};

// The words of context of all detectors, in one database. Asked only around candidates, so that text without any costs
// nothing. Words match without regard to case, from the start of a word ("card" hits "cards", "card_no" and
// "customerCard", not "discard"); words of up to three letters must stand alone. A blank in a word is also '_', '-' or
// nothing in the text, and letters may lack their accents.
class Hotwords final {
public:
    // `words`: lower case, UTF-8. Those that are the same get the same id.
    [[nodiscard]] static Result<std::unique_ptr<Hotwords>> compile(const std::vector<std::string>& words);

    // The id of a word that was compiled in.
    [[nodiscard]] WordId idOf(const std::string& word) const { return m_ids.at(word); }
    [[nodiscard]] Result<> fit(hs_scratch*& scratch) const;
    // The words inside `window`, in the order of their ends.
    [[nodiscard]] Result<> find(std::string_view text, Span window, hs_scratch* scratch, WordCache& cache,
                                std::vector<WordHit>& hits) const;

private:
    struct Form {
        WordId word;
        std::uint16_t size;
        bool standsAlone;
    };
    Hotwords() = default;
    [[nodiscard]] Result<> readBlock(std::string_view text, std::size_t block, hs_scratch* scratch,
                                     WordCache& cache) const;

    std::unique_ptr<Matcher> m_matcher; // nullptr without words
    std::vector<Form> m_forms;          // by pattern
    std::size_t m_longest = 0;          // of them, in bytes
    std::unordered_map<std::string, WordId> m_ids;
};

} // namespace gatehouse::dlp
